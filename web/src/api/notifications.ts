// Notifications: what the bell shows, and reading them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, ok } from "./client";
import { listQuery } from "./lists";
import { meQuery } from "./me";

export const NOTIFICATIONS = "/api/v1/comms/notifications/";
const SHOWN = 8;

export const unreadQuery = listQuery(NOTIFICATIONS, { unread: true, page_size: SHOWN });

function useRefresh() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: [NOTIFICATIONS] }),
      queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
    ]);
}

export function useReadNotification() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (pk: number) =>
      ok(client.POST("/api/v1/comms/notifications/{pk}/read/", { params: { path: { pk } } })),
    onSettled: refresh,
  });
}

export function useReadAll() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () =>
      ok(client.POST("/api/v1/comms/notifications/mark-read/", { body: { all: true, ids: [] } })),
    onSettled: refresh,
  });
}
