import { expect, test } from "vitest";
import { ownPath } from "./routes";

test.each([
  ["/timetable/weeks?page=2", "/timetable/weeks?page=2"],
  ["//elsewhere.example", undefined],
  ["/\\elsewhere.example", undefined],
  ["https://elsewhere.example", undefined],
  [7, undefined],
])("after signing in, %s leads to %s", (next, expected) => {
  expect(ownPath(next)).toBe(expected);
});
