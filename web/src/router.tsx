// The only list of what is mounted: each feature brings its routes, the shell brings who is asking.
import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { RouteError } from "./app/RouteError";
import { rootRoute } from "./app/rootRoute";
import { notFoundRoute, shellRoute } from "./app/shellRoute";
import { academicRoutes } from "./features/academics/routes";
import { accountRoutes } from "./features/account/routes";
import { administrationRoutes, publicRoutes } from "./features/administration/routes";
import { announcementRoutes } from "./features/announcements/routes";
import { applicationRoutes } from "./features/applications/routes";
import { applyRoutes } from "./features/apply/routes";
import { attendanceRoutes } from "./features/attendance/routes";
import { deliveryRoutes } from "./features/deliveries/routes";
import { directoryRoutes } from "./features/directory/routes";
import { documentRoutes } from "./features/documents/routes";
import { examRoutes } from "./features/exams/routes";
import { homeRoutes } from "./features/home/routes";
import { importRoutes } from "./features/imports/routes";
import { inboxRoutes } from "./features/inbox/routes";
import { intakeRoutes } from "./features/intakes/routes";
import { materialRoutes } from "./features/materials/routes";
import { notificationRoutes } from "./features/notifications/routes";
import { obligationRoutes } from "./features/obligations/routes";
import { operationRoutes } from "./features/operations/routes";
import { requestRoutes } from "./features/requests/routes";
import { sessionRoutes } from "./features/session/routes";
import { studentRoutes } from "./features/students/routes";
import { timetableRoutes } from "./features/timetable/routes";
import { webhookRoutes } from "./features/webhooks/routes";
import { PageSkeleton } from "./ui/Skeletons";

const routeTree = rootRoute.addChildren([
  ...sessionRoutes,
  ...publicRoutes,
  ...applyRoutes,
  shellRoute.addChildren([
    ...homeRoutes,
    ...inboxRoutes,
    ...notificationRoutes,
    ...announcementRoutes,
    ...accountRoutes,
    ...timetableRoutes,
    ...attendanceRoutes,
    ...examRoutes,
    ...importRoutes,
    ...studentRoutes,
    ...academicRoutes,
    ...applicationRoutes,
    ...intakeRoutes,
    ...requestRoutes,
    ...obligationRoutes,
    ...materialRoutes,
    ...documentRoutes,
    ...directoryRoutes,
    ...administrationRoutes,
    ...deliveryRoutes,
    ...webhookRoutes,
    ...operationRoutes,
    notFoundRoute,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    // Freshness is the query cache's business, not the router's.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
