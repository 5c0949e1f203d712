import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { INTAKES, intakeQuery } from "./queries";

const intakesSearch = listSearch("program", "is_open");

const intakesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/intakes",
  validateSearch: intakesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(INTAKES, deps)),
  component: lazyRouteComponent(() => import("./pages/IntakesPage"), "IntakesPage"),
});

const intakeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/intakes/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(intakeQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/IntakePage"), "IntakePage"),
});

export const intakeRoutes = [intakesRoute, intakeRoute] as const;
