import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { can } from "../../api/me";
import { shellRoute } from "../../app/shellRoute";
import { attentionQuery, BOARD_PERMISSION, boardQuery, SETUP_PERMISSION, setupQuery } from "./queries";

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(attentionQuery);
    if (can(context.me, BOARD_PERMISSION)) void context.queryClient.prefetchQuery(boardQuery);
    if (can(context.me, SETUP_PERMISSION)) void context.queryClient.prefetchQuery(setupQuery);
  },
  component: lazyRouteComponent(() => import("./pages/HomePage"), "HomePage"),
});

export const homeRoutes = [homeRoute] as const;
