import { createRoute } from "@tanstack/react-router";
import { listSearch } from "./api/lists";
import { shellRoute } from "./app/shellRoute";
const v = listSearch("kind");
type R = ReturnType<typeof v>;
export const k: R["kind"] = 3 as never;
export const a = createRoute({
  getParentRoute: () => shellRoute, path: "q",
  validateSearch: listSearch("kind"),
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => { const z: number = deps.kind; return z; },
});
export const b = createRoute({
  getParentRoute: () => shellRoute, path: "q",
  validateSearch: (raw: Record<string, unknown>): { kind?: string; page?: number } => raw as never,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => { const z: number = deps.kind; return z; },
});
