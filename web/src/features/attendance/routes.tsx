import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { CORRECTIONS, correctionQuery, mineQuery, OWN_SESSIONS, registerQuery } from "./queries";

const mineSearch = listSearch("course", "status");
const correctionsSearch = listSearch("status", "session");

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

export const attendanceRoutes = [registerRoute, mineRoute, correctionsRoute, correctionRoute] as const;
