import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer, Row } from "../../api/types";

export const STUDENTS = "/api/v1/academics/students/";
export type Student = Answer<"/api/v1/academics/students/{pk}/", "get">;
export type ListedStudent = Row<typeof STUDENTS>;

export const STATUSES = ["active", "on_leave", "suspended", "inactive", "graduated"] as const;
export const GENDERS = ["female", "male", "other", "undisclosed"] as const;

export const studentUrl = (id: number | string) => `${STUDENTS}${id}/`;

export function studentQuery(id: number | string) {
  return queryOptions({
    queryKey: [studentUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/academics/students/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}

/** What a change of a student makes stale: the page, every list it stands in, and its history. */
export const staleAfter = (id: number) => [
  [studentUrl(id)],
  [STUDENTS],
  [`${studentUrl(id)}placements/`],
  [`${studentUrl(id)}timeline/`],
];
