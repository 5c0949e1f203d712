import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { NOTIFICATIONS } from "../../api/notifications";
import { shellRoute } from "../../app/shellRoute";
import { preferencesQuery } from "./queries";

const notificationsSearch = listSearch("unread", "family");

const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "notifications",
  validateSearch: notificationsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(listQuery(NOTIFICATIONS, deps));
  },
  component: lazyRouteComponent(() => import("./pages/NotificationsPage"), "NotificationsPage"),
});

const preferencesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "notifications/preferences",
  loader: ({ context }) => context.queryClient.ensureQueryData(preferencesQuery),
  component: lazyRouteComponent(() => import("./pages/PreferencesPage"), "PreferencesPage"),
});

export const notificationRoutes = [notificationsRoute, preferencesRoute] as const;
