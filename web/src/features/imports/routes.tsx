import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { KINDS, kindOf, runQuery } from "./queries";

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
    context.queryClient.ensureQueryData(runQuery(kindOf(params.kind), params.id)),
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
  loader: ({ context, params }) => context.queryClient.ensureQueryData(runQuery("attendance", params.id)),
  component: lazyRouteComponent(() => import("./pages/UploadPage"), "UploadPage"),
});

export const importRoutes = [importsRoute, importRoute, uploadsRoute, uploadRoute] as const;
