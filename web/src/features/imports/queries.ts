// The kinds of bulk file share one shape; their paths, permissions and columns differ.
import { queryOptions } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { getJson, writeJson } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

const STUDENTS = "/api/v1/academics/students/imports/";
const FACULTY = "/api/v1/directory/faculty/imports/";
const ATTENDANCE = "/api/v1/attendance/imports/";

export type Kind = "students" | "faculty" | "attendance";
/** The kinds that share the page of imports; marks have one of their own. */
export const PEOPLE_KINDS = ["students", "faculty"] as const satisfies Kind[];
export type Run = Answer<"/api/v1/academics/students/imports/{pk}/", "get">;
export type RunRow = Row<"/api/v1/academics/students/imports/{pk}/rows/">;
export type ListedRun = Row<typeof STUDENTS>;
export type Options = { mode: "create_only" | "upsert"; auto_create: boolean; date_order: string };

const STUDENT_COLUMNS = [
  "reg_no",
  "name",
  "program_name",
  "batch_name",
  "group_name",
  "status",
  "email",
  "phone",
  "date_of_birth",
  "father_name",
  "gender",
  "national_id",
  "enrollment_year",
] as const;

/** A column of the preview and the columns of the file that it gathers. */
type PreviewColumn = { id: string; of: readonly string[] };
type KindFacts = {
  path: typeof STUDENTS | typeof FACULTY | typeof ATTENDANCE;
  rows:
    | "/api/v1/academics/students/imports/{pk}/rows/"
    | "/api/v1/directory/faculty/imports/{pk}/rows/"
    | "/api/v1/attendance/imports/{pk}/rows/";
  permission: string;
  required: readonly string[];
  columns: readonly string[];
  shown: readonly PreviewColumn[];
};

const FACULTY_COLUMNS = ["name", "department_name", "email", "phone"] as const;
const alone = (columns: readonly string[]): PreviewColumn[] => columns.map((id) => ({ id, of: [id] }));
const NUMBERS = ["reg_no", "roll_no", "registration_no", "registration_number"] as const;

export const KINDS: Record<Kind, KindFacts> = {
  students: {
    path: STUDENTS,
    rows: `${STUDENTS}{pk}/rows/`,
    permission: "student.import",
    required: STUDENT_COLUMNS.slice(0, 6),
    columns: STUDENT_COLUMNS,
    shown: alone(STUDENT_COLUMNS),
  },
  faculty: {
    path: FACULTY,
    rows: `${FACULTY}{pk}/rows/`,
    permission: "faculty.import",
    required: ["name", "department_name"],
    columns: FACULTY_COLUMNS,
    shown: alone(FACULTY_COLUMNS),
  },
  attendance: {
    path: ATTENDANCE,
    rows: `${ATTENDANCE}{pk}/rows/`,
    permission: "attendance.upload",
    required: ["session_id", "reg_no", "status"],
    columns: ["session_id", "reg_no", "status", "check_in_time", "remarks"],
    shown: [
      { id: "marked_session", of: ["session_id", "date", "start_time", "group"] },
      { id: "marked_person", of: [...NUMBERS, "email", "user_id"] },
      { id: "mark", of: ["status", "present", "absent"] },
      { id: "check_in_time", of: ["check_in_time"] },
      { id: "remarks", of: ["remarks"] },
    ],
  },
};

/** The page where files of a kind are uploaded; a file of one session is followed by another of it. */
export const homeOf = (kind: Kind, options: Record<string, unknown> = {}) =>
  kind === "attendance"
    ? linkOptions({
        to: "/attendance/uploads",
        search: typeof options["session"] === "number" ? { session: String(options["session"]) } : {},
      })
    : linkOptions({ to: "/academics/imports", search: { kind } });

/** The page of one file. */
export const runLink = (kind: Kind, id: number) =>
  kind === "attendance"
    ? linkOptions({ to: "/attendance/uploads/$id", params: { id: String(id) } })
    : linkOptions({ to: "/academics/imports/$kind/$id", params: { kind, id: String(id) } });

export function kindOf(value: unknown): (typeof PEOPLE_KINDS)[number] {
  return value === "faculty" ? "faculty" : "students";
}

export const runUrl = (kind: Kind, id: number | string) => `${KINDS[kind].path}${id}/`;
export const templateUrl = (kind: Kind, format: "csv" | "xlsx") =>
  `${KINDS[kind].path}template/?format=${format}`;
export const errorsUrl = (kind: Kind, id: number, format: "csv" | "xlsx") =>
  `${runUrl(kind, id)}errors/?format=${format}`;

export type Session = Answer<"/api/v1/timetable/sessions/{pk}/", "get">;

export function sessionQuery(id: number | string) {
  const url = `/api/v1/timetable/sessions/${id}/`;
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<Session>(url, signal) });
}

const WORKING = new Set(["previewing", "committing"]);
const POLL = 1_500;
export const isWorking = (run: { status: string }) => WORKING.has(run.status);

export function runQuery(kind: Kind, id: number | string) {
  return queryOptions({
    queryKey: [runUrl(kind, id)],
    queryFn: ({ signal }) => getJson<Run>(runUrl(kind, id), signal),
    // The job may end between two looks at it.
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? POLL : false),
  });
}

/** A file of marks may be of one session; then its rows need not name it. */
export function upload(
  kind: Kind,
  file: File,
  options: Options,
  idempotencyKey: string,
  session?: number,
): Promise<ListedRun> {
  const form = new FormData();
  form.set("file", file);
  if (session !== undefined) {
    form.set("auto_create", String(options.auto_create));
    const path = `/api/v1/attendance/sessions/${session}/imports/`;
    return writeJson<ListedRun>("POST", path, form, { idempotencyKey });
  }
  form.set("mode", options.mode);
  form.set("auto_create", String(options.auto_create));
  form.set("date_order", options.date_order);
  return writeJson<ListedRun>("POST", KINDS[kind].path, form, { idempotencyKey });
}

export function commit(kind: Kind, id: number, partial: boolean): Promise<ListedRun> {
  return writeJson<ListedRun>("POST", `${runUrl(kind, id)}commit/`, { confirm: true, partial });
}

/** A count of the summary; absent ones are zero. */
export function countOf(summary: Record<string, unknown>, name: string): number {
  const value = summary[name];
  return typeof value === "number" ? value : 0;
}

const PLAIN_COUNTS = new Set(["create", "update", "skip", "error", "total"]);

/** What a commit says it has written, beside the counts of rows. */
export function writtenCounts(summary: Record<string, unknown>): [string, number][] {
  return Object.entries(summary).filter(
    (entry): entry is [string, number] =>
      !PLAIN_COUNTS.has(entry[0]) && typeof entry[1] === "number" && entry[1] > 0,
  );
}
