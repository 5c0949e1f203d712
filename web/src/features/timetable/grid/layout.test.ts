import { describe, expect, test } from "vitest";
import { exampleWeek } from "../test/exampleWeek";
import { busyBeside } from "./availability";
import { byMonth, calendarOf } from "./calendar";
import { fromTsv, readClip, toTsv, writeClip } from "./clipboard";
import { commandOf } from "./keys";
import { type Axes, bandPlaces, daysFrom, rowsInOrder, shownDays, stepped, tabbed } from "./layout";
import { cellAt, sheetOf } from "./sheet";

const axes: Axes = { rows: [1, 2, 3], days: [6, 0, 1] };
const row = (row_index: number, start_time: string | null, end_time: string | null = "09:00") => ({
  row_index,
  start_time,
  end_time,
  label: "",
  lane: "",
  is_break: false,
});
const stroke = (key: string, held: Partial<Record<"ctrlKey" | "shiftKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe("the days shown", () => {
  const options = { firstWeekday: 0, teachingDays: [0, 1, 2, 3, 4], hideWeekend: true };

  test("begin with the institution's first weekday", () => {
    expect(daysFrom(6)).toEqual([6, 0, 1, 2, 3, 4, 5]);
  });

  test("leave out free days, but never one that holds something", () => {
    expect(shownDays({ ...options, sheet: sheetOf(exampleWeek()) })).toEqual([0, 1, 2, 3, 4]);
    const saturday = sheetOf(exampleWeek({ "2:5": { status: "scheduled", topic: "Exam" } }));
    expect(shownDays({ ...options, sheet: saturday })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shownDays({ ...options, sheet: saturday, hideWeekend: false })).toHaveLength(7);
  });
});

describe("the rows shown", () => {
  test("stand by time, untimed ones last", () => {
    const rows = [row(1, "10:00"), row(2, null, null), row(3, "08:00"), row(4, "10:00")];
    expect(rowsInOrder(rows).map((each) => each.row_index)).toEqual([3, 1, 4, 2]);
  });

  test("of one time are lanes of a band", () => {
    const rows = [row(1, "08:00"), row(2, "08:00"), row(3, "08:00"), row(4, "10:00"), row(5, null, null)];
    expect(bandPlaces(rows)).toEqual(["first", "middle", "last", "single", "single"]);
  });
});

describe("the cursor", () => {
  test("walks in the order of the screen and stops at the edges", () => {
    expect(stepped(axes, "1:6", "after")).toBe("1:0");
    expect(stepped(axes, "1:6", "before")).toBe("1:6");
    expect(stepped(axes, "2:0", "end")).toBe("2:1");
    expect(stepped(axes, "2:0", "bottom")).toBe("3:1");
  });

  test("goes on to the next line with Tab and leaves at the end", () => {
    expect(tabbed(axes, "1:1", false)).toBe("2:6");
    expect(tabbed(axes, "2:6", true)).toBe("1:1");
    expect(tabbed(axes, "3:1", false)).toBeNull();
    expect(tabbed(axes, "1:6", true)).toBeNull();
  });
});

describe("keys", () => {
  test("left and right change places with the direction of writing", () => {
    expect(commandOf(stroke("ArrowRight"), false)).toEqual({ type: "go", step: "after", extend: false });
    expect(commandOf(stroke("ArrowRight"), true)).toEqual({ type: "go", step: "before", extend: false });
  });

  test("any letter of any script opens the editor with it", () => {
    expect(commandOf(stroke("پ"), true)).toEqual({ type: "edit", seed: "پ" });
    expect(commandOf(stroke("F2"), false)).toEqual({ type: "edit", seed: "" });
    expect(commandOf(stroke("Shift", { shiftKey: true }), false)).toBeNull();
  });

  test("reloading stays the browser's, undo and redo do not", () => {
    expect(commandOf(stroke("R", { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(commandOf(stroke("r", { ctrlKey: true }), false)).toEqual({ type: "fill", way: "right" });
    expect(commandOf(stroke("Z", { ctrlKey: true, shiftKey: true }), false)).toEqual({ type: "redo" });
  });
});

describe("the clipboard", () => {
  test("reads what it writes for spreadsheets", () => {
    const lines = [
      ["Pathology", 'a "quoted" word'],
      ["tab\there", ""],
    ];
    expect(fromTsv(toTsv(lines))).toEqual(lines);
  });

  test("makes one line of a cell with line breaks, and drops the last line end", () => {
    expect(fromTsv('"two\r\nlines"\tb\r\n')).toEqual([["two lines", "b"]]);
  });

  test("carries whole cells to another week and distrusts the rest", () => {
    const content = cellAt(sheetOf(exampleWeek()), "1:0");
    const clip = { block: [[content]], names: { rooms: { 8: "Room 8" } } };
    expect(readClip(writeClip(clip))).toEqual(clip);
    expect(readClip("not json")).toBeNull();
    expect(
      readClip('{"block":[[{"status":"scheduled","room":"8","topic":"x"}]]}')?.block[0]?.[0],
    ).toMatchObject({
      room: null,
      topic: "x",
    });
  });
});

test("a room used at the same time elsewhere in the draft is known before the server is asked", () => {
  const week = exampleWeek({ "1:0": { status: "scheduled", room: 8, faculty: 41, co_faculty: [42] } });
  const lane = {
    ...week,
    rows: week.rows.map((each) => ({ ...each, start_time: "08:00", end_time: "08:50" })),
  };
  const busy = busyBeside(sheetOf(lane), "2:0");
  expect([...busy.rooms]).toEqual([[8, "1:0"]]);
  expect([...busy.people.keys()]).toEqual([41, 42]);
  expect(busyBeside(sheetOf(week), "2:0").rooms.size).toBe(0);
});

test("a calendar of weeks shows its gaps", () => {
  const weeks = calendarOf([{ week_start_date: "2026-03-09", id: 1 }], "2026-02-23", 3);
  expect(weeks.map((week) => [week.start, week.plans.length])).toEqual([
    ["2026-02-23", 0],
    ["2026-03-02", 0],
    ["2026-03-09", 1],
  ]);
  expect(byMonth(weeks).map((month) => [month.month, month.weeks.length])).toEqual([
    ["2026-02", 1],
    ["2026-03", 2],
  ]);
});
