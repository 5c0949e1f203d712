import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import {
  CONDONATIONS,
  CORRECTIONS,
  condonationQuery,
  correctionQuery,
  eligibilityListQuery,
  LISTS,
  mineQuery,
  OWN_SESSIONS,
  POLICIES,
  policyQuery,
  registerQuery,
  STANDINGS,
} from "./queries";

const mineSearch = listSearch("course", "status");
const correctionsSearch = listSearch("status", "session");
const standingsSearch = listSearch(
  "code",
  "near",
  "academic_period",
  "start_date",
  "end_date",
  "course",
  "section",
  "group",
);
const listsSearch = listSearch("status", "owner_kind", "owner_id");
const listSearchOfPeople = listSearch("code");
const policiesSearch = listSearch("status", "scope");
const condonationsSearch = listSearch("status", "eligibility_list");

const registerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/sessions/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(registerQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/RegisterPage"), "RegisterPage"),
});

const mineRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/mine",
  validateSearch: mineSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(listQuery(OWN_SESSIONS, deps));
    return context.queryClient.ensureQueryData(mineQuery());
  },
  component: lazyRouteComponent(() => import("./pages/MinePage"), "MinePage"),
});

const correctionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/corrections",
  validateSearch: correctionsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(CORRECTIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/CorrectionsPage"), "CorrectionsPage"),
});

const correctionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/corrections/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(correctionQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/CorrectionPage"), "CorrectionPage"),
});

const standingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/eligibility",
  validateSearch: standingsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(STANDINGS, deps)),
  component: lazyRouteComponent(() => import("./pages/StandingsPage"), "StandingsPage"),
});

const listsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/eligibility-lists",
  validateSearch: listsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(LISTS, deps)),
  component: lazyRouteComponent(() => import("./pages/ListsPage"), "ListsPage"),
});

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/eligibility-lists/$id",
  validateSearch: listSearchOfPeople,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(eligibilityListQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ListPage"), "ListPage"),
});

const condonationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/condonations",
  validateSearch: condonationsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(CONDONATIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/CondonationsPage"), "CondonationsPage"),
});

const condonationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/condonations/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(condonationQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/CondonationPage"), "CondonationPage"),
});

const policiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/policies",
  validateSearch: policiesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(POLICIES, deps)),
  component: lazyRouteComponent(() => import("./pages/PoliciesPage"), "PoliciesPage"),
});

const policyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "attendance/policies/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(policyQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/PolicyPage"), "PolicyPage"),
});

export const attendanceRoutes = [
  registerRoute,
  mineRoute,
  correctionsRoute,
  correctionRoute,
  standingsRoute,
  listsRoute,
  listRoute,
  condonationsRoute,
  condonationRoute,
  policiesRoute,
  policyRoute,
] as const;
