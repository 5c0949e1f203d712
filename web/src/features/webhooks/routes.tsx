import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { endpointQuery, eventsQuery, LOG, WEBHOOKS } from "./queries";

const webhooksSearch = listSearch();
const logSearch = listSearch("status", "event_type", "date_from", "date_to");

const webhooksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "dashboard/settings/webhooks",
  validateSearch: webhooksSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(WEBHOOKS, deps)),
  component: lazyRouteComponent(() => import("./pages/WebhooksPage"), "WebhooksPage"),
});

const subscribeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "dashboard/settings/webhooks/new",
  loader: ({ context }) => context.queryClient.ensureQueryData(eventsQuery),
  component: lazyRouteComponent(() => import("./pages/SubscribePage"), "SubscribePage"),
});

const webhookRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "dashboard/settings/webhooks/$id",
  validateSearch: logSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    void context.queryClient.prefetchQuery(listQuery(LOG, deps, { pk: params.id }));
    return context.queryClient.ensureQueryData(endpointQuery(params.id));
  },
  component: lazyRouteComponent(() => import("./pages/WebhookPage"), "WebhookPage"),
});

const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "dashboard/settings/webhooks/$id/edit",
  loader: async ({ context, params }) => {
    await context.queryClient.ensureQueryData(eventsQuery);
    return context.queryClient.ensureQueryData(endpointQuery(params.id));
  },
  component: lazyRouteComponent(() => import("./pages/EditWebhookPage"), "EditWebhookPage"),
});

export const webhookRoutes = [webhooksRoute, subscribeRoute, webhookRoute, editRoute] as const;
