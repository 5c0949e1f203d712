import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { can } from "../../api/me";
import { shellRoute } from "../../app/shellRoute";
import { attentionQuery, BOARD_PERMISSION, boardQuery, SETUP_PERMISSION, setupQuery } from "./queries";

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: ({ context }) => {
    // Who belongs to no institution has the platform to look after, and no inbox.
    if (!context.me.institution && can(context.me, "operations.view")) throw redirect({ to: "/operations" });
  },
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(attentionQuery);
    if (can(context.me, BOARD_PERMISSION)) void context.queryClient.prefetchQuery(boardQuery);
    if (can(context.me, SETUP_PERMISSION)) void context.queryClient.prefetchQuery(setupQuery);
  },
  component: lazyRouteComponent(() => import("./pages/HomePage"), "HomePage"),
});

export const homeRoutes = [homeRoute] as const;
