import { expect, test } from "vitest";
import { clockTime, dateOfDay, todayIn, weekdayOf, weekStart, zonedIso } from "./dates";

test("a week starts on the institution's first weekday", () => {
  expect(weekStart("2026-03-12", 0)).toBe("2026-03-09");
  expect(weekStart("2026-03-04", 6)).toBe("2026-03-01");
  expect(weekdayOf("2026-03-09")).toBe(0);
});

test("day 6 of a week that begins on Sunday is its first day", () => {
  expect(dateOfDay("2026-03-01", 6, 6)).toBe("2026-03-01");
  expect(dateOfDay("2026-03-01", 5, 6)).toBe("2026-03-07");
});

test("today is the institution's date", () => {
  expect(todayIn("Asia/Karachi", Date.parse("2026-03-01T20:30:00Z"))).toBe("2026-03-02");
});

test("a local time carries the offset of its zone on its date", () => {
  expect(zonedIso("2026-03-09", "08:00", "Asia/Karachi")).toBe("2026-03-09T08:00:00+05:00");
  expect(zonedIso("2026-01-12", "08:00", "America/New_York")).toBe("2026-01-12T08:00:00-05:00");
  expect(zonedIso("2026-07-13", "08:00", "America/New_York")).toBe("2026-07-13T08:00:00-04:00");
  expect(zonedIso("2026-03-29", "03:30", "Europe/Berlin")).toBe("2026-03-29T03:30:00+02:00");
});

test("times are read as people write them", () => {
  expect(["8", "830", "8.30", "08:30", "0830"].map(clockTime)).toEqual([
    "08:00",
    "08:30",
    "08:30",
    "08:30",
    "08:30",
  ]);
  expect(["25:00", "8:75", "noon", ""].map(clockTime)).toEqual([null, null, null, null]);
});
