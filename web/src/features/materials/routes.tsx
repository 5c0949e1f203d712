import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { FEED, MATERIALS, materialQuery, sharedQuery } from "./queries";

const feedSearch = listSearch("is_new");
const keptSearch = listSearch("status", "kind");
const readersSearch = listSearch("opened");

const feedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "materials",
  validateSearch: feedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(FEED, deps)),
  component: lazyRouteComponent(() => import("./pages/FeedPage"), "FeedPage"),
});

const keptRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "materials/kept",
  validateSearch: keptSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(MATERIALS, deps)),
  component: lazyRouteComponent(() => import("./pages/KeptPage"), "KeptPage"),
});

const authorRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "materials/kept/$id",
  validateSearch: readersSearch,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(materialQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/AuthorPage"), "AuthorPage"),
});

const readerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "materials/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(sharedQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ReaderPage"), "ReaderPage"),
});

export const materialRoutes = [feedRoute, keptRoute, authorRoute, readerRoute] as const;
