// The conflict report as the grid reads it: which cells, how grave, who stands on the other side.
import type { Week } from "./sheet";
import { type Address, addressOf } from "./sheet";

export type Severity = "block" | "warn";
type Named = { id: number | null; name: string };

export type Conflict = {
  key: string;
  code: string;
  severity: Severity;
  who: Named | null;
  where: Named | null;
  when: { date: string; starts_at: string | null; ends_at: string | null };
  cells: Address[];
  with: {
    kind: string;
    id: number | null;
    label: string;
    week_plan: number | null;
    status: string | null;
  } | null;
  detail: [string, string][];
};

export type Report = { count: number; conflicts: Conflict[] };

type Raw = Record<string, unknown>;

const isRecord = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const words = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : String(value ?? "");

function named(value: unknown): Named | null {
  return isRecord(value) ? { id: number(value.id), name: text(value.name) } : null;
}

function addresses(value: unknown): Address[] {
  const cells = Array.isArray(value) ? value.filter(isRecord) : [];
  return cells.flatMap((cell) => {
    const row = number(cell.row_index);
    const day = number(cell.day_of_week);
    return row === null || day === null ? [] : [addressOf(row, day)];
  });
}

function otherSide(value: unknown): Conflict["with"] {
  if (!isRecord(value)) return null;
  return {
    kind: text(value.kind),
    id: number(value.id),
    label: text(value.label),
    week_plan: number(value.week_plan),
    status: text(value.status) || null,
  };
}

export function conflictFrom(raw: Raw, index: number): Conflict {
  const when = isRecord(raw.when) ? raw.when : {};
  return {
    key: `${index}-${text(raw.code)}`,
    code: text(raw.code),
    severity: raw.severity === "warn" ? "warn" : "block",
    who: named(raw.who),
    where: named(raw.where),
    when: {
      date: text(when.date),
      starts_at: text(when.starts_at) || null,
      ends_at: text(when.ends_at) || null,
    },
    cells: addresses(raw.cells),
    with: otherSide(raw.with),
    detail: isRecord(raw.detail) ? Object.entries(raw.detail).map(([key, value]) => [key, words(value)]) : [],
  };
}

export function reportOf(report: Week["conflicts"] | undefined): Report | null {
  if (!report) return null;
  return { count: report.count, conflicts: report.results.map(conflictFrom) };
}

export type Mark = { severity: Severity; conflicts: Conflict[] };

/** What each cell shows: the graver severity wins. */
export function marksOf(conflicts: Conflict[]): Map<Address, Mark> {
  const marks = new Map<Address, Mark>();
  for (const conflict of conflicts) {
    for (const address of new Set(conflict.cells)) {
      const before = marks.get(address);
      marks.set(address, {
        severity: before?.severity === "block" ? "block" : conflict.severity,
        conflicts: [...(before?.conflicts ?? []), conflict],
      });
    }
  }
  return marks;
}

export function severityCounts(conflicts: Conflict[]): Record<Severity, number> {
  const block = conflicts.filter((conflict) => conflict.severity === "block").length;
  return { block, warn: conflicts.length - block };
}

export type ConflictDay<C extends Conflict> = { date: string; conflicts: C[] };

/** By date as the server orders them; within a date what blocks comes first. */
export function byDate<C extends Conflict>(conflicts: C[]): ConflictDay<C>[] {
  const days = new Map<string, C[]>();
  for (const conflict of conflicts) {
    days.set(conflict.when.date, [...(days.get(conflict.when.date) ?? []), conflict]);
  }
  const rank = (conflict: Conflict) => (conflict.severity === "block" ? 0 : 1);
  return [...days].map(([date, found]) => ({
    date,
    conflicts: [...found].sort((one, other) => rank(one) - rank(other)),
  }));
}

/** Cells that stand against this one inside the same plan. */
export function otherCells(conflict: Conflict, address: Address): Address[] {
  return conflict.cells.filter((each) => each !== address);
}
