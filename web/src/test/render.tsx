import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createQueryClient } from "../api/queryClient";
import { Providers } from "../app/Providers";
import { createAppRouter } from "../router";

/** Renders inside all providers, at `/` of a router whose every other path says so. */
export async function renderApp(ui: () => ReactNode, at = "/") {
  const queryClient = createQueryClient(() => undefined);
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const root = createRootRoute();
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => ui() });
  const elsewhere = createRoute({ getParentRoute: () => root, path: "$", component: () => <p>elsewhere</p> });
  const router = createRouter({
    routeTree: root.addChildren([here, elsewhere]),
    history: createMemoryHistory({ initialEntries: [at] }),
  });
  await router.load();
  const view = render(
    <Providers queryClient={queryClient}>
      <RouterProvider router={router as never} />
    </Providers>,
  );
  return { ...view, router, queryClient };
}

/** The whole product at an address; the stubbed server answers `/api/v1/me/` too. */
export async function renderScreen(at: string) {
  const queryClient = createQueryClient(() => undefined);
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [at] }) } as never);
  const view = render(
    <Providers queryClient={queryClient}>
      <RouterProvider router={router as never} />
    </Providers>,
  );
  return { ...view, router, queryClient };
}
