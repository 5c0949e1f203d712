import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { DELIVERIES } from "./queries";

const deliveriesSearch = listSearch("status", "date_from", "date_to");

const deliveriesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "administration/deliveries",
  validateSearch: deliveriesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(DELIVERIES, deps)),
  component: lazyRouteComponent(() => import("./pages/DeliveriesPage"), "DeliveriesPage"),
});

export const deliveryRoutes = [deliveriesRoute] as const;
