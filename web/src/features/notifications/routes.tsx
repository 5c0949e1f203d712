import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { NOTIFICATIONS } from "../../api/notifications";
import { shellRoute } from "../../app/shellRoute";

const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "notifications",
  validateSearch: listSearch("unread"),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(listQuery(NOTIFICATIONS, deps));
  },
  component: lazyRouteComponent(() => import("./pages/NotificationsPage"), "NotificationsPage"),
});

export const notificationRoutes = [notificationsRoute] as const;
