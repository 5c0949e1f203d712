// A small week for the tests: three slots from 08:00, Monday to Sunday, the first Monday cell filled.
import type { Week, WeekCell } from "../grid/sheet";

const TIMES = [
  ["08:00", "08:50"],
  ["08:50", "09:40"],
  ["10:00", "10:50"],
] as const;

export const PATHOLOGY: Partial<WeekCell> = {
  status: "scheduled",
  course: 5,
  department: 3,
  topic: "Cell injury",
  faculty: 41,
  room: 8,
  groups: [2, 3],
};

export function exampleWeek(filled: Record<string, Partial<WeekCell>> = { "1:0": PATHOLOGY }): Week {
  const rows = TIMES.map(([start_time, end_time], index) => ({
    id: index + 1,
    row_index: index + 1,
    start_time,
    end_time,
    label: "",
    lane: "",
    is_break: false,
  }));
  const cells: WeekCell[] = rows.flatMap((row) =>
    Array.from({ length: 7 }, (_, day) => ({
      id: row.row_index * 10 + day,
      row_index: row.row_index,
      day_of_week: day,
      date: `2026-03-${String(9 + day).padStart(2, "0")}`,
      status: "empty",
      academic_period: null,
      course: null,
      section: null,
      department: null,
      topic: "",
      faculty: null,
      co_faculty: [],
      faculty_name: "",
      room: null,
      groups: [],
      all_groups: false,
      kind: "lecture",
      note: "",
      ...filled[`${row.row_index}:${day}`],
    })),
  );
  return {
    id: 7,
    scope: "batch",
    batch: 1,
    batch_name: "MBBS 2031",
    academic_period: 4,
    academic_period_name: "Year 1",
    week_start_date: "2026-03-09",
    status: "draft",
    version: 7,
    verified_at: null,
    verified_by: "",
    published_at: null,
    published_by: "",
    edited_at: null,
    edited_by: "",
    rows,
    cells,
    names: {
      people: { 41: "Dr Khan" },
      rooms: { 8: "Room 8" },
      groups: { 2: "A", 3: "B" },
      courses: { 5: "Pathology" },
      sections: {},
      departments: { 3: "Pathology" },
      periods: {},
    },
    moves: [],
    conflicts: { count: 0, results: [] },
    may_edit: true,
    holidays: [],
    teaching_days: [0, 1, 2, 3, 4],
    first_weekday: 0,
  };
}
