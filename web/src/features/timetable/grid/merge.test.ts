import { describe, expect, test } from "vitest";
import { exampleWeek, PATHOLOGY } from "../test/exampleWeek";
import { countOfKept, keep, keptDraft, recall, sidesOf } from "./draftStore";
import { compared, merged } from "./merge";
import { payloadOf } from "./payload";
import { cellAt, type Sheet, sheetOf } from "./sheet";

const NO_CHOICE = { cells: {}, rows: {} };
const base = sheetOf(exampleWeek());
const mine = sheetOf(
  exampleWeek({ "1:0": { ...PATHOLOGY, room: 9 }, "2:1": { status: "scheduled", topic: "Mine" } }),
);
const theirs = sheetOf(
  exampleWeek({ "1:0": { ...PATHOLOGY, room: 7 }, "3:4": { status: "scheduled", topic: "Theirs" } }),
);

function withRow(sheet: Sheet, index: number, label: string): Sheet {
  return { ...sheet, rows: sheet.rows.map((row) => (row.row_index === index ? { ...row, label } : row)) };
}

describe("two versions of one week", () => {
  test("are compared cell by cell", () => {
    const { cells, onlyMine, onlyTheirs } = compared(base, mine, theirs);
    expect(cells.map((each) => [each.address, each.before.room, each.mine.room, each.theirs.room])).toEqual([
      ["1:0", 8, 9, 7],
    ]);
    expect([onlyMine, onlyTheirs]).toEqual([["2:1"], ["3:4"]]);
  });

  test("agree where both changed the same to the same", () => {
    expect(compared(base, mine, mine).cells).toEqual([]);
  });

  test("keep mine unless theirs is chosen, and take whatever only they changed", () => {
    const kept = merged(base, mine, theirs, NO_CHOICE);
    expect([cellAt(kept, "1:0").room, cellAt(kept, "2:1").topic, cellAt(kept, "3:4").topic]).toEqual([
      9,
      "Mine",
      "Theirs",
    ]);
    const taken = merged(base, mine, theirs, { cells: { "1:0": "theirs" }, rows: {} });
    expect(cellAt(taken, "1:0").room).toBe(7);
  });

  test("leave only my part to be sent on the new version", () => {
    const draft = merged(base, mine, theirs, NO_CHOICE);
    expect(payloadOf(theirs, draft)).toEqual({
      cells: [
        { row_index: 1, day_of_week: 0, room: 9 },
        { row_index: 2, day_of_week: 1, status: "scheduled", topic: "Mine" },
      ],
    });
  });

  test("dispute rows as well", () => {
    const a = withRow(base, 2, "mine");
    const b = withRow(base, 2, "theirs");
    expect(compared(base, a, b).rows.map((each) => each.row)).toEqual([2]);
    const labelOf = (sheet: Sheet) => sheet.rows.find((row) => row.row_index === 2)?.label;
    expect(labelOf(merged(base, a, b, NO_CHOICE))).toBe("mine");
    expect(labelOf(merged(base, a, b, { cells: {}, rows: { 2: "theirs" } }))).toBe("theirs");
  });
});

describe("unsaved work in the tab's storage", () => {
  const names = exampleWeek().names;
  const now = new Date("2026-03-02T10:00:00Z");

  test("comes back as it was left", () => {
    keep("alice", 7, keptDraft(base, mine, 7, names, now));
    const kept = recall("alice", 7);
    expect(kept && countOfKept(kept)).toBe(2);
    expect(kept && payloadOf(base, sidesOf(kept, base).mine)).toEqual(payloadOf(base, mine));
  });

  test("is compared with a week that was saved since", () => {
    const kept = keptDraft(base, mine, 7, names, now);
    const sides = kept && sidesOf(kept, theirs);
    expect(sides && compared(sides.base, sides.mine, theirs).cells.map((each) => each.address)).toEqual([
      "1:0",
    ]);
  });

  test("belongs to one user, and is gone once saved", () => {
    keep("alice", 7, keptDraft(base, mine, 7, names, now));
    expect(recall("bob", 7)).toBeNull();
    keep("alice", 7, keptDraft(base, base, 7, names, now));
    expect(recall("alice", 7)).toBeNull();
  });
});
