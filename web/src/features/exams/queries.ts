// What the screens of exams ask the server.
import { queryOptions } from "@tanstack/react-query";
import { getJson, urlOf } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const ASSESSMENT = "/api/v1/assessment/";
export const EXAMS = "/api/v1/assessment/exams/";
export const CANDIDATES = "/api/v1/assessment/exams/{pk}/candidates/";
export const COMPONENTS = "/api/v1/assessment/exams/{pk}/components/";
export const EXAMINERS = "/api/v1/assessment/exams/{pk}/examiners/";
export const RESULTS = "/api/v1/assessment/results/";
export const REVISIONS = "/api/v1/assessment/results/{pk}/revisions/";
export const MY_RESULTS = "/api/v1/assessment/my/results/";
export const CORRECTIONS = "/api/v1/assessment/corrections/";
export const SCHEMES = "/api/v1/assessment/grade-schemes/";

export type Gradebook = Answer<"/api/v1/assessment/sections/{pk}/gradebook/", "get">;
export type GradebookItem = Gradebook["items"][number];
export type Exam = Answer<"/api/v1/assessment/exams/{pk}/", "get">;
export type ListedExam = Row<typeof EXAMS>;
export type Component = Row<typeof COMPONENTS>;
export type Examiner = Row<typeof EXAMINERS>;
export type Candidate = Row<typeof CANDIDATES>;
export type Grid = Answer<"/api/v1/assessment/exams/{pk}/grid/", "get">;
export type GridRow = Grid["rows"][number];
export type GridCell = GridRow["cells"][number];
export type GridComponent = Grid["components"][number];
export type MarksSaved = Answer<"/api/v1/assessment/exams/{pk}/marks/", "patch">;
export type Statistics = Answer<"/api/v1/assessment/exams/{pk}/statistics/", "get">;
export type Result = Answer<"/api/v1/assessment/results/{pk}/", "get">;
export type ListedResult = Row<typeof RESULTS>;
export type OwnResult = Row<typeof MY_RESULTS>;
export type Correction = Answer<"/api/v1/assessment/corrections/{pk}/", "get">;
export type GradeScheme = Answer<"/api/v1/assessment/grade-schemes/{pk}/", "get">;
export type ListedScheme = Row<typeof SCHEMES>;
export type ListedCorrection = Row<typeof CORRECTIONS>;

export const EXAM_STATUSES = ["draft", "scheduled", "marking", "completed", "cancelled"] as const;
export const EXAM_TYPES = [
  "theory",
  "practical",
  "viva",
  "internal",
  "midterm",
  "final",
  "quiz",
  "assignment",
] as const;
export const PASSING_MODES = ["total_only", "component_wise", "hybrid"] as const;
export const RESULT_STATUSES = ["draft", "verified", "published", "frozen"] as const;
export const OUTCOMES = ["pass", "fail", "pending"] as const;
export const ADMISSIONS = ["admitted", "not_eligible", "withdrawn"] as const;
export const CORRECTION_STATUSES = ["proposed", "approved", "rejected", "withdrawn"] as const;

export const SCHEME_STATUSES = ["draft", "active"] as const;
export const MANAGE_SCHEMES = "grade_scheme.manage";

export const examUrl = (id: number | string) => `${EXAMS}${id}/`;
export const gridUrl = (id: number | string) => `${examUrl(id)}grid/`;
export const gradebookUrl = (section: number | string) => `${ASSESSMENT}sections/${section}/gradebook/`;
export const resultUrl = (id: number | string) => `${RESULTS}${id}/`;
export const correctionUrl = (id: number | string) => `${CORRECTIONS}${id}/`;

export const schemeUrl = (id: number | string) => `${SCHEMES}${id}/`;

const one = <T>(url: string) =>
  queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<T>(url, signal) });

export const examQuery = (id: number | string) => one<Exam>(examUrl(id));
export const resultQuery = (id: number | string) => one<Result>(resultUrl(id));
export const correctionQuery = (id: number | string) => one<Correction>(correctionUrl(id));
export const schemeQuery = (id: number | string) => one<GradeScheme>(schemeUrl(id));
export const statisticsQuery = (id: number | string) => one<Statistics>(`${examUrl(id)}statistics/`);
export const gradebookQuery = (section: number | string) => one<Gradebook>(gradebookUrl(section));
/** Whether one's transcript could be issued now; what blocks it changes elsewhere, so it is asked each time. */
export const transcriptQuery = () => ({
  ...one<Answer<"/api/v1/transcripts/readiness/", "get">>("/api/v1/transcripts/readiness/"),
  staleTime: 0,
});
export const gridQuery = (id: number | string) => ({ ...one<Grid>(gridUrl(id)), staleTime: 0 });

const ALL = { page_size: 200 };

/** Every component of an exam; there are few. */
export const componentsQuery = (id: number | string) => {
  const url = `${examUrl(id)}components/`;
  return queryOptions({
    queryKey: [url, ALL],
    queryFn: ({ signal }) => getJson<{ results: Component[] }>(urlOf(url, ALL), signal),
  });
};

export const examinersQuery = (id: number | string) => {
  const url = `${examUrl(id)}examiners/`;
  return queryOptions({
    queryKey: [url, ALL],
    queryFn: ({ signal }) => getJson<{ results: Examiner[] }>(urlOf(url, ALL), signal),
  });
};
