// What the attendance screens ask the server.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { getJson, type Query, urlOf } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const ATTENDANCE = "/api/v1/attendance/";
export const CORRECTIONS = "/api/v1/attendance/corrections/";
export const OWN_SESSIONS = "/api/v1/attendance/mine/sessions/";
export const STANDINGS = "/api/v1/attendance/eligibility/";
export const LISTS = "/api/v1/attendance/eligibility-lists/";
export const PEOPLE = "/api/v1/attendance/eligibility-lists/{pk}/people/";
export const DIFFERENCES = "/api/v1/attendance/eligibility-lists/{pk}/differences/";
export const CONDONATIONS = "/api/v1/attendance/condonations/";
export const POLICIES = "/api/v1/attendance/policies/";
export const CORRECTION_STATUSES = ["pending", "accepted", "declined", "withdrawn"] as const;
export const LIST_STATUSES = ["draft", "frozen", "superseded"] as const;
export const CONDONATION_STATUSES = ["requested", "granted", "refused", "revoked"] as const;
export const CODES = ["eligible", "condoned", "below_threshold", "no_sessions"] as const;
export const POLICY_STATUSES = ["draft", "active"] as const;
export const EXCUSING = ["exclude", "attended", "absent"] as const;
export const PAPER_TYPES = "application/pdf,image/png,image/jpeg";
export const MARKS = ["present", "late", "absent", "excused"] as const;

export type Mark = (typeof MARKS)[number];
export type Session = Row<"/api/v1/timetable/sessions/">;
type Written = Answer<"/api/v1/attendance/sessions/{pk}/register/", "get">;
export type Register = Omit<Written, "session"> & { session: Session };
export type Line = Written["lines"][number];
export type Mine = Answer<"/api/v1/attendance/mine/", "get">;
export type Standing = Mine["overall"];
export type OwnLine = Row<typeof OWN_SESSIONS>;
export type LearnerStanding = Row<typeof STANDINGS>;
export type EligibilityList = Answer<"/api/v1/attendance/eligibility-lists/{pk}/", "get">;
export type ListedList = Row<typeof LISTS>;
export type EligibilityLine = Row<typeof PEOPLE>;
export type Difference = Row<typeof DIFFERENCES>;
export type Condonation = Answer<"/api/v1/attendance/condonations/{pk}/", "get">;
export type Policy = Answer<"/api/v1/attendance/policies/{pk}/", "get">;
export type ListedPolicy = Row<typeof POLICIES>;
export type PolicyPreview = Answer<"/api/v1/attendance/policies/{pk}/preview/", "get">;
export type PolicyExample = Answer<"/api/v1/attendance/policies/example/", "get">;
export type Correction = Answer<"/api/v1/attendance/corrections/{pk}/", "get">;

export const sessionUrl = (session: number | string) => `${ATTENDANCE}sessions/${session}/`;
export const registerUrl = (session: number | string) => `${sessionUrl(session)}register/`;
export const correctionUrl = (id: number | string) => `${CORRECTIONS}${id}/`;
export const listUrl = (id: number | string) => `${LISTS}${id}/`;
export const policyUrl = (id: number | string) => `${POLICIES}${id}/`;
export const condonationUrl = (id: number | string) => `${CONDONATIONS}${id}/`;

export function registerQuery(session: number | string) {
  return queryOptions({
    queryKey: [registerUrl(session)],
    queryFn: ({ signal }) => getJson<Register>(registerUrl(session), signal),
    staleTime: 0,
  });
}

export type Span = { start_date?: string | undefined; end_date?: string | undefined };

export function mineQuery(span: Span = {}) {
  return queryOptions({
    queryKey: [`${ATTENDANCE}mine/`, span],
    queryFn: ({ signal }) => getJson<Mine>(urlOf(`${ATTENDANCE}mine/`, span), signal),
  });
}

export function correctionQuery(id: number | string) {
  return queryOptions({
    queryKey: [correctionUrl(id)],
    queryFn: ({ signal }) =>
      ok(
        client.GET("/api/v1/attendance/corrections/{pk}/", { params: { path: { pk: Number(id) } }, signal }),
      ),
  });
}

export function eligibilityListQuery(id: number | string) {
  return queryOptions({
    queryKey: [listUrl(id)],
    queryFn: ({ signal }) =>
      ok(
        client.GET("/api/v1/attendance/eligibility-lists/{pk}/", {
          params: { path: { pk: Number(id) } },
          signal,
        }),
      ),
  });
}

export function condonationQuery(id: number | string) {
  return queryOptions({
    queryKey: [condonationUrl(id)],
    queryFn: ({ signal }) =>
      ok(
        client.GET("/api/v1/attendance/condonations/{pk}/", { params: { path: { pk: Number(id) } }, signal }),
      ),
  });
}

export function policyQuery(id: number | string) {
  return queryOptions({
    queryKey: [policyUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/attendance/policies/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}

/** Whose eligibility a draft would change. */
export function previewQuery(id: number, version: number) {
  return queryOptions({
    queryKey: [`${policyUrl(id)}preview/`, version],
    queryFn: ({ signal }) => getJson<PolicyPreview>(`${policyUrl(id)}preview/`, signal),
  });
}

/** How somebody would stand under terms that are being written; the server reckons. */
export function exampleQuery(asked: Query) {
  return queryOptions({
    queryKey: [`${POLICIES}example/`, asked],
    queryFn: ({ signal }) => getJson<PolicyExample>(urlOf(`${POLICIES}example/`, asked), signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
