import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { authConfigQuery } from "../../api/auth";
import { rootRoute } from "../../app/rootRoute";

/** Only a place inside this client may be returned to. */
export function ownPath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  validateSearch: (raw: Record<string, unknown>): { next?: string } => {
    const next = ownPath(raw.next);
    return next ? { next } : {};
  },
  // Also sets the CSRF cookie that the sign-in itself needs.
  loader: ({ context }) => context.queryClient.prefetchQuery(authConfigQuery),
  component: lazyRouteComponent(() => import("./pages/SignInPage"), "SignInPage"),
});

export const sessionRoutes = [signInRoute] as const;
