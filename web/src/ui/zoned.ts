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

/** `wallOf("2026-03-09T03:00:00Z", "Asia/Karachi")` is `2026-03-09T08:00`, as a field for day and time takes it. */
export function wallOf(instant: string, timeZone: string): string {
  const moment = Date.parse(instant);
  return new Date(moment + offsetAt(moment, timeZone)).toISOString().slice(0, "2026-03-09T08:00".length);
}

/** What such a field holds as an instant; null while it is empty or half typed. */
export function instantOfWall(wall: string, timeZone: string): string | null {
  const [day, time] = wall.split("T");
  return day && time && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(wall)
    ? instantOf(day, time.slice(0, 5), timeZone)
    : null;
}
