import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { OBLIGATIONS, obligationQuery, REQUIREMENTS } from "./queries";

const obligationsSearch = listSearch("status", "mine");
const requirementsSearch = listSearch("is_active");

const obligationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "obligations",
  validateSearch: obligationsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(OBLIGATIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/ObligationsPage"), "ObligationsPage"),
});

const requirementsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "obligations/requirements",
  validateSearch: requirementsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(REQUIREMENTS, deps)),
  component: lazyRouteComponent(() => import("./pages/RequirementsPage"), "RequirementsPage"),
});

const obligationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "obligations/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(obligationQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ObligationPage"), "ObligationPage"),
});

export const obligationRoutes = [obligationsRoute, requirementsRoute, obligationRoute] as const;
