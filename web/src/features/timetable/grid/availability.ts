// What the draft itself already uses at a cell's time, before any server is asked.
import { type Address, addressOf, cellAt, type GridRow, placeOf, type Sheet } from "./sheet";

export type Busy = { rooms: ReadonlyMap<number, Address>; people: ReadonlyMap<number, Address> };

/** Where there is no draft beside what is asked for. */
export const NOTHING_BUSY: Busy = { rooms: new Map(), people: new Map() };

function overlaps(one: GridRow, other: GridRow): boolean {
  if (one.row_index === other.row_index) return true;
  if (!one.start_time || !one.end_time || !other.start_time || !other.end_time) return false;
  return one.start_time < other.end_time && other.start_time < one.end_time;
}

/** Rooms and people that other scheduled cells of the draft hold at the same time. */
export function busyBeside(sheet: Sheet, address: Address): Busy {
  const { row, day } = placeOf(address);
  const here = sheet.rows.find((each) => each.row_index === row);
  const rooms = new Map<number, Address>();
  const people = new Map<number, Address>();
  const busy: Busy = { rooms, people };
  if (!here) return busy;
  for (const other of sheet.rows) {
    if (other.row_index === row || !overlaps(here, other)) continue;
    const at = addressOf(other.row_index, day);
    const content = cellAt(sheet, at);
    if (content.status !== "scheduled") continue;
    if (content.room !== null) rooms.set(content.room, at);
    for (const person of [content.faculty, ...content.co_faculty]) {
      if (person !== null) people.set(person, at);
    }
  }
  return busy;
}

/** The department a course was last planned with in this week. */
export function departmentOf(sheet: Sheet, course: number): number | null {
  const found = Object.values(sheet.cells).find((cell) => cell.course === course && cell.department !== null);
  return found?.department ?? null;
}
