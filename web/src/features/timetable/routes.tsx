import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/shellRoute";
import { WeekSkeleton } from "./parts/WeekSkeleton";
import { weekQuery } from "./queries";

const weekRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/weeks/$weekId",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(weekQuery(Number(params.weekId))),
  pendingComponent: WeekSkeleton,
  component: lazyRouteComponent(() => import("./pages/WeekPage"), "WeekPage"),
});

export const timetableRoutes = [weekRoute] as const;
