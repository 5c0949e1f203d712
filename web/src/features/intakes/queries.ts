import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../../api/transport";
import type { Answer } from "../../api/types";

export const INTAKES = "/api/v1/academics/intakes/";
export type Intake = Answer<"/api/v1/academics/intakes/{pk}/", "get">;

export const intakeUrl = (id: number | string) => `${INTAKES}${id}/`;

export function intakeQuery(id: number | string) {
  const url = intakeUrl(id);
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<Intake>(url, signal) });
}

/** Where whoever applies begins. */
export function publicAddress(institution: string): string {
  return `${window.location.origin}/apply?institution=${encodeURIComponent(institution)}`;
}
