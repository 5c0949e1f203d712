import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import {
  ALERTS,
  alertQuery,
  chainQuery,
  currentReleaseQuery,
  JOBS,
  JOURNAL,
  overviewQuery,
  PROCESSES,
  queuesQuery,
  scheduleQuery,
  settingsQuery,
  WINDOWS,
  windowQuery,
} from "./queries";

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations",
  loader: ({ context }) => void context.queryClient.prefetchQuery(overviewQuery),
  component: lazyRouteComponent(() => import("./pages/OverviewPage"), "OverviewPage"),
});

const alertsSearch = listSearch("status", "severity");

const alertsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/alerts",
  validateSearch: alertsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(ALERTS, deps)),
  component: lazyRouteComponent(() => import("./pages/AlertsPage"), "AlertsPage"),
});

const alertRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/alerts/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(alertQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/AlertPage"), "AlertPage"),
});

const jobsSearch = listSearch("status", "queue", "name", "from", "to");

const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/jobs",
  validateSearch: jobsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(queuesQuery);
    void context.queryClient.prefetchQuery(listQuery(JOBS, deps));
  },
  component: lazyRouteComponent(() => import("./pages/JobsPage"), "JobsPage"),
});

const scheduleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/schedule",
  loader: ({ context }) => void context.queryClient.prefetchQuery(scheduleQuery),
  component: lazyRouteComponent(() => import("./pages/SchedulePage"), "SchedulePage"),
});

const processesSearch = listSearch("kind");

const processesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/processes",
  validateSearch: processesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(PROCESSES, deps)),
  component: lazyRouteComponent(() => import("./pages/ProcessesPage"), "ProcessesPage"),
});

const windowsSearch = listSearch("is_over");

const windowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/maintenance",
  validateSearch: windowsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(WINDOWS, deps)),
  component: lazyRouteComponent(() => import("./pages/MaintenancePage"), "MaintenancePage"),
});

const windowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/maintenance/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(windowQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/WindowPage"), "WindowPage"),
});

const backupsSearch = listSearch("status");

const backupsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/backups",
  validateSearch: backupsSearch, // nothing is fetched ahead: who sees drills alone may not ask for sets
  component: lazyRouteComponent(() => import("./pages/BackupsPage"), "BackupsPage"),
});

const releasesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/releases",
  loader: ({ context }) => void context.queryClient.prefetchQuery(currentReleaseQuery),
  component: lazyRouteComponent(() => import("./pages/ReleasesPage"), "ReleasesPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/settings",
  loader: ({ context }) => void context.queryClient.prefetchQuery(settingsQuery),
  component: lazyRouteComponent(() => import("./pages/SettingsPage"), "SettingsPage"),
});

const journalSearch = listSearch("chain", "kind", "from", "to");

const journalRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "operations/journal",
  validateSearch: journalSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(chainQuery(deps.chain));
    void context.queryClient.prefetchQuery(listQuery(JOURNAL, deps));
  },
  component: lazyRouteComponent(() => import("./pages/JournalPage"), "JournalPage"),
});

export const operationRoutes = [
  overviewRoute,
  alertsRoute,
  alertRoute,
  jobsRoute,
  scheduleRoute,
  processesRoute,
  windowsRoute,
  windowRoute,
  backupsRoute,
  releasesRoute,
  settingsRoute,
  journalRoute,
] as const;
