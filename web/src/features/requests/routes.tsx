import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { openTypes, requestQuery, TYPES } from "./queries";

const requestsSearch = listSearch("view", "type", "status", "priority");
const typesSearch = listSearch("handler_role", "is_active");

const requestsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "requests",
  validateSearch: requestsSearch,
  component: lazyRouteComponent(() => import("./pages/RequestsPage"), "RequestsPage"),
});

const askingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "requests/new",
  loader: ({ context }) => context.queryClient.ensureQueryData(listQuery(TYPES, openTypes)),
  component: lazyRouteComponent(() => import("./pages/AskingPage"), "AskingPage"),
});

const requestRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "requests/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(requestQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/RequestPage"), "RequestPage"),
});

const typesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/request-types",
  validateSearch: typesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(TYPES, deps)),
  component: lazyRouteComponent(() => import("./pages/TypesPage"), "TypesPage"),
});

export const requestRoutes = [requestsRoute, askingRoute, requestRoute, typesRoute] as const;
