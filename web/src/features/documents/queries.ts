// What the screens of documents ask the server.
import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { urlOf } from "../../api/transport";
import type { Answer, Row } from "../../api/types";

export const DOCUMENTS = "/api/v1/transcripts/";
export const BATCH_LINES = "/api/v1/transcripts/batch/{pk}/lines/";

export type IssuedDocument = Answer<"/api/v1/transcripts/{pk}/", "get">;
export type ListedDocument = Row<typeof DOCUMENTS>;
export type Batch = Answer<"/api/v1/transcripts/batch/{pk}/", "get">;
export type BatchLine = Row<typeof BATCH_LINES>;
export type Enqueued = Answer<"/api/v1/transcripts/enqueue/", "post">;

export const KINDS = ["transcript", "bonafide", "noc", "other"] as const;
export const CERTIFICATES = ["other", "bonafide", "noc"] as const;
export const STATUSES = ["issued", "superseded", "revoked"] as const;
export const LANGUAGES = ["en", "ur", "both"] as const;
export const ISSUE = "document.issue";

export const documentUrl = (id: number | string) => `${DOCUMENTS}${id}/`;
export const batchUrl = (id: number | string) => `${DOCUMENTS}batch/${id}/`;

/** Where the server tells whether a document of a learner could be issued now. */
export const readinessUrl = (student: number | null, kind: string) =>
  student === null ? null : urlOf(`${DOCUMENTS}readiness/`, { student_id: student, kind });

const WHILE_DRAWN = 1_500;

export function documentQuery(id: number | string) {
  return queryOptions({
    queryKey: [documentUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/transcripts/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
    refetchInterval: ({ state }) => (state.data && !state.data.is_ready ? WHILE_DRAWN : false),
  });
}

export function batchQuery(id: number | string) {
  return queryOptions({
    queryKey: [batchUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/transcripts/batch/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}
