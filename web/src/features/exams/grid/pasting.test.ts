import { describe, expect, test } from "vitest";
import type { GridComponent, GridRow } from "../queries";
import { isBlock, paste } from "./pasting";

const component = (id: number, name: string, sequence: number) => ({ id, name, sequence }) as GridComponent;
const row = (candidate: number, full_name: string, reg_no: string, theory?: string) =>
  ({
    candidate,
    full_name,
    reg_no,
    cells: theory ? [{ component: 11, state: "marked", marks: theory }] : [],
  }) as unknown as GridRow;

const GRID = {
  components: [component(11, "Theory", 1), component(12, "Viva", 2)],
  rows: [row(1, "Alice", "MB-001"), row(2, "Bob", "MB-002", "45.00"), row(3, "Charlie", "MB-003")],
  isOpen: ({ candidate }: GridRow) => candidate !== 3,
};
const START = { row: 0, column: 0 };

describe("a pasted block", () => {
  test("is several cells; a single one with its line break is none", () => {
    expect(isBlock("45\n")).toBe(false);
    expect(isBlock("45\t20")).toBe(true);
    expect(isBlock("45\r\n46\r\n")).toBe(true);
  });

  test("goes in from the spot on, in the order of the rows", () => {
    const found = paste("45\t20\r\n46\tAB\r\n", START, GRID);
    expect(found.by).toBe("order");
    expect(found.puts).toEqual([
      { candidate: 1, component: 11, text: "45", before: "" },
      { candidate: 1, component: 12, text: "20", before: "" },
      { candidate: 2, component: 11, text: "46", before: "45" },
      { candidate: 2, component: 12, text: "AB", before: "" },
    ]);
  });

  test("leaves what blank cells stand over, and counts what is the same", () => {
    const found = paste("\t20\n45\t\n", START, GRID);
    expect(found.puts.map(({ candidate, component: of }) => [candidate, of])).toEqual([[1, 12]]);
    expect(found.same).toBe(1);
  });

  test("tells what lies below the last person and beside the last component", () => {
    const found = paste("1\t2\t3\n4\t5\t6", { row: 1, column: 1 }, GRID);
    expect(found.puts).toEqual([{ candidate: 2, component: 12, text: "1", before: "" }]);
    expect(found.extraColumns).toBe(2);
    expect(found.closed).toEqual(["Charlie"]);
    expect(paste("1\n2", { row: 2, column: 0 }, GRID).extraRows).toBe(1);
  });

  test("with registration numbers finds its people in any order, leaves names out, and names strangers", () => {
    const found = paste("mb-002\tBob\t\t12\nMB-009\tWho\t9\t9\nMB-001\tAlice\t7\tAB", START, GRID);
    expect(found.by).toBe("number");
    expect(found.puts).toEqual([
      { candidate: 2, component: 12, text: "12", before: "" },
      { candidate: 1, component: 11, text: "7", before: "" },
      { candidate: 1, component: 12, text: "AB", before: "" },
    ]);
    expect(found.strangers).toEqual(["MB-009"]);
    expect(found.extraColumns).toBe(0);
  });

  test("with a head puts each column under its component, whatever stands between", () => {
    const found = paste("reg_no\tname\tC2\tTheory\nMB-002\tBob\t18\t44\nMB-001\tAlice\tEX\t30", START, GRID);
    expect(found.puts).toEqual([
      { candidate: 2, component: 12, text: "18", before: "" },
      { candidate: 2, component: 11, text: "44", before: "45" },
      { candidate: 1, component: 12, text: "EX", before: "" },
      { candidate: 1, component: 11, text: "30", before: "" },
    ]);
    expect(found.strangers).toEqual([]);
    expect(found.extraColumns).toBe(0);
  });

  test("does not touch results that are decided", () => {
    const found = paste("MB-003\t50\nMB-001\t40", START, GRID);
    expect(found.closed).toEqual(["Charlie"]);
    expect(found.puts.map(({ candidate }) => candidate)).toEqual([1]);
  });
});
