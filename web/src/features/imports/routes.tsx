import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { examQuery, KINDS, kindOf, marksOf, partsQuery, runQuery } from "./queries";

// Named before its route: written inside, its filters would be lost to the types.
const importsSearch = listSearch("kind");
const uploadsSearch = listSearch("session");
const rowsSearch = listSearch("action", "code");

const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/imports",
  validateSearch: importsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps: { kind, ...search } }) =>
    void context.queryClient.prefetchQuery(listQuery(KINDS[kindOf(kind)].path, search)),
  component: lazyRouteComponent(() => import("./pages/ImportsPage"), "ImportsPage"),
});

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/imports/$kind/$id",
  validateSearch: rowsSearch,
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(runQuery(KINDS[kindOf(params.kind)], params.id)),
  component: lazyRouteComponent(() => import("./pages/ImportPage"), "ImportPage"),
});

const uploadsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/uploads",
  validateSearch: uploadsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps: { session: _, ...search } }) =>
    void context.queryClient.prefetchQuery(listQuery(KINDS.attendance.path, search)),
  component: lazyRouteComponent(() => import("./pages/UploadsPage"), "UploadsPage"),
});

const uploadRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/uploads/$id",
  validateSearch: rowsSearch,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(runQuery(KINDS.attendance, params.id)),
  component: lazyRouteComponent(() => import("./pages/UploadPage"), "UploadPage"),
});

const marksFilesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams/$id/imports",
  validateSearch: uploadsSearch,
  loader: ({ context: { queryClient }, params: { id } }) =>
    Promise.all([queryClient.ensureQueryData(examQuery(id)), queryClient.ensureQueryData(partsQuery(id))]),
  component: lazyRouteComponent(() => import("./pages/MarksFilesPage"), "MarksFilesPage"),
});

const marksFileRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams/$id/imports/$run",
  validateSearch: rowsSearch,
  loader: async ({ context: { queryClient }, params: { id, run } }) => {
    const parts = queryClient.ensureQueryData(partsQuery(id));
    await Promise.all([
      parts.then(({ results }) => queryClient.ensureQueryData(runQuery(marksOf(id, results), run))),
      queryClient.ensureQueryData(examQuery(id)),
    ]);
  },
  component: lazyRouteComponent(() => import("./pages/MarksFilePage"), "MarksFilePage"),
});

export const importRoutes = [
  importsRoute,
  importRoute,
  uploadsRoute,
  uploadRoute,
  marksFilesRoute,
  marksFileRoute,
] as const;
