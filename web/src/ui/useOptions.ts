import { useQuery } from "@tanstack/react-query";
import { type ListSearch, listQuery } from "../api/lists";
import type { ListPath, Row } from "../api/types";

const MANY = 200;
export type Option = { value: string; label: string };

/** A short list of the API as options of a filter; empty until it is there. */
export function useOptions<P extends ListPath>(
  path: P,
  label: (row: Row<P>) => string,
  filters: ListSearch = {},
  enabled = true,
): Option[] {
  const { data } = useQuery({ ...listQuery(path, { ...filters, page_size: MANY }), enabled });
  return (data?.results ?? []).map((row) => ({
    value: String((row as { id: number }).id),
    label: label(row),
  }));
}
