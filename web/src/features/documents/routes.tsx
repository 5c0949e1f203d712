import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import { batchQuery, DOCUMENTS, documentQuery } from "./queries";

const documentsSearch = listSearch("kind", "status", "ask");
const linesSearch = listSearch();

const documentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "documents",
  validateSearch: documentsSearch,
  // Who comes to ask finds the form open; it narrows nothing.
  loaderDeps: ({ search: { ask: _asking, ...search } }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(DOCUMENTS, deps)),
  component: lazyRouteComponent(() => import("./pages/DocumentsPage"), "DocumentsPage"),
});

const documentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "documents/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(documentQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/DocumentPage"), "DocumentPage"),
});

const batchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "documents/batches/$id",
  validateSearch: linesSearch,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(batchQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/BatchPage"), "BatchPage"),
});

export const documentRoutes = [documentsRoute, documentRoute, batchRoute] as const;
