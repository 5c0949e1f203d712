// Calendar days as `YYYY-MM-DD`, and local wall-clock times as instants with the zone's own offset.

const DAY = 86_400_000;

function utc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

export function addDays(date: string, days: number): string {
  return new Date(utc(date) + days * DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to) - utc(from)) / DAY);
}

/** 0 = Monday .. 6 = Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(utc(date)).getUTCDay() + 6) % 7;
}

export function weekStart(date: string, firstWeekday: number): string {
  return addDays(date, -((weekdayOf(date) - firstWeekday + 7) % 7));
}

export function dateOfDay(weekStartDate: string, day: number, firstWeekday: number): string {
  return addDays(weekStartDate, (day - firstWeekday + 7) % 7);
}

/** The institution's date at a moment. */
export function todayIn(zone: string, now: number = Date.now()): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
}

/** Minutes a zone is ahead of UTC at a moment. */
function offsetAt(zone: string, moment: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value);
  const local = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return Math.round((local - Math.floor(moment / 1000) * 1000) / 60_000);
}

/** `2026-03-09` and `08:00` in Asia/Karachi is `2026-03-09T08:00:00+05:00`. */
export function zonedIso(date: string, time: string, zone: string): string {
  const asUtc = Date.parse(`${date}T${time.slice(0, 5)}:00Z`);
  // A second pass settles times near a clock change.
  const guess = offsetAt(zone, asUtc);
  const offset = offsetAt(zone, asUtc - guess * 60_000);
  const sign = offset < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  return `${date}T${time.slice(0, 5)}:00${sign}${hours}:${minutes}`;
}

const LOOSE_TIME = /^(\d{1,2})(?:[:.\s]?(\d{2}))?$/;

/** `8`, `830`, `8.30` and `08:30` as `HH:MM`; null for what is no time of day. */
export function clockTime(written: string): string | null {
  const found = LOOSE_TIME.exec(written.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
