import { useQuery } from "@tanstack/react-query";
import { getJson } from "../api/transport";

const KEPT = 5 * 60_000;

/** The name of a record of which only the id is at hand; null until it is known. */
export function useNameOf(path: string, id: number | null): string | null {
  const url = `${path}${id}/`;
  const { data } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<{ name: string }>(url, signal),
    enabled: id !== null,
    staleTime: KEPT,
  });
  return id === null ? null : (data?.name ?? null);
}
