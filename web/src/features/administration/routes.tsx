import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { rootRoute } from "../../app/rootRoute";
import { shellRoute } from "../../app/shellRoute";
import { INVITATIONS, MEMBERSHIPS, ownAccountQuery, settingsQuery, welcomeQuery } from "./queries";

const membershipsSearch = listSearch("person", "role", "scope_kind", "active");
const invitationsSearch = listSearch("person", "purpose");
const slipsSearch = listSearch("audience", "run");

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/settings",
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery),
  component: lazyRouteComponent(() => import("./pages/SettingsPage"), "SettingsPage"),
});

const membershipsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/memberships",
  validateSearch: membershipsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    void context.queryClient.prefetchQuery(listQuery(MEMBERSHIPS, { active: "true", ...deps })),
  component: lazyRouteComponent(() => import("./pages/MembershipsPage"), "MembershipsPage"),
});

const invitationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/invitations",
  validateSearch: invitationsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(INVITATIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/InvitationsPage"), "InvitationsPage"),
});

const slipsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/invitations/slips",
  validateSearch: slipsSearch,
  component: lazyRouteComponent(() => import("./pages/SlipsPage"), "SlipsPage"),
});

export const administrationRoutes = [settingsRoute, membershipsRoute, invitationsRoute, slipsRoute] as const;

/** Open to whoever holds a one-time link. */
const acceptRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "invitation/$token",
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(welcomeQuery(params.token));
    void context.queryClient.prefetchQuery(ownAccountQuery);
  },
  component: lazyRouteComponent(() => import("./pages/AcceptPage"), "AcceptPage"),
});

export const publicRoutes = [acceptRoute] as const;
