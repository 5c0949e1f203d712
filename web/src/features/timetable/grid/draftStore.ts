// Unsaved work outlives a reload or a crash of the page: one note per week and user in the tab's own storage.
import {
  type Address,
  type Content,
  cellAt,
  changedAddresses,
  changedRows,
  type GridRow,
  type Names,
  type Sheet,
} from "./sheet";

export type KeptDraft = {
  version: number;
  keptAt: string;
  /** The touched cells as the server held them, and as they were left. */
  before: Record<Address, Content>;
  mine: Record<Address, Content>;
  /** All rows on both sides when any was touched. */
  rows: { before: GridRow[]; mine: GridRow[] } | null;
  names: Names;
};

const keyOf = (user: number | string, week: number) => `maristan.week-draft.${user}.${week}`;

export function keptDraft(
  base: Sheet,
  draft: Sheet,
  version: number,
  names: Names,
  now: Date,
): KeptDraft | null {
  const addresses = changedAddresses(base, draft);
  const hasRows = changedRows(base, draft).length > 0;
  if (addresses.length === 0 && !hasRows) return null;
  const side = (sheet: Sheet) =>
    Object.fromEntries(addresses.map((address) => [address, cellAt(sheet, address)]));
  return {
    version,
    keptAt: now.toISOString(),
    before: side(base),
    mine: side(draft),
    rows: hasRows ? { before: base.rows, mine: draft.rows } : null,
    names,
  };
}

export function keep(user: number | string, week: number, kept: KeptDraft | null): void {
  try {
    if (kept) sessionStorage.setItem(keyOf(user, week), JSON.stringify(kept));
    else sessionStorage.removeItem(keyOf(user, week));
  } catch {
    // A full or forbidden storage costs the safety net, not the work on the screen.
  }
}

export function recall(user: number | string, week: number): KeptDraft | null {
  try {
    const text = sessionStorage.getItem(keyOf(user, week));
    const value = text ? (JSON.parse(text) as KeptDraft) : null;
    return value && typeof value.version === "number" && value.mine && value.before ? value : null;
  } catch {
    return null;
  }
}

/** The version the kept work began with and the work itself, both over today's sheet. */
export function sidesOf(kept: KeptDraft, current: Sheet): { base: Sheet; mine: Sheet } {
  return {
    base: { rows: kept.rows?.before ?? current.rows, cells: { ...current.cells, ...kept.before } },
    mine: { rows: kept.rows?.mine ?? current.rows, cells: { ...current.cells, ...kept.mine } },
  };
}

export function countOfKept(kept: KeptDraft): number {
  return Object.keys(kept.mine).length + (kept.rows ? 1 : 0);
}
