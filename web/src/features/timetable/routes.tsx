import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../app/shellRoute";
import { WeekSkeleton } from "./parts/WeekSkeleton";
import { sessionQuery, weekQuery } from "./queries";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function day(value: unknown): string | undefined {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

const weeksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/weeks",
  validateSearch: (
    raw: Record<string, unknown>,
  ): { scope?: string | undefined; from?: string | undefined } => ({
    scope: typeof raw.scope === "string" ? raw.scope : undefined,
    from: day(raw.from),
  }),
  component: lazyRouteComponent(() => import("./pages/WeeksPage"), "WeeksPage"),
});

const weekRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/weeks/$weekId",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(weekQuery(Number(params.weekId))),
  pendingComponent: WeekSkeleton,
  component: lazyRouteComponent(() => import("./pages/WeekPage"), "WeekPage"),
});

const myWeekRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/my-week",
  validateSearch: (raw: Record<string, unknown>): { date?: string | undefined } => ({ date: day(raw.date) }),
  component: lazyRouteComponent(() => import("./pages/MyWeekPage"), "MyWeekPage"),
});

const roomsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/rooms",
  validateSearch: (
    raw: Record<string, unknown>,
  ): { room?: number | undefined; date?: string | undefined } => ({
    room: id(raw.room),
    date: day(raw.date),
  }),
  component: lazyRouteComponent(() => import("./pages/RoomBoardPage"), "RoomBoardPage"),
});

const sessionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/sessions/$sessionId",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(sessionQuery(Number(params.sessionId))),
  component: lazyRouteComponent(() => import("./pages/SessionPage"), "SessionPage"),
});

const printRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/print",
  component: lazyRouteComponent(() => import("./pages/PrintDeskPage"), "PrintDeskPage"),
});

export const timetableRoutes = [
  weeksRoute,
  weekRoute,
  myWeekRoute,
  roomsRoute,
  sessionRoute,
  printRoute,
] as const;
