import { expect, test } from "vitest";
import { moved, places } from "./syllabus";

test("an item moves to another place and the others close up", () => {
  expect(moved([1, 2, 3, 4], 0, 2)).toEqual([2, 3, 1, 4]);
  expect(moved([1, 2, 3, 4], 3, 0)).toEqual([4, 1, 2, 3]);
});

test("beyond either end nothing moves", () => {
  expect(moved([1, 2], 0, -1)).toEqual([1, 2]);
  expect(moved([1, 2], 1, 2)).toEqual([1, 2]);
});

test("only changed places are sent, counted from one", () => {
  const items = [
    { id: 7, order_no: 1 },
    { id: 8, order_no: 2 },
    { id: 9, order_no: 9 },
  ];
  expect(places([8, 7, 9], items)).toEqual([
    { id: 8, order_no: 1 },
    { id: 7, order_no: 2 },
    { id: 9, order_no: 3 },
  ]);
  expect(places([7, 8], items)).toEqual([]);
});
