// Every list of the API answers one envelope, so one query serves them all.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, type Query, urlOf } from "./transport";
import type { ListPath, Page, Row } from "./types";

type ListParameters = { page?: number; page_size?: number; search?: string; ordering?: string };
export type ListSearch = Query & ListParameters;

export function listQuery<P extends ListPath>(
  path: P,
  search: ListSearch = {},
  params: Record<string, string | number> = {},
) {
  const url = fill(path, params);
  return queryOptions({
    queryKey: [url, search],
    queryFn: ({ signal }) => getJson<Page<Row<P>>>(urlOf(url, search), signal),
    placeholderData: keepPreviousData,
  });
}

/** Puts ids into a path template: `/students/{id}/` with `{ id: 7 }` is `/students/7/`. */
export function fill(path: string, params: Record<string, string | number>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
}

export function exportUrl(url: string, format: "csv" | "xlsx", search: ListSearch): string {
  const { page: _page, page_size: _size, ...filters } = search;
  return urlOf(`${url}export/`, { ...filters, format });
}

function positive(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** `validateSearch` of a list route: the four list parameters plus the filters it names. */
export function listSearch<F extends string = never>(...filters: F[]) {
  // Without an index signature, so that the router keeps the names of the filters.
  return (raw: Record<string, unknown>): ListParameters & { [K in F]?: string } => {
    const written = (key: string) => {
      const value = raw[key];
      return value === undefined || value === null || value === "" ? undefined : String(value);
    };
    return Object.fromEntries(
      [
        ["page", positive(raw.page)],
        ["page_size", positive(raw.page_size)],
        ["search", written("search")],
        ["ordering", written("ordering")],
        ...filters.map((name) => [name, written(name)]),
      ].filter(([, value]) => value !== undefined),
    ) as ListParameters & { [K in F]?: string };
  };
}
