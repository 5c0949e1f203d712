// The time of a cell as instants, for asking who and what is free.
import { dateOfDay, zonedIso } from "../dates";
import { type Address, placeOf, type Sheet, type Week } from "../grid/sheet";

/** `without` is a session that looks for another room or teacher: it does not stand in its own way. */
export type Slot = { starts_at: string; ends_at: string; without?: number };

export function slotOf(week: Week, sheet: Sheet, address: Address, zone: string): Slot | null {
  const { row, day } = placeOf(address);
  const times = sheet.rows.find((each) => each.row_index === row);
  if (!times?.start_time || !times.end_time) return null;
  const date = dateOfDay(week.week_start_date, day, week.first_weekday);
  return { starts_at: zonedIso(date, times.start_time, zone), ends_at: zonedIso(date, times.end_time, zone) };
}
