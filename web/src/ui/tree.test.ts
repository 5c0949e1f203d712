import { expect, test } from "vitest";
import { type Branch, countBelow, flat, idsOf, linesOf, pruned } from "./tree";

type Node = { id: number; name: string };
const node = (id: number, name: string, ...children: Branch<Node>[]): Branch<Node> => ({
  id,
  name,
  children,
});

const hospital = node(
  1,
  "City Hospital",
  node(2, "Medicine", node(3, "Ward A"), node(4, "Ward B")),
  node(5, "Surgery"),
);
const forest = [hospital, node(6, "Faculty")];

test("rows come parents first, with their depth", () => {
  expect(linesOf<Node>(forest, new Set()).map(({ row, depth }) => [row.id, depth])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 1],
    [6, 0],
  ]);
});

test("what stands below a closed row is not shown", () => {
  expect(linesOf<Node>(forest, new Set([2])).map(({ row }) => row.id)).toEqual([1, 2, 5, 6]);
  expect(linesOf<Node>(forest, new Set([1])).map(({ row }) => row.id)).toEqual([1, 6]);
});

test("only rows with something below them can be opened", () => {
  const leaves = linesOf<Node>(forest, new Set()).filter(({ isLeaf }) => isLeaf);
  expect(leaves.map(({ row }) => row.id)).toEqual([3, 4, 5, 6]);
});

test("counts reach all the way down and leave the row itself out", () => {
  expect(countBelow<Node>(hospital, () => true)).toBe(4);
  expect(countBelow<Node>(hospital, ({ name }) => name.startsWith("Ward"))).toBe(2);
});

test("a search keeps the way to what it finds, and everything below it", () => {
  const found = pruned<Node>(forest, ({ name }) => name === "Medicine");
  expect(flat<Node>(found).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(pruned<Node>(forest, () => false)).toEqual([]);
});

test("a branch cannot be moved into itself", () => {
  expect(idsOf<Node>(hospital)).toEqual([1, 2, 3, 4, 5]);
});
