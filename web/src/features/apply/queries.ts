import { queryOptions } from "@tanstack/react-query";
import { getJson, urlOf } from "../../api/transport";
import type { Answer, Body } from "../../api/types";

export const APPLY = "/api/v1/academics/apply/";
export const INTAKES = `${APPLY}intakes/`;

export type OpenIntakes = Answer<"/api/v1/academics/apply/intakes/", "get">;
export type OpenIntake = OpenIntakes["intakes"][number];
export type Own = Answer<"/api/v1/academics/apply/{token}/", "get">;
export type Start = Body<"/api/v1/academics/apply/", "post">;

export const applicationUrl = (token: string) => `${APPLY}${encodeURIComponent(token)}/`;
export const paperUrl = (token: string, kind: string) => `${applicationUrl(token)}papers/${kind}/`;

export function openIntakesQuery(institution: string) {
  return queryOptions({
    queryKey: [INTAKES, institution],
    queryFn: ({ signal }) => getJson<OpenIntakes>(urlOf(INTAKES, { institution }), signal),
  });
}

/** Read once: what is typed on top of it must not be moved by a later reading. */
export function ownQuery(token: string) {
  const url = applicationUrl(token);
  return queryOptions({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Own>(url, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
