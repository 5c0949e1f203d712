import { queryOptions } from "@tanstack/react-query";
import { getJson, urlOf, writeJson } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const PROGRAMS = "/api/v1/academics/programs/";
export const BATCHES = "/api/v1/academics/batches/";
export const GROUPS = "/api/v1/academics/groups/";
export const TRACKS = "/api/v1/academics/tracks/";
export const PERIODS = "/api/v1/academics/academic-periods/";
export const COURSES = "/api/v1/academics/courses/";
export const SECTIONS = "/api/v1/academics/sections/";
export const SYLLABUS = "/api/v1/academics/syllabus-items/";
export const ENROLLMENTS = "/api/v1/academics/enrollments/";

export type Program = Answer<"/api/v1/academics/programs/{pk}/", "get">;
export type Batch = Answer<"/api/v1/academics/batches/{pk}/", "get">;
export type Group = Row<typeof GROUPS>;
export type Track = Row<typeof TRACKS>;
export type Period = Row<typeof PERIODS>;
export type PeriodDetail = Answer<"/api/v1/academics/academic-periods/{pk}/", "get">;
export type Course = Answer<"/api/v1/academics/courses/{pk}/", "get">;
export type Section = Answer<"/api/v1/academics/sections/{pk}/", "get">;
export type SyllabusItem = Row<typeof SYLLABUS>;
export type Enrollment = Row<typeof ENROLLMENTS>;
export type EnrollmentDetail = Answer<"/api/v1/academics/enrollments/{pk}/", "get">;
export type LaidOut = Answer<"/api/v1/academics/programs/{pk}/lay-out/", "post">;
export type Bulk = Answer<"/api/v1/academics/enrollments/bulk/", "post">;

export const PROGRAM_STATUSES = ["draft", "finalized", "retired"] as const;
export const STRUCTURES = ["yearly", "semester", "custom"] as const;
export const PERIOD_KINDS = ["year", "semester", "block", "rotation", "module"] as const;
export const PERIOD_STATUSES = ["planned", "open", "closed"] as const;
export const ENROLLMENT_STATUSES = ["active", "dropped", "withdrawn", "completed"] as const;

/** One record by its list's path. */
export function recordQuery<T>(path: string, id: number | string) {
  const url = `${path}${id}/`;
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<T>(url, signal) });
}

export type TreeSearch = { program?: string | number; batch?: string | number; is_template?: boolean };

/** The period tree, or a part of it, in one answer. */
export function treeQuery(search: TreeSearch) {
  const asked = { ...search, tree: true };
  return queryOptions({
    queryKey: [PERIODS, asked],
    queryFn: ({ signal }) =>
      getJson<{ count: number; results: Period[] }>(urlOf(PERIODS, asked), signal).then(
        ({ results }) => results,
      ),
  });
}

/** The dates a lay-out would give; asking writes nothing. */
export function layOutPreviewQuery(program: number, batch: number | null, start_date: string | null) {
  const url = `${PROGRAMS}${program}/lay-out/`;
  return queryOptions({
    queryKey: [url, batch, start_date],
    queryFn: () => writeJson<LaidOut>("POST", url, { batch, start_date, preview: true }),
    enabled: batch !== null && start_date !== null,
    retry: false,
  });
}
