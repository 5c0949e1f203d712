import { describe, expect, test } from "vitest";
import { inParts, parseRegNos } from "./regNos";

const regNos = (text: string) => parseRegNos(text).regNos;

describe("pasted registration numbers", () => {
  test.each([
    ["one to a line", "2026-MBBS-001\n2026-MBBS-002", ["2026-MBBS-001", "2026-MBBS-002"]],
    ["lines of a Windows file", "A-1\r\nA-2\r\n", ["A-1", "A-2"]],
    ["with commas and semicolons", "A-1, A-2; A-3", ["A-1", "A-2", "A-3"]],
    ["with the comma of Urdu", "A-1، A-2", ["A-1", "A-2"]],
    ["a column of a sheet beside its names", "A-1\tAyesha, the elder\nA-2\tOmar", ["A-1", "A-2"]],
    ["below a heading", "reg_no\nA-1", ["A-1"]],
    ["in quotation marks", "\"A-1\"\n'A-2'", ["A-1", "A-2"]],
    ["with blanks inside", "A 1\n A 2 ", ["A 1", "A 2"]],
    ["nothing at all", " \n\t\n,", []],
  ])("%s", (_, text, expected) => {
    expect(regNos(text)).toEqual(expected);
  });

  test("written twice, in any case, are asked for once and told", () => {
    expect(parseRegNos("A-1\na-1\nA-2\nA-1")).toEqual({
      regNos: ["A-1", "A-2"],
      repeated: ["a-1", "A-1"],
      tooLong: [],
    });
  });

  test("that are too long are told, not sent", () => {
    const long = "x".repeat(33);
    expect(parseRegNos(`A-1\n${long}`)).toEqual({ regNos: ["A-1"], repeated: [], tooLong: [long] });
  });
});

test("a long list is sent in parts and in its order", () => {
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inParts([], 2)).toEqual([]);
});
