import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { urlOf } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const REQUESTS = "/api/v1/academics/requests/";
export const TYPES = "/api/v1/academics/request-types/";
export const UPLOADS = `${REQUESTS}attachments/`;

export type Request = Answer<"/api/v1/academics/requests/{pk}/", "get">;
export type ListedRequest = Row<typeof REQUESTS>;
export type RequestType = Row<typeof TYPES>;
export type Paper = Request["attachments"][number];
export type Remark = Request["remarks"][number];
export type Upload = Answer<typeof UPLOADS, "post">[number];

export const STATUSES = [
  "pending",
  "under_review",
  "approved",
  "completed",
  "rejected",
  "cancelled",
] as const;
export const PRIORITIES = ["low", "medium", "high", "urgent"] as const;
/** Roles that requests may be served by; what each may do with them the server decides. */
export const HANDLER_ROLES = ["registrar", "coordinator", "exam_cell", "finance", "admin"] as const;
export const PAPER_TYPES = "application/pdf,image/png,image/jpeg";

export const requestUrl = (id: number | string) => `${REQUESTS}${id}/`;

/** Where the server tells what a request of a type would meet now. */
export const readinessUrl = (type: string | null, student: number | null) =>
  type === null ? null : urlOf(`${REQUESTS}readiness/`, { type, student });

export function requestQuery(id: number | string) {
  return queryOptions({
    queryKey: [requestUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/academics/requests/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}

export function handlersQuery(id: number) {
  return queryOptions({
    queryKey: [`${requestUrl(id)}handlers/`],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/academics/requests/{pk}/handlers/", { params: { path: { pk: id } }, signal })),
  });
}

export const openTypes = { is_active: true, page_size: 200 } as const;
