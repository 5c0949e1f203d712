// The conflict report as the grid reads it: which cells, how grave, who stands on the other side.
import type { Week } from "./sheet";
import { type Address, addressOf } from "./sheet";

type Wire = NonNullable<Week["conflicts"]>["results"][number];
export type Severity = Wire["severity"];

export type Conflict = Omit<Wire, "cells" | "detail"> & {
  key: string;
  cells: Address[];
  detail: [string, string][];
};

export type Report = { count: number; conflicts: Conflict[] };

const words = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : String(value ?? "");

export function conflictFrom<W extends Wire>(wire: W, index: number): Omit<W, "cells" | "detail"> & Conflict {
  return {
    ...wire,
    key: `${index}-${wire.code}`,
    cells: wire.cells.map(({ row_index, day_of_week }) => addressOf(row_index, day_of_week)),
    detail: Object.entries(wire.detail).map(([name, value]) => [name, words(value)]),
  };
}

export function reportOf(report: Week["conflicts"] | undefined): Report | null {
  if (!report) return null;
  return { count: report.count, conflicts: report.results.map((wire, index) => conflictFrom(wire, index)) };
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
