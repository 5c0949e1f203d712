import { expect, test } from "vitest";
import { inUnits } from "./bytes";

test.each([
  [0, 0, "B"],
  [1023, 1023, "B"],
  [1024, 1, "KiB"],
  [1_572_864, 1.5, "MiB"],
  [5 * 1024 ** 5, 5120, "TiB"],
])("%d bytes are %d %s", (bytes, number, unit) => {
  expect(inUnits(bytes)).toEqual({ number, unit });
});
