import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import {
  DEPARTMENTS,
  type Department,
  HOLIDAYS,
  LEAVES,
  type Leave,
  PEOPLE,
  type Person,
  PLACES,
  type Place,
  recordQuery,
  treeQuery,
} from "./queries";

const peopleSearch = listSearch("role", "department", "is_active");
const placesSearch = listSearch("view");
const leavesSearch = listSearch("status", "kind", "person", "on");
const holidaysSearch = listSearch("kind", "scope_kind", "start_date", "end_date");

const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/people",
  validateSearch: peopleSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(PEOPLE, deps)),
  component: lazyRouteComponent(() => import("./pages/PeoplePage"), "PeoplePage"),
});

const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/people/$id",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<Person>(PEOPLE, params.id)),
  component: lazyRouteComponent(() => import("./pages/PersonPage"), "PersonPage"),
});

const departmentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/departments",
  loader: ({ context }) => void context.queryClient.prefetchQuery(treeQuery<Department>(DEPARTMENTS)),
  component: lazyRouteComponent(() => import("./pages/DepartmentsPage"), "DepartmentsPage"),
});

const placesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/places",
  validateSearch: placesSearch,
  loader: ({ context }) => void context.queryClient.prefetchQuery(treeQuery<Place>(PLACES)),
  component: lazyRouteComponent(() => import("./pages/PlacesPage"), "PlacesPage"),
});

const leavesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/leave",
  validateSearch: leavesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(LEAVES, deps)),
  component: lazyRouteComponent(() => import("./pages/LeavesPage"), "LeavesPage"),
});

const leaveRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/leave/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(recordQuery<Leave>(LEAVES, params.id)),
  component: lazyRouteComponent(() => import("./pages/LeavePage"), "LeavePage"),
});

const holidaysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "directory/holidays",
  validateSearch: holidaysSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(HOLIDAYS, deps)),
  component: lazyRouteComponent(() => import("./pages/HolidaysPage"), "HolidaysPage"),
});

export const directoryRoutes = [
  peopleRoute,
  personRoute,
  departmentsRoute,
  placesRoute,
  leavesRoute,
  leaveRoute,
  holidaysRoute,
] as const;
