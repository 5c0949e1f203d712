// A day and a clock time of the institution as an instant.

const MINUTE = 60_000;

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(new Date(instant));
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
  return local - Math.floor(instant / MINUTE) * MINUTE;
}

/** `instantOf("2026-03-09", "08:00", "Asia/Karachi")` is `2026-03-09T03:00:00.000Z`. */
export function instantOf(day: string, time: string, timeZone: string): string {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const first = wall - offsetAt(wall, timeZone);
  // The offset may change between the guess and the instant itself.
  return new Date(wall - offsetAt(first, timeZone)).toISOString();
}
