// What the screens of learning material ask the server.
import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer, Row } from "../../api/types";

export const MATERIALS = "/api/v1/academics/materials/";
export const FEED = "/api/v1/academics/materials/feed/";
export const RECEIPTS = "/api/v1/academics/materials/{pk}/receipts/";
export const PUBLISHES = "material.publish";

export type Material = Answer<"/api/v1/academics/materials/{pk}/", "get">;
export type ListedMaterial = Row<typeof MATERIALS>;
export type Shared = Row<typeof FEED>;
export type Reader = Row<typeof RECEIPTS>;
export type Opened = Answer<"/api/v1/academics/materials/{pk}/open/", "post">;

export const STATUSES = ["draft", "published", "archived"] as const;
export const KINDS = ["file", "link"] as const;
export const FILE_TYPES =
  ".pdf,.doc,.docx,.ppt,.pptx,.xls,.xlsx,.odt,.odp,.ods,.txt,.csv,.md,.png,.jpg,.jpeg,.webp,.mp3,.mp4,.zip";

export const materialUrl = (id: number | string) => `${MATERIALS}${id}/`;

export function materialQuery(id: number | string) {
  return queryOptions({
    queryKey: [materialUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/academics/materials/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}

export function sharedQuery(id: number | string) {
  return queryOptions({
    queryKey: [`${FEED}${id}/`],
    queryFn: ({ signal }) =>
      ok(
        client.GET("/api/v1/academics/materials/feed/{pk}/", {
          params: { path: { pk: Number(id) } },
          signal,
        }),
      ),
  });
}
