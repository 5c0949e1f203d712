import { expect, test } from "vitest";
import { isClientUrl, safeUrl } from "./ServerLink";

test.each([
  ["/timetable/weeks/7?day=2", true],
  ["/api/v1/timetable/print/", false],
  ["//elsewhere.example/x", false],
  ["https://elsewhere.example/", false],
])("%s is opened inside the client: %s", (url, expected) => {
  expect(isClientUrl(url)).toBe(expected);
});

test.each([
  ["/inbox", "/inbox"],
  ["https://example.org/a", "https://example.org/a"],
  ["javascript:alert(1)", "#"],
  ["//elsewhere.example", "#"],
])("the address %s links to %s", (url, expected) => {
  expect(safeUrl(url)).toBe(expected);
});
