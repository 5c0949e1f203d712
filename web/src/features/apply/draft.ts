// What was typed, what the server holds, and what came from elsewhere in between.
import {
  FIELD_NAMES,
  type FieldName,
  isField,
  type PartName,
  partOf,
  type Values,
} from "../../ui/application/fields";

export const STEPS = ["applicant", "contact", "guardian", "education", "papers", "review"] as const;
export type Step = (typeof STEPS)[number];

export function isStep(value: unknown): value is Step {
  return STEPS.some((step) => step === value);
}

export type Merge = {
  values: Values;
  /** Fields that somebody else changed and that were untouched here: theirs stand now. */
  taken: FieldName[];
  /** Fields that both changed: what was typed here stands, theirs is offered. */
  disputed: FieldName[];
};

/** Joins what the server holds now with what was typed on top of `base`; a keystroke is never lost by it. */
export function merged(base: Values, theirs: Values, mine: Values): Merge {
  const values = { ...mine };
  const taken: FieldName[] = [];
  const disputed: FieldName[] = [];
  for (const name of FIELD_NAMES) {
    if (theirs[name] === base[name] || theirs[name] === mine[name]) continue;
    if (mine[name] === base[name]) {
      values[name] = theirs[name];
      taken.push(name);
    } else {
      disputed.push(name);
    }
  }
  return { values, taken, disputed };
}

/** Fields in the order of the form, gathered under the step in which they are filled in. */
export function byPart(fields: Iterable<string>): Map<PartName, FieldName[]> {
  const given = new Set(fields);
  const found = new Map<PartName, FieldName[]>();
  for (const name of FIELD_NAMES.filter((field) => given.has(field))) {
    const part = partOf(name);
    found.set(part, [...(found.get(part) ?? []), name]);
  }
  return found;
}

type Named = { name: string; missing: Record<string, unknown>[]; warnings: Record<string, unknown>[] };

function listed(items: Record<string, unknown>[], code: string, key: string): string[] {
  const where = items.find((item) => item.code === code)?.where;
  const found = typeof where === "object" && where !== null ? (where as Record<string, unknown>)[key] : null;
  return Array.isArray(found) ? found.map(String) : [];
}

/** The fields that the server still asks for before the application is handed in. */
export function missingFields(moves: Named[]): FieldName[] {
  const submit = moves.find(({ name }) => name === "submit");
  return submit ? listed(submit.missing, "application_incomplete", "fields").filter(isField) : [];
}

/** True when the server takes nothing more, because the intake is over or has not begun. */
export function isIntakeClosed(moves: Named[]): boolean {
  const submit = moves.find(({ name }) => name === "submit");
  return submit?.missing.some(({ code }) => code === "intake_closed") ?? false;
}

/** The papers that the server recommends and does not have. */
export function missingPapers(moves: Named[]): string[] {
  const submit = moves.find(({ name }) => name === "submit");
  return submit ? listed(submit.warnings, "papers_missing", "papers") : [];
}

// --- what was typed and not saved yet, kept in this tab ---------------------------------------------------------

type Kept = { base: Values; mine: Values };
const keyOf = (id: number) => `maristan.apply.${id}`;

export function keep(id: number, kept: Kept | null): void {
  try {
    if (kept) sessionStorage.setItem(keyOf(id), JSON.stringify(kept));
    else sessionStorage.removeItem(keyOf(id));
  } catch {
    // A browser that stores nothing still shows what was typed until the page is left.
  }
}

/** What was typed before this tab was loaded anew. */
export function kept(id: number): Kept | null {
  try {
    const written: unknown = JSON.parse(sessionStorage.getItem(keyOf(id)) ?? "null");
    const isWhole = (part: unknown) =>
      typeof part === "object" && part !== null && FIELD_NAMES.every((name) => name in part);
    const { base, mine } = (written ?? {}) as Partial<Kept>;
    return isWhole(base) && isWhole(mine) ? (written as Kept) : null;
  } catch {
    return null;
  }
}
