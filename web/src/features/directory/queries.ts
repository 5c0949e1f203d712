import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson, urlOf } from "../../api/transport";
import type { Answer, Body, Row } from "../../api/types";

export const PEOPLE = "/api/v1/directory/persons/";
export const CONTACTS = "/api/v1/directory/contact-info/";
export const DEPARTMENTS = "/api/v1/directory/departments/";
export const PLACES = "/api/v1/directory/places/";
export const FEATURES = "/api/v1/directory/room-features/";
export const LEAVES = "/api/v1/directory/leaves/";
export const HOLIDAYS = "/api/v1/directory/holidays/";

export type Person = Answer<"/api/v1/directory/persons/{pk}/", "get">;
export type Contact = Row<typeof CONTACTS>;
export type Department = Row<typeof DEPARTMENTS>;
export type Place = Row<typeof PLACES>;
export type Feature = Row<typeof FEATURES>;
export type Leave = Answer<"/api/v1/directory/leaves/{pk}/", "get">;
export type ListedLeave = Row<typeof LEAVES>;
export type Holiday = Required<Body<"/api/v1/directory/holidays/{pk}/", "patch">> & {
  id: number;
  version: number;
};
export type FreeRoom = Answer<"/api/v1/timetable/free-rooms/", "get">["results"][number];

export type Account = "hidden" | "there" | "invited" | "none";

/** What a reader may be told of somebody's account. */
export function accountOf(person: Pick<Person, "has_account" | "has_live_invitation">): Account {
  if (person.has_account === null) return "hidden";
  if (person.has_account) return "there";
  return person.has_live_invitation ? "invited" : "none";
}

export const ROLES = [
  "admin",
  "registrar",
  "coordinator",
  "department_head",
  "faculty",
  "office_assistant",
  "exam_cell",
  "finance",
  "student",
  "auditor",
] as const;
export const GENDERS = ["female", "male", "other", "undisclosed"] as const;
export const CONTACT_KINDS = ["phone", "email", "whatsapp", "emergency_contact"] as const;
export const DEPARTMENT_KINDS = ["hospital", "faculty", "department", "unit", "office"] as const;
export const PLACE_KINDS = ["site", "building", "floor", "room"] as const;
export const LEAVE_KINDS = ["medical", "personal", "academic", "absence", "annual", "other"] as const;
export const LEAVE_STATUSES = ["pending", "approved", "rejected", "cancelled", "completed"] as const;
export const HOLIDAY_KINDS = ["public", "institution", "exam_break"] as const;
export const HOLIDAY_SCOPES = ["institution", "program", "batch"] as const;

/** One record by its list's path. */
export function recordQuery<T>(path: string, id: number | string) {
  const url = `${path}${id}/`;
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<T>(url, signal) });
}

/** A whole tree in one answer. */
export function treeQuery<T>(path: typeof DEPARTMENTS | typeof PLACES) {
  return queryOptions({
    queryKey: [path, { tree: true }],
    queryFn: ({ signal }) =>
      getJson<{ results: T[] }>(urlOf(path, { tree: true }), signal).then(({ results }) => results),
  });
}

/** The name of a person of whom only the id is at hand. */
export function usePersonName(id: number | null): string | null {
  const { data } = useQuery({ ...recordQuery<Person>(PEOPLE, id ?? 0), enabled: id !== null });
  return data?.name ?? null;
}
