// What a save sends: only the rows and cells that differ, and of those only the fields that differ.
import type { FieldFault, Missing } from "../../../api/problem";
import {
  type Address,
  addressOf,
  cellAt,
  changedAddresses,
  changedFields,
  changedRowFields,
  changedRows,
  type GridRow,
  placeOf,
  type Sheet,
} from "./sheet";

type Entry = Record<string, unknown>;
export type CellEntry = Entry & { row_index: number; day_of_week: number };
export type RowEntry = Entry & { row_index: number };
export type GridPayload = { rows?: RowEntry[]; remove_rows?: number[]; cells?: CellEntry[] };

const BLANK_ROW: GridRow = {
  row_index: 0,
  start_time: null,
  end_time: null,
  label: "",
  lane: "",
  is_break: false,
};

function rowEntry(before: GridRow | undefined, after: GridRow): RowEntry {
  const fields = changedRowFields(before ?? BLANK_ROW, after);
  return { row_index: after.row_index, ...Object.fromEntries(fields.map((field) => [field, after[field]])) };
}

function cellEntry(before: Sheet, after: Sheet, address: Address): CellEntry {
  const { row, day } = placeOf(address);
  const content = cellAt(after, address);
  const place = { row_index: row, day_of_week: day };
  if (content.status === "empty") return { ...place, status: "empty" };
  const fields = changedFields(cellAt(before, address), content);
  return { ...place, ...Object.fromEntries(fields.map((field) => [field, content[field]])) };
}

function byPlace(one: Address, other: Address): number {
  const a = placeOf(one);
  const b = placeOf(other);
  return a.row - b.row || a.day - b.day;
}

export function payloadOf(before: Sheet, after: Sheet): GridPayload {
  const old = new Map(before.rows.map((row) => [row.row_index, row]));
  const now = new Map(after.rows.map((row) => [row.row_index, row]));
  const touched = changedRows(before, after);
  const rows = touched.flatMap((index) => {
    const row = now.get(index);
    return row ? [rowEntry(old.get(index), row)] : [];
  });
  const removed = touched.filter((index) => !now.has(index));
  const cells = changedAddresses(before, after)
    .sort(byPlace)
    .map((address) => cellEntry(before, after, address));
  return {
    ...(rows.length > 0 ? { rows } : {}),
    ...(removed.length > 0 ? { remove_rows: removed } : {}),
    ...(cells.length > 0 ? { cells } : {}),
  };
}

export type PlacedFault = { field: string; text: string };

export type GridFaults = {
  cells: Record<Address, PlacedFault[]>;
  rows: Record<number, PlacedFault[]>;
  /** Faults of no cell and no row. */
  rest: FieldFault[];
};

export const NO_FAULTS: GridFaults = { cells: {}, rows: {}, rest: [] };

/** Leads the pointers of a refusal back to the cells and rows that were sent. */
export function placeGridFaults(
  faults: FieldFault[],
  sent: GridPayload,
  wordsOf: (fault: FieldFault) => string = (fault) => fault.detail || fault.code,
): GridFaults {
  const placed: GridFaults = { cells: {}, rows: {}, rest: [] };
  for (const fault of faults) {
    const [, list, index = "", field = ""] = fault.pointer.split("/");
    const text = wordsOf(fault);
    const cell = list === "cells" ? sent.cells?.[Number(index)] : undefined;
    const row = list === "rows" ? sent.rows?.[Number(index)]?.row_index : undefined;
    const removed = list === "remove_rows" ? sent.remove_rows?.[Number(index)] : undefined;
    const rowIndex = row ?? removed;
    if (cell) {
      const address = addressOf(cell.row_index, cell.day_of_week);
      placed.cells[address] = [...(placed.cells[address] ?? []), { field, text }];
    } else if (rowIndex !== undefined) {
      placed.rows[rowIndex] = [...(placed.rows[rowIndex] ?? []), { field, text }];
    } else placed.rest.push(fault);
  }
  return placed;
}

/** Cells that a requirement speaks of, or all its parts together. */
export function cellsOf(item: Missing): Address[] {
  const found = (item.parts ?? [item]).flatMap(({ where }) => {
    const cells = Array.isArray(where?.cells) ? (where.cells as unknown[]) : [where];
    return cells.flatMap(addressIn);
  });
  return [...new Set(found)];
}

function addressIn(place: unknown): Address[] {
  if (typeof place !== "object" || place === null) return [];
  const { row_index: row, day_of_week: day } = place as Entry;
  return typeof row === "number" && typeof day === "number" ? [addressOf(row, day)] : [];
}

/** A refused move or save marks the cells that its requirements name. */
export function withMissing(
  faults: GridFaults,
  missing: Missing[],
  wordsOf: (item: Missing) => string,
): GridFaults {
  const cells = { ...faults.cells };
  for (const item of missing.filter((each) => each.severity === "block")) {
    for (const address of cellsOf(item)) {
      cells[address] = [...(cells[address] ?? []), { field: "", text: wordsOf(item) }];
    }
  }
  return { ...faults, cells };
}
