import { expect, test } from "vitest";
import { formatFor } from "./format";

const karachi = formatFor("en-GB", "Asia/Karachi");
const newYork = formatFor("en-GB", "America/New_York");

test("an instant reads in the institution's time zone", () => {
  expect(karachi.dateTime("2026-03-01T20:30:00Z")).toBe("2 Mar 2026, 01:30");
  expect(newYork.time("2026-03-01T20:30:00Z")).toBe("15:30");
});

test("a bare date keeps its day in every zone", () => {
  expect(newYork.date("2026-03-01")).toBe("1 Mar 2026");
  expect(karachi.date("2026-03-01")).toBe("1 Mar 2026");
});

test("what is near is told relatively, what is far by its date", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  expect(karachi.ago("2026-03-10T09:00:00Z", now)).toBe("3 hours ago");
  expect(karachi.ago("2026-01-10T09:00:00Z", now)).toBe("10 Jan 2026");
});
