import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPanel } from "./ErrorPanel";
import { RowsSkeleton } from "./Skeletons";

type Props<T> = {
  query: UseQueryResult<T>;
  rows?: number;
  children: (data: T) => ReactNode;
};

/** A part of a page that loads by itself: waiting, refused, or there. */
export function Loaded<T>({ query, rows = 3, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <div style={{ padding: "1rem" }}>
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return <RowsSkeleton rows={rows} />;
}
