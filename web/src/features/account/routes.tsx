import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { authenticatorsQuery, sessionsQuery } from "../../api/auth";
import { shellRoute } from "../../app/shellRoute";

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "account",
  loader: ({ context }) => {
    if (context.me.impersonation) return; // both are refused to whoever acts as somebody
    void context.queryClient.prefetchQuery(authenticatorsQuery);
    void context.queryClient.prefetchQuery(sessionsQuery);
  },
  component: lazyRouteComponent(() => import("./pages/AccountPage"), "AccountPage"),
});

export const accountRoutes = [accountRoute] as const;
