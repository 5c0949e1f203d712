import { describe, expect, test } from "vitest";
import { exampleWeek, PATHOLOGY } from "../test/exampleWeek";
import { shiftOf } from "./blocks";
import { topicsOf } from "./clipboard";
import { type Axes, rangeOf } from "./layout";
import { payloadOf } from "./payload";
import { type Address, cellAt, EMPTY, type Sheet, sheetOf } from "./sheet";
import { type GridAction, type GridState, isDirty, reduceGrid, startGrid } from "./state";

const axes: Axes = { rows: [1, 2, 3], days: [0, 1, 2, 3, 4, 5, 6] };

function play(...actions: GridAction[]): GridState {
  return actions.reduce(reduceGrid, startGrid(exampleWeek()));
}

const at = (state: GridState, address: Address) => cellAt(state.draft, address);
const select = (anchor: Address, cursor: Address = anchor): GridAction[] => [
  { type: "select", to: anchor },
  { type: "select", to: cursor, extend: true },
];
const move = (from: Address, to: Address, isCopy = false): GridAction => ({
  type: "move",
  axes,
  shift: shiftOf(axes, rangeOf(axes, from, from), from, to),
  isCopy,
});
const typed = (address: Address, topic: string): GridAction[] => [
  { type: "beginEdit", at: address },
  { type: "edit", patch: { topic } },
];

describe("typing into a cell", () => {
  test("brings it alive, and emptying it again leaves nothing to save", () => {
    const written = play(...typed("2:1", "Inflammation"));
    expect(at(written, "2:1")).toMatchObject({ status: "scheduled", topic: "Inflammation" });
    const emptied = reduceGrid(written, { type: "edit", patch: { topic: "" } });
    expect(at(emptied, "2:1")).toEqual(EMPTY);
    expect(isDirty(emptied)).toBe(false);
  });

  test("is one step for undo however many keys it took", () => {
    const keys: GridAction[] = [..."Shock"].map((_, index) => ({
      type: "edit",
      patch: { topic: "Shock".slice(0, index + 1) },
    }));
    const done = play({ type: "beginEdit", at: "2:1" }, ...keys, { type: "commitEdit" });
    expect(done.past).toHaveLength(1);
    expect(at(reduceGrid(done, { type: "undo" }), "2:1")).toEqual(EMPTY);
  });

  test("is kept when another cell is chosen, and taken back by Esc", () => {
    const kept = play(...typed("2:1", "Shock"), { type: "select", to: "3:3" });
    expect(at(kept, "2:1").topic).toBe("Shock");
    const cancelled = play(...typed("2:1", "Shock"), { type: "cancelEdit" });
    expect(at(cancelled, "2:1")).toEqual(EMPTY);
    expect(cancelled.past).toHaveLength(0);
  });

  test("never names the same person as teacher and further teacher", () => {
    const state = play({ type: "beginEdit", at: "1:0" }, { type: "edit", patch: { co_faculty: [41, 42] } });
    expect(at(state, "1:0").co_faculty).toEqual([42]);
  });
});

describe("undo and redo", () => {
  test("walk back and forth, and a new edit ends the way forth", () => {
    const cleared = play(...select("1:0"), { type: "clear", axes });
    const undone = reduceGrid(cleared, { type: "undo" });
    expect(at(undone, "1:0").topic).toBe("Cell injury");
    expect(at(reduceGrid(undone, { type: "redo" }), "1:0")).toEqual(EMPTY);
    const other = reduceGrid(undone, { type: "patch", addresses: ["2:2"], patch: { topic: "New" } });
    expect(other.future).toEqual([]);
  });

  test("take the cursor to what changed", () => {
    const state = play(...select("1:0"), { type: "clear", axes }, ...select("3:6"), { type: "undo" });
    expect(state.cursor).toBe("1:0");
  });

  test("bring a discarded draft back", () => {
    const state = play(...select("1:0"), { type: "clear", axes }, { type: "discard" }, { type: "undo" });
    expect(at(state, "1:0")).toEqual(EMPTY);
  });
});

describe("copying, cutting and pasting", () => {
  const block = [[cellAt(sheetOf(exampleWeek()), "1:0")]];

  test("one cell over a range fills the range", () => {
    const state = play(...select("2:0", "3:1"), { type: "paste", axes, block });
    const targets: Address[] = ["2:0", "2:1", "3:0", "3:1"];
    for (const address of targets) expect(at(state, address).course).toBe(5);
    expect(at(state, "2:2")).toEqual(EMPTY);
  });

  test("a cut cell leaves its place with the paste, not before", () => {
    const cut = play(...select("1:0"), { type: "cut", axes });
    expect(at(cut, "1:0").course).toBe(5);
    const pasted = [...select("3:4"), { type: "paste", axes, block } as const].reduce(reduceGrid, cut);
    expect(at(pasted, "1:0")).toEqual(EMPTY);
    expect(at(pasted, "3:4").course).toBe(5);
    expect(pasted.past).toHaveLength(1);
  });

  test("lines of a spreadsheet become topics and keep what else stands in the cells", () => {
    const lines = topicsOf('Inflammation\t"Tumours, ""benign"""\nRepair\t\n');
    const state = play(...select("1:0"), { type: "paste", axes, block: lines });
    expect(at(state, "1:0")).toMatchObject({ topic: "Inflammation", course: 5, room: 8 });
    expect(at(state, "1:1").topic).toBe('Tumours, "benign"');
    expect(at(state, "2:0").topic).toBe("Repair");
    expect(at(state, "2:1")).toEqual(EMPTY);
  });

  test("what would hang over the edge is cut off", () => {
    const state = play(...select("3:6"), { type: "paste", axes, block: topicsOf("a\tb\nc\td") });
    expect(at(state, "3:6").topic).toBe("a");
    expect(Object.keys(payloadOf(state.base, state.draft).cells ?? [])).toHaveLength(1);
  });
});

describe("filling", () => {
  test("right repeats the first column, down the first line", () => {
    const right = play(...select("1:0", "1:3"), { type: "fill", axes, way: "right" });
    expect([0, 1, 2, 3].map((day) => at(right, `1:${day}`).course)).toEqual([5, 5, 5, 5]);
    const down = play(...select("1:0", "3:0"), { type: "fill", axes, way: "down" });
    expect([1, 2, 3].map((row) => at(down, `${row}:0`).course)).toEqual([5, 5, 5]);
  });

  test("a single cell takes its neighbour's content", () => {
    expect(at(play(...select("1:1"), { type: "fill", axes, way: "right" }), "1:1").course).toBe(5);
    expect(at(play(...select("2:0"), { type: "fill", axes, way: "down" }), "2:0").course).toBe(5);
  });

  test("at the edge there is nothing to take", () => {
    expect(isDirty(play(...select("1:0"), { type: "fill", axes, way: "right" }))).toBe(false);
  });
});

describe("dragging", () => {
  test("moves, and with Alt copies", () => {
    const moved = play(move("1:0", "2:2"));
    expect([at(moved, "1:0"), at(moved, "2:2").course]).toEqual([EMPTY, 5]);
    const copied = play(move("1:0", "2:2", true));
    expect([at(copied, "1:0").course, at(copied, "2:2").course]).toEqual([5, 5]);
  });

  test("onto a filled cell changes places, so nothing is lost", () => {
    const state = play({ type: "patch", addresses: ["2:2"], patch: { topic: "Ward" } }, move("1:0", "2:2"));
    expect([at(state, "1:0").topic, at(state, "2:2").topic]).toEqual(["Ward", "Cell injury"]);
  });

  test("a block stays whole at the edge and may overlap itself", () => {
    const both: GridAction = { type: "patch", addresses: ["1:1"], patch: { topic: "Second" } };
    const range = rangeOf(axes, "1:0", "1:1");
    const far = play(both, { type: "move", axes, shift: shiftOf(axes, range, "1:0", "1:6"), isCopy: false });
    expect([at(far, "1:5").course, at(far, "1:6").topic]).toEqual([5, "Second"]);
    const near = play(both, {
      type: "move",
      axes,
      shift: shiftOf(axes, range, "1:0", "1:1"),
      isCopy: false,
    });
    expect([at(near, "1:0"), at(near, "1:1").course, at(near, "1:2").topic]).toEqual([EMPTY, 5, "Second"]);
  });
});

describe("rows", () => {
  test("are added with the next number and removed with their cells", () => {
    const added = play({ type: "addRow" });
    expect(added.draft.rows.at(-1)).toMatchObject({ row_index: 4, start_time: null });
    const removed = play({ type: "removeRow", row: 1 });
    expect(payloadOf(removed.base, removed.draft)).toEqual({ remove_rows: [1] });
  });

  test("a lane takes the times of its band and a name of its own", () => {
    const state = play({ type: "addRow", like: 2 });
    expect(state.draft.rows.at(-1)).toMatchObject({ start_time: "08:50", end_time: "09:40", lane: "2" });
  });

  test("a row taken out and put in again is a change, not a removal", () => {
    const state = play({ type: "removeRow", row: 3 }, { type: "addRow" });
    const { rows, remove_rows } = payloadOf(state.base, state.draft);
    expect(remove_rows).toBeUndefined();
    expect(rows).toEqual([{ row_index: 3, start_time: null, end_time: null }]);
  });
});

describe("saving", () => {
  test("sends only what differs", () => {
    const state = play(
      { type: "patch", addresses: ["1:0"], patch: { room: 9 } },
      { type: "patch", addresses: ["2:1"], patch: { topic: "New" } },
      { type: "setRow", row: 2, patch: { label: "II" } },
    );
    expect(payloadOf(state.base, state.draft)).toEqual({
      rows: [{ row_index: 2, label: "II" }],
      cells: [
        { row_index: 1, day_of_week: 0, room: 9 },
        { row_index: 2, day_of_week: 1, status: "scheduled", topic: "New" },
      ],
    });
  });

  test("an emptied cell is one word, and a change taken back is none", () => {
    const cleared = play(...select("1:0"), { type: "clear", axes });
    expect(payloadOf(cleared.base, cleared.draft)).toEqual({
      cells: [{ row_index: 1, day_of_week: 0, status: "empty" }],
    });
    const back = reduceGrid(cleared, { type: "patch", addresses: ["1:0"], patch: at(play(), "1:0") });
    expect(payloadOf(back.base, back.draft)).toEqual({});
    expect(isDirty(back)).toBe(false);
  });

  test("edits made while it was under way stay", () => {
    const sent = play({ type: "patch", addresses: ["1:0"], patch: { room: 9 } });
    const typing = [...typed("2:2", "Late")].reduce(reduceGrid, sent);
    const held: Sheet = sheetOf(exampleWeek({ "1:0": { ...PATHOLOGY, room: 9, note: "from the server" } }));
    const saved = reduceGrid(typing, { type: "saved", sent: sent.draft, held, version: 8 });
    expect(at(saved, "1:0").note).toBe("from the server");
    expect(at(saved, "2:2").topic).toBe("Late");
    expect(payloadOf(saved.base, saved.draft).cells).toHaveLength(1);
    expect(saved.version).toBe(8);
    const cancelled = reduceGrid(saved, { type: "cancelEdit" });
    expect(isDirty(cancelled)).toBe(false);
  });

  test("a refusal keeps every edit, and a mended cell loses its fault", () => {
    const faults = { cells: { "1:0": [{ field: "topic", text: "Too long" }] }, rows: {}, rest: [] };
    const refused = play(
      { type: "patch", addresses: ["1:0"], patch: { topic: "x".repeat(201) } },
      { type: "rejected", faults },
    );
    expect(at(refused, "1:0").topic).toHaveLength(201);
    expect(refused.faults.cells["1:0"]).toBeDefined();
    const mended = reduceGrid(refused, { type: "patch", addresses: ["1:0"], patch: { topic: "Short" } });
    expect(mended.faults.cells["1:0"]).toBeUndefined();
  });

  test("a newer week is taken only where nothing is unsaved", () => {
    const newer = { ...exampleWeek({}), version: 9 };
    const clean = play({ type: "arrived", week: newer });
    expect([clean.version, at(clean, "1:0")]).toEqual([9, EMPTY]);
    const dirty = play(
      { type: "patch", addresses: ["2:1"], patch: { topic: "Mine" } },
      { type: "arrived", week: newer },
    );
    expect([dirty.version, at(dirty, "2:1").topic]).toEqual([7, "Mine"]);
  });
});
