// Open to everybody: whoever applies has no account.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../app/rootRoute";
import { isStep, type Step } from "./draft";
import { openIntakesQuery, ownQuery } from "./queries";

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "apply",
  validateSearch: (raw: Record<string, unknown>): { institution?: string } =>
    raw.institution ? { institution: String(raw.institution) } : {},
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    void context.queryClient.prefetchQuery(openIntakesQuery(deps.institution ?? "")),
  component: lazyRouteComponent(() => import("./pages/StartPage"), "StartPage"),
});

const applicationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "apply/$token",
  validateSearch: (raw: Record<string, unknown>): { step?: Step } =>
    isStep(raw.step) ? { step: raw.step } : {},
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(ownQuery(params.token)),
  component: lazyRouteComponent(() => import("./pages/ApplicationPage"), "ApplicationPage"),
});

export const applyRoutes = [startRoute, applicationRoute] as const;
