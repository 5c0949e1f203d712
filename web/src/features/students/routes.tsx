import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { STUDENTS, studentQuery } from "./queries";

const studentsSearch = listSearch("program", "batch", "group", "status", "without_placement");

const studentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/students",
  validateSearch: studentsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(STUDENTS, deps)),
  component: lazyRouteComponent(() => import("./pages/StudentsPage"), "StudentsPage"),
});

const studentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/students/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(studentQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/StudentPage"), "StudentPage"),
});

export const studentRoutes = [studentsRoute, studentRoute] as const;
