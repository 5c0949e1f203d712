import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const APPLICATIONS = "/api/v1/academics/applications/";
export const STUDENTS = "/api/v1/academics/students/";
export const PEOPLE = "/api/v1/directory/persons/";

export type Application = Answer<"/api/v1/academics/applications/{pk}/", "get">;
export type ListedApplication = Row<typeof APPLICATIONS>;
export type Duplicate = Application["duplicates"][number];
export type Student = Answer<"/api/v1/academics/students/{pk}/", "get">;
export type Person = Answer<"/api/v1/directory/persons/{pk}/", "get">;

/** As tabs; the first one lists whatever was handed in. */
export const STATUSES = ["pending", "needs_review", "approved", "rejected", "withdrawn", "draft"] as const;

export const applicationUrl = (id: number | string) => `${APPLICATIONS}${id}/`;
export const paperUrl = (id: number, kind: string) => `${applicationUrl(id)}papers/${kind}/`;

export function recordQuery<T>(url: string) {
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<T>(url, signal) });
}

export const applicationQuery = (id: number | string) => recordQuery<Application>(applicationUrl(id));
