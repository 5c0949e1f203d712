import { expect, test } from "vitest";
import { instantOf, instantOfWall, wallOf } from "./zoned";

test.each([
  ["2026-03-09", "08:00", "Asia/Karachi", "2026-03-09T03:00:00.000Z"],
  ["2026-03-09", "01:30", "Asia/Karachi", "2026-03-08T20:30:00.000Z"],
  ["2026-03-09", "08:00", "UTC", "2026-03-09T08:00:00.000Z"],
  ["2026-01-15", "08:00", "Europe/London", "2026-01-15T08:00:00.000Z"],
  ["2026-07-15", "08:00", "Europe/London", "2026-07-15T07:00:00.000Z"],
  ["2026-03-29", "03:30", "Europe/London", "2026-03-29T02:30:00.000Z"],
])("%s %s in %s is %s", (day, time, zone, instant) => {
  expect(instantOf(day, time, zone)).toBe(instant);
});

test("a field for day and time shows the institution's clock and gives the instant back", () => {
  expect(wallOf("2026-03-09T03:00:00Z", "Asia/Karachi")).toBe("2026-03-09T08:00");
  expect(instantOfWall("2026-03-09T08:00", "Asia/Karachi")).toBe("2026-03-09T03:00:00.000Z");
  expect(instantOfWall("", "Asia/Karachi")).toBeNull();
  expect(instantOfWall("2026-03-09", "Asia/Karachi")).toBeNull();
});
