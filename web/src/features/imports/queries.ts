// The kinds of bulk file share one shape; their paths, permissions and columns differ.
import { queryOptions } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { fill } from "../../api/lists";
import { getJson, urlOf, writeJson } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

const STUDENTS = "/api/v1/academics/students/imports/";
const FACULTY = "/api/v1/directory/faculty/imports/";
const ATTENDANCE = "/api/v1/attendance/imports/";

const MARKS = "/api/v1/assessment/exams/{pk}/imports/";

/** The kinds that share the page of imports; attendance and the marks of an exam have pages of their own. */
export const PEOPLE_KINDS = ["students", "faculty"] as const satisfies Kind[];
export type Kind = "students" | "faculty" | "attendance" | "exam_marks";
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

/** A column of the preview and the columns of the file that it gathers; named by itself or by its words. */
type PreviewColumn = { id: string; of: readonly string[]; name?: string };
/** Where the files of one kind live, and what stands in them. */
export type Source = {
  kind: Kind;
  /** The list of the files and its rows as the interface names them, with what stands in their addresses. */
  path: typeof STUDENTS | typeof FACULTY | typeof ATTENDANCE | typeof MARKS;
  rows:
    | "/api/v1/academics/students/imports/{pk}/rows/"
    | "/api/v1/directory/faculty/imports/{pk}/rows/"
    | "/api/v1/attendance/imports/{pk}/rows/"
    | "/api/v1/assessment/exams/{pk}/imports/{run}/rows/";
  exam?: string;
  permission: string;
  required: readonly string[];
  columns: readonly string[];
  shown: readonly PreviewColumn[];
};

const FACULTY_COLUMNS = ["name", "department_name", "email", "phone"] as const;
const alone = (columns: readonly string[]): PreviewColumn[] => columns.map((id) => ({ id, of: [id] }));
const NUMBERS = ["reg_no", "roll_no", "registration_no", "registration_number"] as const;

export const KINDS: Record<Exclude<Kind, "exam_marks">, Source> = {
  students: {
    kind: "students",
    path: STUDENTS,
    rows: `${STUDENTS}{pk}/rows/`,
    permission: "student.import",
    required: STUDENT_COLUMNS.slice(0, 6),
    columns: STUDENT_COLUMNS,
    shown: alone(STUDENT_COLUMNS),
  },
  faculty: {
    kind: "faculty",
    path: FACULTY,
    rows: `${FACULTY}{pk}/rows/`,
    permission: "faculty.import",
    required: ["name", "department_name"],
    columns: FACULTY_COLUMNS,
    shown: alone(FACULTY_COLUMNS),
  },
  attendance: {
    kind: "attendance",
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

type Part = { name: string; sequence: number };

/** The files of marks of one exam: a column for each component, by its name or as C1, C2… */
export function marksOf(exam: string, parts: readonly Part[]): Source {
  const names = parts.map(({ name }) => name);
  const isFree = (heading: string) => !names.includes(heading);
  return {
    kind: "exam_marks",
    exam,
    path: MARKS,
    rows: `${MARKS}{run}/rows/`,
    permission: "result.enter",
    required: ["reg_no"],
    columns: ["reg_no", "email", "full_name", ...names],
    shown: [
      { id: "marked_person", of: ["reg_no", "email", "full_name", "name"] },
      ...parts.map(({ name, sequence }) => ({
        id: `part-${sequence}`,
        name,
        of: [name, ...[`C${sequence}`].filter(isFree)],
      })),
    ],
  };
}

/** The page where files of a kind are uploaded; a file of one session is followed by another of it. */
export function homeOf({ kind, exam = "" }: Source, options: Record<string, unknown> = {}) {
  const session = options["session"];
  if (kind === "attendance")
    return linkOptions({
      to: "/attendance/uploads",
      search: typeof session === "number" ? { session: String(session) } : {},
    });
  if (kind === "exam_marks")
    return linkOptions({ to: "/assessment/exams/$id/imports", params: { id: exam } });
  return linkOptions({ to: "/academics/imports", search: { kind } });
}

/** The page of one file. */
export function runLink({ kind, exam = "" }: Source, id: number) {
  const run = String(id);
  if (kind === "attendance") return linkOptions({ to: "/attendance/uploads/$id", params: { id: run } });
  if (kind === "exam_marks")
    return linkOptions({ to: "/assessment/exams/$id/imports/$run", params: { id: exam, run } });
  return linkOptions({ to: "/academics/imports/$kind/$id", params: { kind, id: run } });
}

export function kindOf(value: unknown): (typeof PEOPLE_KINDS)[number] {
  return value === "faculty" ? "faculty" : "students";
}

/** What stands in the addresses of the lists of a source. */
export const listParams = ({ exam }: Source): Record<string, string> =>
  exam === undefined ? {} : { pk: exam };
export const rowsParams = ({ exam }: Source, run: number): Record<string, string | number> =>
  exam === undefined ? { pk: run } : { pk: exam, run };

export const listUrl = (source: Source) => fill(source.path, listParams(source));
export const runUrl = (source: Source, id: number | string) => `${listUrl(source)}${id}/`;
/** A file to fill in: the template of the kind, or the marks of the exam as they stand. */
export const templateUrl = (source: Source, format: "csv" | "xlsx") =>
  source.exam === undefined
    ? `${source.path}template/?format=${format}`
    : `/api/v1/assessment/exams/${source.exam}/grid/export/?format=${format}`;
export const errorsUrl = (source: Source, id: number, format: "csv" | "xlsx") =>
  `${runUrl(source, id)}errors/?format=${format}`;

/** The components of an exam, which are the columns of its files. */
export const partsQuery = (exam: string) => {
  const url = urlOf(`/api/v1/assessment/exams/${exam}/components/`, { page_size: 200 });
  return queryOptions({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<{ results: Part[] }>(url, signal),
  });
};

export const examQuery = (exam: string) => {
  const url = `/api/v1/assessment/exams/${exam}/`;
  return queryOptions({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Answer<"/api/v1/assessment/exams/{pk}/", "get">>(url, signal),
  });
};

export type Session = Answer<"/api/v1/timetable/sessions/{pk}/", "get">;

export function sessionQuery(id: number | string) {
  const url = `/api/v1/timetable/sessions/${id}/`;
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<Session>(url, signal) });
}

const WORKING = new Set(["previewing", "committing"]);
const POLL = 1_500;
export const isWorking = (run: { status: string }) => WORKING.has(run.status);

export function runQuery(source: Source, id: number | string) {
  return queryOptions({
    queryKey: [runUrl(source, id)],
    queryFn: ({ signal }) => getJson<Run>(runUrl(source, id), signal),
    // The job may end between two looks at it.
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? POLL : false),
  });
}

/** A file of attendance may be of one session; then its rows need not name it. */
export function upload(
  source: Source,
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
  if (source.kind !== "exam_marks") {
    form.set("mode", options.mode);
    form.set("auto_create", String(options.auto_create));
    form.set("date_order", options.date_order);
  }
  return writeJson<ListedRun>("POST", listUrl(source), form, { idempotencyKey });
}

export function commit(source: Source, id: number, partial: boolean): Promise<ListedRun> {
  return writeJson<ListedRun>("POST", `${runUrl(source, id)}commit/`, { confirm: true, partial });
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
