import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import type { Address } from "./grid/sheet";
import { WeekSkeleton } from "./parts/WeekSkeleton";
import { AVAILABILITIES, sessionQuery, weekQuery } from "./queries";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function day(value: unknown): string | undefined {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

const CELL = /^\d{1,2}:[0-6]$/;

/** A cell of the grid, to be opened at. */
function address(value: unknown): Address | undefined {
  return typeof value === "string" && CELL.test(value) ? (value as Address) : undefined;
}

const words = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const availabilitySearch = listSearch("subject_kind", "subject_id");
const sessionsSearch = listSearch(
  "batch",
  "group",
  "faculty",
  "room",
  "section",
  "status",
  "source",
  "holiday",
  "start_date",
  "end_date",
);

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
  validateSearch: (raw: Record<string, unknown>): { cell?: Address | undefined } => ({
    cell: address(raw.cell),
  }),
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

const sessionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/sessions",
  validateSearch: sessionsSearch,
  component: lazyRouteComponent(() => import("./pages/SessionsPage"), "SessionsPage"),
});

const availabilityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/availability",
  validateSearch: availabilitySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(AVAILABILITIES, deps)),
  component: lazyRouteComponent(() => import("./pages/AvailabilityPage"), "AvailabilityPage"),
});

const conflictsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "timetable/conflicts",
  validateSearch: (
    raw: Record<string, unknown>,
  ): {
    from?: string | undefined;
    to?: string | undefined;
    severity?: "block" | "warn" | undefined;
    code?: string | undefined;
  } => ({
    from: day(raw.from),
    to: day(raw.to),
    severity: raw.severity === "block" || raw.severity === "warn" ? raw.severity : undefined,
    code: words(raw.code),
  }),
  component: lazyRouteComponent(() => import("./pages/ConflictsPage"), "ConflictsPage"),
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
  sessionsRoute,
  sessionRoute,
  availabilityRoute,
  conflictsRoute,
  printRoute,
] as const;
