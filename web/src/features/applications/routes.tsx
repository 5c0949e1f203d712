import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { APPLICATIONS, applicationQuery } from "./queries";

const applicationsSearch = listSearch("status", "intake", "program");

const applicationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/applications",
  validateSearch: applicationsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(APPLICATIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/ApplicationsPage"), "ApplicationsPage"),
});

const applicationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/applications/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(applicationQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ApplicationPage"), "ApplicationPage"),
});

export const applicationRoutes = [applicationsRoute, applicationRoute] as const;
