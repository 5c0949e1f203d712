// Which rows and days stand where on the screen, and how the cursor walks over them.
import { type Address, addressOf, type GridRow, hasContent, placeOf, type Sheet } from "./sheet";

/** Row indexes from top to bottom and days from the first weekday on, as shown. */
export type Axes = { rows: number[]; days: number[] };

export type Range = { top: number; bottom: number; start: number; end: number };

export type Step =
  | "up"
  | "down"
  | "before"
  | "after"
  | "home"
  | "end"
  | "top"
  | "bottom"
  | "pageUp"
  | "pageDown";

const PAGE = 5;

/** The seven days from the institution's first weekday; 0 is Monday. */
export function daysFrom(firstWeekday: number): number[] {
  return Array.from({ length: 7 }, (_, index) => (firstWeekday + index) % 7);
}

/** Days with anything in them; they are never hidden. */
export function filledDays(sheet: Sheet): Set<number> {
  const rows = new Set(sheet.rows.map((row) => row.row_index));
  const filled = Object.entries(sheet.cells).filter(
    ([address, cell]) =>
      (cell.status !== "empty" || hasContent(cell)) && rows.has(placeOf(address as Address).row),
  );
  return new Set(filled.map(([address]) => placeOf(address as Address).day));
}

export function shownDays(options: {
  sheet: Sheet;
  firstWeekday: number;
  teachingDays: number[];
  hideWeekend: boolean;
}): number[] {
  const { sheet, firstWeekday, teachingDays, hideWeekend } = options;
  const days = daysFrom(firstWeekday);
  if (!hideWeekend) return days;
  const filled = filledDays(sheet);
  const kept = days.filter((day) => teachingDays.includes(day) || filled.has(day));
  return kept.length > 0 ? kept : days;
}

/** By time once every row has one, so that lanes stand together; else in the order of the plan. */
export function rowsInOrder(rows: GridRow[]): GridRow[] {
  const byIndex = [...rows].sort((one, other) => one.row_index - other.row_index);
  const timed = byIndex.filter((row) => row.start_time);
  const untimed = byIndex.filter((row) => !row.start_time);
  const key = (row: GridRow) => `${row.start_time}-${row.end_time ?? ""}`;
  return [...timed.sort((one, other) => key(one).localeCompare(key(other))), ...untimed];
}

export type BandPlace = "single" | "first" | "middle" | "last";

function isOneBand(one: GridRow | undefined, other: GridRow | undefined): boolean {
  if (!one?.start_time || !one.end_time || !other) return false;
  return one.start_time === other.start_time && one.end_time === other.end_time;
}

/** Where each row stands among the lanes of its band. */
export function bandPlaces(rows: GridRow[]): BandPlace[] {
  return rows.map((row, index) => {
    const continues = isOneBand(row, rows[index + 1]);
    if (isOneBand(row, rows[index - 1])) return continues ? "middle" : "last";
    return continues ? "first" : "single";
  });
}

const clamp = (value: number, last: number) => Math.max(0, Math.min(value, last));

function indexes(axes: Axes, address: Address): { row: number; day: number } {
  const { row, day } = placeOf(address);
  return { row: Math.max(0, axes.rows.indexOf(row)), day: Math.max(0, axes.days.indexOf(day)) };
}

export function addressIn(axes: Axes, row: number, day: number): Address | null {
  const rowIndex = axes.rows[row];
  const weekday = axes.days[day];
  return rowIndex === undefined || weekday === undefined ? null : addressOf(rowIndex, weekday);
}

/** Where a step leads; it stops at the edges. */
export function stepped(axes: Axes, from: Address, step: Step): Address {
  const { row, day } = indexes(axes, from);
  const lastRow = axes.rows.length - 1;
  const lastDay = axes.days.length - 1;
  const to: Record<Step, [number, number]> = {
    up: [row - 1, day],
    down: [row + 1, day],
    before: [row, day - 1],
    after: [row, day + 1],
    home: [row, 0],
    end: [row, lastDay],
    top: [0, 0],
    bottom: [lastRow, lastDay],
    pageUp: [row - PAGE, day],
    pageDown: [row + PAGE, day],
  };
  const [nextRow, nextDay] = to[step];
  return addressIn(axes, clamp(nextRow, lastRow), clamp(nextDay, lastDay)) ?? from;
}

/** The next cell in reading order, or null where the grid ends and Tab leaves it. */
export function tabbed(axes: Axes, from: Address, isBack: boolean): Address | null {
  const { row, day } = indexes(axes, from);
  const width = axes.days.length;
  const next = row * width + day + (isBack ? -1 : 1);
  return next < 0 ? null : addressIn(axes, Math.floor(next / width), next % width);
}

export function rangeOf(axes: Axes, anchor: Address, cursor: Address): Range {
  const one = indexes(axes, anchor);
  const other = indexes(axes, cursor);
  return {
    top: Math.min(one.row, other.row),
    bottom: Math.max(one.row, other.row),
    start: Math.min(one.day, other.day),
    end: Math.max(one.day, other.day),
  };
}

/** The addresses of a range, line by line. */
export function matrixOf(axes: Axes, range: Range): Address[][] {
  return axes.rows
    .slice(range.top, range.bottom + 1)
    .map((row) => axes.days.slice(range.start, range.end + 1).map((day) => addressOf(row, day)));
}

export function addressesOf(axes: Axes, anchor: Address, cursor: Address): Address[] {
  return matrixOf(axes, rangeOf(axes, anchor, cursor)).flat();
}

/** The nearest cell that is still shown. */
export function nearest(axes: Axes, address: Address): Address {
  const { row, day } = placeOf(address);
  const near = (list: number[], wanted: number) =>
    list.includes(wanted) ? wanted : (list.find((each) => each > wanted) ?? list.at(-1) ?? wanted);
  return addressOf(near(axes.rows, row), near(axes.days, day));
}
