// A span of whole days as the API takes it: from the first moment of one day to the first after another.
import { instantOf, wallOf } from "../../../ui/zoned";

const A_DAY = 86_400_000;
const DAY = "2026-03-09".length;

const after = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + A_DAY).toISOString().slice(0, DAY);
const dayAt = (moment: number, zone: string) =>
  Number.isNaN(moment) ? undefined : wallOf(new Date(moment).toISOString(), zone).slice(0, DAY);

export const startOf = (day: string, zone: string) => instantOf(day, "00:00", zone);
export const endOf = (day: string, zone: string) => instantOf(after(day), "00:00", zone);

/** The day that begins at an instant of the address; none where that holds something else. */
export const dayFrom = (instant: string, zone: string) => dayAt(Date.parse(instant), zone);
/** The last day before such an instant. */
export const dayBefore = (instant: string, zone: string) => dayAt(Date.parse(instant) - 1, zone);
