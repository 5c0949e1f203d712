import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { can } from "../../api/me";
import { shellRoute } from "../../app/shellRoute";
import { ANNOUNCEMENTS, announcementQuery, postedQuery, SENDS } from "./queries";

const announcementsSearch = listSearch("status");
const boardSearch = listSearch();

const announcementsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "announcements",
  validateSearch: announcementsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(ANNOUNCEMENTS, deps)),
  component: lazyRouteComponent(() => import("./pages/AnnouncementsPage"), "AnnouncementsPage"),
});

const composerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "announcements/new",
  component: lazyRouteComponent(() => import("./pages/ComposerPage"), "ComposerPage"),
});

const announcementRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "announcements/$id",
  // Who sends none reads it on the board.
  beforeLoad: ({ context, params }) => {
    if (!can(context.me, SENDS)) throw redirect({ to: "/board/$id", params });
  },
  loader: ({ context, params }) => context.queryClient.ensureQueryData(announcementQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/AnnouncementPage"), "AnnouncementPage"),
});

const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "announcements/$id/edit",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(announcementQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/EditPage"), "EditPage"),
});

const boardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "board",
  validateSearch: boardSearch,
  component: lazyRouteComponent(() => import("./pages/BoardPage"), "BoardPage"),
});

const postedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "board/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(postedQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/PostedPage"), "PostedPage"),
});

export const announcementRoutes = [
  announcementsRoute,
  composerRoute,
  announcementRoute,
  editRoute,
  boardRoute,
  postedRoute,
] as const;
