// The parent of every screen behind the sign-in: knows who is asking before anything below it loads.
import { createRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/me";
import { Problem } from "../api/problem";
import { adoptLanguage } from "../i18n/i18n";
import { NotFoundPage } from "./NotFoundPage";
import { rootRoute } from "./rootRoute";
import { Shell } from "./Shell";

const ACCOUNT = "/account";

export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: Shell,
  notFoundComponent: NotFoundPage,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      await adoptLanguage(`${me.user.id} ${me.institution?.id}`, me.language, me.institution?.locale);
      if (me.second_factor_missing && location.pathname !== ACCOUNT) throw redirect({ href: ACCOUNT });
      return { me };
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ href: signInUrl(location.href) });
      }
      throw error;
    }
  },
});

/** Sign-in that returns to where the reader was going. */
export function signInUrl(destination: string): string {
  return destination === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(destination)}`;
}

export const notFoundRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "$",
  component: NotFoundPage,
});
