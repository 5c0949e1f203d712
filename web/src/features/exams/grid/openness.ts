// Why a row of the grid takes no marks; the last word is the server's.
import type { Grid, GridRow } from "../queries";

export type Closed = "not_begun" | "not_yours" | "over" | "not_admitted" | "withdrawn" | "decided" | null;

const DECIDED = new Set(["verified", "published", "frozen"]);

/** Why the whole grid is read alone; null while marks are entered. */
export function closedGrid({ status, may_enter }: Pick<Grid, "status" | "may_enter">): Closed {
  if (status === "draft" || status === "scheduled") return "not_begun";
  if (status !== "marking") return "over";
  return may_enter ? null : "not_yours";
}

/** Why one row is; null while its marks are entered. */
export function closedRow(row: GridRow): Closed {
  if (row.admission === "withdrawn") return "withdrawn";
  if (row.admission !== "admitted") return "not_admitted";
  if (!row.result) return "decided";
  return DECIDED.has(row.result.status) ? "decided" : null;
}

/** An admitted candidate's draft without an entry in some component. */
export const isMissing = (row: GridRow, components: number): boolean =>
  closedRow(row) === null && row.cells.length < components;
