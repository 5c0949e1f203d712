// Notifications: how many are unread, what the bell shows, and reading them.
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, ok } from "./client";
import { listQuery } from "./lists";
import { can, meQuery, useMe } from "./me";

export const NOTIFICATIONS = "/api/v1/comms/notifications/";
const SHOWN = 8;
const EVERY = 60_000;

export const unreadQuery = listQuery(NOTIFICATIONS, { unread: true, page_size: SHOWN });

const countQuery = queryOptions({
  queryKey: [`${NOTIFICATIONS}unread-count/`],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/comms/notifications/unread-count/", { signal })),
  refetchInterval: EVERY,
  refetchOnWindowFocus: "always",
});

/** How many are unread: asked for every minute, and when one comes back to the page. */
export function useUnreadCount(): number {
  const me = useMe();
  const { data } = useQuery({ ...countQuery, enabled: can(me, "notification.view") });
  return data?.unread ?? me.unread_notifications;
}

/** Asks for the count again. */
export function useRecount(): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: countQuery.queryKey });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [[NOTIFICATIONS], countQuery.queryKey, meQuery.queryKey].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
}

export function useReadNotification() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (pk: number) =>
      ok(client.POST("/api/v1/comms/notifications/{pk}/read/", { params: { path: { pk } } })),
    onSettled: refresh,
  });
}

/** Marks these as read, or all of them. */
export function useMarkRead() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (which: number[] | "all") =>
      ok(
        client.POST("/api/v1/comms/notifications/mark-read/", {
          body: which === "all" ? { all: true, ids: [] } : { all: false, ids: which },
        }),
      ),
    onSettled: refresh,
  });
}
