import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";

const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "inbox",
  validateSearch: listSearch("status"),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(
      listQuery("/api/v1/work/inbox-items/", { status: "open", ...deps }),
    );
  },
  component: lazyRouteComponent(() => import("./pages/InboxPage"), "InboxPage"),
});

export const inboxRoutes = [inboxRoute] as const;
