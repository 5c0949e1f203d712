import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/shellRoute";
import { attentionQuery, setupQuery } from "./queries";

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(attentionQuery);
    void context.queryClient.prefetchQuery(setupQuery);
  },
  component: lazyRouteComponent(() => import("./pages/HomePage"), "HomePage"),
});

export const homeRoutes = [homeRoute] as const;
