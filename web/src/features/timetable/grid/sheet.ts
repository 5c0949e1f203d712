// The grid as a value: rows, and cells by address. Every edit makes another sheet and shares what it left alone.
import type { Answer } from "../../../api/types";

export type Week = Answer<"/api/v1/timetable/weeks/{pk}/", "get">;
export type WeekRow = Week["rows"][number];
export type WeekCell = Week["cells"][number];
export type Names = Week["names"];

export type CellStatus = "empty" | "scheduled" | "cancelled";

/** What a cell holds, apart from where it stands. */
export type Content = {
  status: CellStatus;
  academic_period: number | null;
  course: number | null;
  section: number | null;
  department: number | null;
  topic: string;
  faculty: number | null;
  co_faculty: number[];
  faculty_name: string;
  room: number | null;
  groups: number[];
  all_groups: boolean;
  kind: string;
  note: string;
};

export type GridRow = {
  row_index: number;
  start_time: string | null;
  end_time: string | null;
  label: string;
  lane: string;
  is_break: boolean;
};

export type Place = { row: number; day: number };
/** `3:0` is row 3 on Monday. */
export type Address = `${number}:${number}`;

export type Sheet = { rows: GridRow[]; cells: Record<Address, Content> };

export const ROWS_AT_MOST = 40;
export const DAYS = [0, 1, 2, 3, 4, 5, 6];

export const EMPTY: Content = Object.freeze({
  status: "empty",
  academic_period: null,
  course: null,
  section: null,
  department: null,
  topic: "",
  faculty: null,
  co_faculty: [],
  faculty_name: "",
  room: null,
  groups: [],
  all_groups: false,
  kind: "lecture",
  note: "",
}) as Content;

export const CONTENT_FIELDS = Object.keys(EMPTY) as (keyof Content)[];
export const ROW_FIELDS = ["start_time", "end_time", "label", "lane", "is_break"] as const;

export function addressOf(row: number, day: number): Address {
  return `${row}:${day}`;
}

export function placeOf(address: Address): Place {
  const [row = 0, day = 0] = address.split(":").map(Number);
  return { row, day };
}

function statusOf(value: string): CellStatus {
  return value === "scheduled" || value === "cancelled" ? value : "empty";
}

export function contentOf(cell: WeekCell): Content {
  const { id: _id, row_index: _row, day_of_week: _day, date: _date, status, ...content } = cell;
  return { ...content, status: statusOf(status) };
}

export function sheetOf(week: { rows: WeekRow[]; cells: WeekCell[] }): Sheet {
  return {
    rows: week.rows.map(({ id: _id, ...row }) => row),
    cells: Object.fromEntries(
      week.cells.map((cell) => [addressOf(cell.row_index, cell.day_of_week), contentOf(cell)]),
    ),
  };
}

export function cellAt(sheet: Sheet, address: Address): Content {
  return sheet.cells[address] ?? EMPTY;
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => each === other[index]);
  }
  return one === other;
}

export function changedFields(before: Content, after: Content): (keyof Content)[] {
  if (before === after) return [];
  return CONTENT_FIELDS.filter((field) => !isSame(before[field], after[field]));
}

export function isSameContent(one: Content, other: Content): boolean {
  return changedFields(one, other).length === 0;
}

export function changedRowFields(before: GridRow, after: GridRow): (typeof ROW_FIELDS)[number][] {
  return before === after ? [] : ROW_FIELDS.filter((field) => before[field] !== after[field]);
}

/** True when anything but the defaults stands in it. */
export function hasContent(content: Content): boolean {
  return changedFields(EMPTY, { ...content, status: "empty" }).length > 0;
}

/** The content after some of its fields were changed; it comes alive with its first word and empties with its last. */
export function patched(before: Content, patch: Partial<Content>): Content {
  const after = { ...before, ...patch };
  if (after.faculty !== null && after.co_faculty.includes(after.faculty)) {
    after.co_faculty = after.co_faculty.filter((each) => each !== after.faculty);
  }
  if (patch.status === "empty") return EMPTY;
  if (!hasContent(after) && patch.status === undefined) return EMPTY;
  if (after.status === "empty") after.status = "scheduled";
  return after;
}

export function withCells(sheet: Sheet, changes: Record<Address, Content>): Sheet {
  const real = Object.entries(changes).filter(
    ([address, content]) => !isSameContent(cellAt(sheet, address as Address), content),
  );
  return real.length === 0 ? sheet : { ...sheet, cells: { ...sheet.cells, ...Object.fromEntries(real) } };
}

/** Addresses whose content differs between two sheets; cells of removed rows do not count. */
export function changedAddresses(before: Sheet, after: Sheet): Address[] {
  if (before === after) return [];
  const rows = new Set(after.rows.map((row) => row.row_index));
  const known = new Set([...Object.keys(before.cells), ...Object.keys(after.cells)]) as Set<Address>;
  return [...known].filter(
    (address) =>
      rows.has(placeOf(address).row) && !isSameContent(cellAt(before, address), cellAt(after, address)),
  );
}

/** Rows added, changed or removed between two sheets. */
export function changedRows(before: Sheet, after: Sheet): number[] {
  if (before.rows === after.rows) return [];
  const old = new Map(before.rows.map((row) => [row.row_index, row]));
  const now = new Map(after.rows.map((row) => [row.row_index, row]));
  const touched = after.rows.filter((row) => {
    const was = old.get(row.row_index);
    return !was || changedRowFields(was, row).length > 0;
  });
  return [...touched.map((row) => row.row_index), ...[...old.keys()].filter((index) => !now.has(index))];
}

export function countOfChanges(before: Sheet, after: Sheet): number {
  return changedAddresses(before, after).length + changedRows(before, after).length;
}

export function withNames(names: Names, learned: Partial<Names>): Names {
  const kinds = Object.keys(names) as (keyof Names)[];
  return Object.fromEntries(kinds.map((kind) => [kind, { ...names[kind], ...learned[kind] }])) as Names;
}
