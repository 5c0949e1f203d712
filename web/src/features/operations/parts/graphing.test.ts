// A graph shows what was seen, and nothing where nobody looked.
import { expect, test } from "vitest";
import { lines } from "./graphing";

const MINUTE = 60_000;
const at = (minute: number, value: number) => ({ at: minute * MINUTE, value });

test("the threshold and the highest value are within the picture, and zero is its lower edge", () => {
  const { paths, height } = lines([at(0, 0), at(1, 20)], 10, 100, 110);
  expect(paths).toEqual(["0,110 100,10"]);
  expect(height(10)).toBe(60);
});

test("a threshold above all values is seen too", () => {
  expect(lines([at(0, 1), at(1, 1)], 50, 100, 110).height(50)).toBe(10);
});

test("minutes of which nothing is known are a gap, and a value alone is still seen", () => {
  const { paths } = lines([at(0, 1), at(1, 1), at(9, 1), at(10, 1), at(20, 1)], 1, 100, 110);
  expect(paths.map((path) => path.split(" ").length)).toEqual([2, 2, 2]);
});

test("where all is zero it lies on the lower edge", () => {
  expect(lines([at(0, 0), at(1, 0)], 0, 100, 110).paths).toEqual(["0,110 100,110"]);
});
