import { queryOptions } from "@tanstack/react-query";
import { listQuery } from "../../api/lists";
import { Problem } from "../../api/problem";
import { getJson, urlOf, writeJson } from "../../api/transport";
import type { Answer, Page, Row } from "../../api/types";

export const SETTINGS = "/api/v1/directory/settings/";
export const MEMBERSHIPS = "/api/v1/directory/memberships/";
export const INVITATIONS = "/api/v1/directory/invitations/";
export const STUDENTS = "/api/v1/academics/students/";
export const PEOPLE = "/api/v1/directory/persons/";

export type Setting = Row<typeof SETTINGS>;
export type Membership = Row<typeof MEMBERSHIPS>;
export type Invitation = Row<typeof INVITATIONS>;
export type Sent = Answer<typeof INVITATIONS, "post">;
export type Invited = Answer<"/api/v1/directory/invitations/bulk/", "post">;
export type Welcome = Answer<"/api/v1/directory/invitations/accept/{token}/", "get">;
export type Accepted = Answer<"/api/v1/directory/invitations/accept/", "post">;

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
export const SCOPES = ["institution", "department", "program", "batch"] as const;
export const PURPOSES = ["join", "reset"] as const;

export const settingsQuery = listQuery(SETTINGS);

const ACCEPT = `${INVITATIONS}accept/`;

export function welcomeQuery(token: string) {
  return queryOptions({
    queryKey: [ACCEPT, token],
    queryFn: ({ signal }) => getJson<Welcome>(`${ACCEPT}${encodeURIComponent(token)}/`, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The account of this browser, if it has one; nobody being signed in is an answer, not a failure. */
export const ownAccountQuery = queryOptions({
  queryKey: ["own-account"],
  queryFn: async ({ signal }) => {
    try {
      return (await getJson<{ user: { username: string } }>("/api/v1/me/", signal)).user.username;
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) return null;
      throw error;
    }
  },
  retry: false,
});

export function accept(body: { token: string; username?: string; password?: string }): Promise<Accepted> {
  return writeJson<Accepted>("POST", ACCEPT, body);
}

export function send(body: Record<string, unknown>, idempotencyKey?: string): Promise<Sent> {
  return writeJson<Sent>("POST", INVITATIONS, body, { idempotencyKey });
}

/** As many as one round invites. */
export const MOST = 200;

/** All of them or nobody; links come back for those without an address, and only now. */
export async function sendMany(persons: number[]): Promise<Invited["results"]> {
  return (await writeJson<Invited>("POST", `${INVITATIONS}bulk/`, { persons })).results;
}

/** Every row of a list, page by page. */
export async function everyRow<R>(
  path: string,
  filters: Record<string, string | number | boolean | undefined>,
): Promise<R[]> {
  const rows: R[] = [];
  for (let page = 1; ; page += 1) {
    const { results, next } = await getJson<Page<R>>(urlOf(path, { ...filters, page, page_size: MOST }));
    rows.push(...results);
    if (next === null) return rows;
  }
}
