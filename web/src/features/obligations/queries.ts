// What the screens of obligations ask the server.
import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer, Row } from "../../api/types";

export const OBLIGATIONS = "/api/v1/academics/obligations/";
export const REQUIREMENTS = "/api/v1/academics/requirements/";

export type Obligation = Answer<"/api/v1/academics/obligations/{pk}/", "get">;
export type ListedObligation = Row<typeof OBLIGATIONS>;
export type Requirement = Row<typeof REQUIREMENTS>;

export const STATUSES = ["pending", "submitted", "rejected", "verified", "waived"] as const;
export const LOCKS = ["request", "document", "exam_admission", "enrolment"] as const;
export const FIELDS = [
  "phone",
  "emergency_contact",
  "father_name",
  "name_latin",
  "date_of_birth",
  "national_id",
] as const;
export const PAPER_TYPES = "application/pdf,image/png,image/jpeg";

export const obligationUrl = (id: number | string) => `${OBLIGATIONS}${id}/`;

export function obligationQuery(id: number | string) {
  return queryOptions({
    queryKey: [obligationUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/academics/obligations/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}
