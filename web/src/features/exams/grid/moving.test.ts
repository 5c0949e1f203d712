import { expect, test } from "vitest";
import { next } from "./moving";

const SIZE = { row: 3, column: 2 };
const END = { atStart: false, atEnd: true };
const ALL = { atStart: true, atEnd: true };
const press = (key: string, shiftKey = false) => ({ key, shiftKey });

test("arrows lead up and down, and stop at the edges", () => {
  expect(next(press("ArrowDown"), { row: 0, column: 1 }, SIZE, END, false)).toEqual({ row: 1, column: 1 });
  expect(next(press("ArrowUp"), { row: 0, column: 1 }, SIZE, END, false)).toBeNull();
  expect(next(press("ArrowDown"), { row: 2, column: 1 }, SIZE, END, false)).toBeNull();
});

test("left and right stay in the text until its end", () => {
  const spot = { row: 1, column: 0 };
  expect(next(press("ArrowRight"), spot, SIZE, { atStart: false, atEnd: false }, false)).toBeNull();
  expect(next(press("ArrowRight"), spot, SIZE, END, false)).toEqual({ row: 1, column: 1 });
  expect(next(press("ArrowLeft"), { row: 1, column: 1 }, SIZE, END, false)).toBeNull();
  expect(next(press("ArrowLeft"), { row: 1, column: 1 }, SIZE, ALL, false)).toEqual(spot);
});

test("in a right-to-left page left goes on and right goes back", () => {
  expect(next(press("ArrowLeft"), { row: 1, column: 0 }, SIZE, ALL, true)).toEqual({ row: 1, column: 1 });
  expect(next(press("ArrowRight"), { row: 1, column: 1 }, SIZE, ALL, true)).toEqual({ row: 1, column: 0 });
});

test("enter goes down a column and on to the next; with shift it goes back up", () => {
  expect(next(press("Enter"), { row: 0, column: 0 }, SIZE, END, false)).toEqual({ row: 1, column: 0 });
  expect(next(press("Enter"), { row: 2, column: 0 }, SIZE, END, false)).toEqual({ row: 0, column: 1 });
  expect(next(press("Enter"), { row: 2, column: 1 }, SIZE, END, false)).toBeNull();
  expect(next(press("Enter", true), { row: 1, column: 0 }, SIZE, END, false)).toEqual({ row: 0, column: 0 });
});

test("other keys are the cell's own", () => {
  expect(next(press("5"), { row: 0, column: 0 }, SIZE, END, false)).toBeNull();
  expect(next(press("Tab"), { row: 0, column: 0 }, SIZE, END, false)).toBeNull();
});
