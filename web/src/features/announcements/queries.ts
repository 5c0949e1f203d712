import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { getJson, writeJson } from "../../api/transport";
import type { Answer, Row } from "../../api/types";
import { type Audience, namedOf } from "../../ui/audience/audience";

export const ANNOUNCEMENTS = "/api/v1/comms/announcements/";
export const BOARD = "/api/v1/comms/board/";

export type Announcement = Answer<"/api/v1/comms/announcements/{pk}/", "get">;
export type ListedAnnouncement = Row<typeof ANNOUNCEMENTS>;
export type Posted = Row<typeof BOARD>;
export type Reach = { count: number; sample: string[] };

export const SENDS = "announcement.send";
export const STATUSES = ["draft", "scheduled", "sending", "sent", "cancelled"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
const WHILE_SENDING = 2_000;

export const announcementUrl = (id: number | string) => `${ANNOUNCEMENTS}${id}/`;

export function announcementQuery(id: number | string) {
  return queryOptions({
    queryKey: [announcementUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/comms/announcements/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
    refetchInterval: ({ state }) => (state.data?.status === "sending" ? WHILE_SENDING : false),
  });
}

export function postedQuery(id: number | string) {
  const url = `${BOARD}${id}/`;
  return queryOptions({ queryKey: [url], queryFn: ({ signal }) => getJson<Posted>(url, signal) });
}

/** How many an audience reaches now; asked only where something is named. */
export function reachQuery(audience: Audience) {
  const named = namedOf(audience);
  return queryOptions({
    queryKey: [`${ANNOUNCEMENTS}preview-audience/`, named],
    queryFn: () => writeJson<Reach>("POST", `${ANNOUNCEMENTS}preview-audience/`, { audience: named }),
    enabled: named.length > 0,
    staleTime: 10_000,
    retry: false,
  });
}
