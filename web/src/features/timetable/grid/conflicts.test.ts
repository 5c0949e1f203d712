import { describe, expect, test } from "vitest";
import { byDate, marksOf, reportOf, severityCounts } from "./conflicts";
import { NO_FAULTS, placeGridFaults } from "./payload";

const raw = (code: string, severity: "block" | "warn", cells: [number, number][], date = "2026-03-09") => ({
  code,
  severity,
  who: { id: 41, name: "Dr Khan" },
  where: null,
  when: { date, starts_at: "2026-03-09T03:00:00Z", ends_at: "2026-03-09T03:50:00Z" },
  cells: cells.map(([row_index, day_of_week]) => ({ id: null, row_index, day_of_week })),
  with: {
    kind: "session" as const,
    id: 3,
    label: "Anatomy, MBBS 2030",
    week_plan: 9,
    status: "published" as const,
  },
  detail: { count: 2 },
});

describe("a conflict report", () => {
  const report = reportOf({
    count: 250,
    results: [
      raw("room_missing", "warn", [[1, 0]]),
      raw("faculty_clash", "block", [
        [1, 0],
        [2, 0],
      ]),
      raw("week_empty", "warn", [], "2026-03-10"),
    ],
  });
  const conflicts = report?.conflicts ?? [];

  test("marks each cell with the gravest it has", () => {
    const marks = marksOf(conflicts);
    expect(marks.get("1:0")).toMatchObject({ severity: "block" });
    expect(marks.get("1:0")?.conflicts).toHaveLength(2);
    expect(marks.get("2:0")?.severity).toBe("block");
    expect(marks.size).toBe(2);
  });

  test("is listed by date, what blocks first, and says how many there are in all", () => {
    expect(byDate(conflicts).map((day) => [day.date, day.conflicts.map((each) => each.code)])).toEqual([
      ["2026-03-09", ["faculty_clash", "room_missing"]],
      ["2026-03-10", ["week_empty"]],
    ]);
    expect(severityCounts(conflicts)).toEqual({ block: 1, warn: 2 });
    expect(report?.count).toBe(250);
  });

  test("names the other side", () => {
    expect(conflicts[1]?.with).toMatchObject({
      label: "Anatomy, MBBS 2030",
      week_plan: 9,
      status: "published",
    });
  });

  test("is absent for those who may not see one", () => {
    expect(reportOf(null)).toBeNull();
  });
});

describe("faults of a refused save", () => {
  const sent = {
    rows: [{ row_index: 4, start_time: "25:00" }],
    remove_rows: [2],
    cells: [
      { row_index: 1, day_of_week: 0, topic: "a" },
      { row_index: 3, day_of_week: 5, topic: "b" },
    ],
  };
  const fault = (pointer: string) => ({ pointer, code: "x", detail: `at ${pointer}` });

  test("stand at the cells and rows that were sent", () => {
    const placed = placeGridFaults(
      [fault("/cells/1/topic"), fault("/rows/0/start_time"), fault("/remove_rows/0"), fault("/version")],
      sent,
    );
    expect(placed.cells).toEqual({ "3:5": [{ field: "topic", text: "at /cells/1/topic" }] });
    expect(Object.keys(placed.rows)).toEqual(["2", "4"]);
    expect(placed.rest.map((each) => each.pointer)).toEqual(["/version"]);
  });

  test("are none without pointers", () => {
    expect(placeGridFaults([], sent)).toEqual(NO_FAULTS);
  });
});
