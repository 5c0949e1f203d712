import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer, Row } from "../../api/types";

export const WEBHOOKS = "/api/v1/comms/webhooks/";
export const LOG = "/api/v1/comms/webhooks/{pk}/deliveries/";

export type Endpoint = Answer<"/api/v1/comms/webhooks/{pk}/", "get">;
export type ListedEndpoint = Row<typeof WEBHOOKS>;
export type WithSecret = Answer<"/api/v1/comms/webhooks/", "post">;
export type Sent = Row<typeof LOG>;
export type SentPage = Answer<"/api/v1/comms/webhooks/deliveries/{pk}/", "get">;
export type Attempt = SentPage["made"][number];
export type AppEvents = Answer<"/api/v1/comms/webhooks/events/", "get">["apps"][number];

export const STATUSES = ["pending", "retrying", "succeeded", "dead", "cancelled"] as const;
/** What can be sent once more. */
export const SETTLED = new Set<string>(["succeeded", "dead"]);
const UNDER_WAY = new Set<string>(["pending", "retrying"]);
const WHILE_UNDER_WAY = 3_000;

export const endpointUrl = (id: number | string) => `${WEBHOOKS}${id}/`;
export const sentUrl = (id: number | string) => `${WEBHOOKS}deliveries/${id}/`;

export function endpointQuery(id: number | string) {
  return queryOptions({
    queryKey: [endpointUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/comms/webhooks/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
  });
}

export function sentQuery(id: number) {
  return queryOptions({
    queryKey: [sentUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/comms/webhooks/deliveries/{pk}/", { params: { path: { pk: id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data && UNDER_WAY.has(state.data.status) ? WHILE_UNDER_WAY : false,
  });
}

export const eventsQuery = queryOptions({
  queryKey: [`${WEBHOOKS}events/`],
  queryFn: async ({ signal }) => (await ok(client.GET("/api/v1/comms/webhooks/events/", { signal }))).apps,
  staleTime: Number.POSITIVE_INFINITY,
});
