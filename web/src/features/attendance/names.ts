// What chosen records are called, where a form has their ids alone.
import { useQueries } from "@tanstack/react-query";
import { getJson } from "../../api/transport";

type Named = { id: number; name: string; code?: string; course_name?: string };
export type Known = { id: number; name: string };

const KEPT = 5 * 60_000;

/** The names of records of one list; null until all are there. One that is gone is known by its number. */
export function useNames(path: string, ids: number[]): Known[] | null {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: [`${path}${id}/`],
      queryFn: ({ signal }: { signal: AbortSignal }) => getJson<Named>(`${path}${id}/`, signal),
      staleTime: KEPT,
      retry: false,
    })),
    combine: (found) =>
      found.some(({ isPending }) => isPending)
        ? null
        : found.map(({ data }, place) => ({
            id: ids[place] ?? 0,
            name: [data?.course_name ?? data?.code, data?.name ?? `#${ids[place]}`]
              .filter(Boolean)
              .join(" · "),
          })),
  });
}
