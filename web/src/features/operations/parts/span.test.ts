// Days of the reader become instants, and come back as the same days.
import { expect, test } from "vitest";
import { dayBefore, dayFrom, endOf, startOf } from "./span";

test.each([
  ["Asia/Karachi", "2026-03-09", "2026-03-08T19:00:00.000Z", "2026-03-09T19:00:00.000Z"],
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  ["UTC", "2026-12-31", "2026-12-31T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
])("in %s %s lasts from its first moment to that of the next", (zone, day, start, end) => {
  expect([startOf(day, zone), endOf(day, zone)]).toEqual([start, end]);
  expect([dayFrom(start, zone), dayBefore(end, zone)]).toEqual([day, day]);
});

test("an address that somebody wrote by hand breaks nothing", () => {
  expect([dayFrom("yesterday", "UTC"), dayBefore("", "UTC")]).toEqual([undefined, undefined]);
});
