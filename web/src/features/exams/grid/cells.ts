// What stands in a cell of the grid, as text and as the API writes it. What is a mark, the server judges.
import type { GridCell, GridRow } from "../queries";

/** Where a cell is: candidate and component. */
export type Place = { candidate: number; component: number };

export const keyOf = ({ candidate, component }: Place) => `${candidate}:${component}`;

export const cellOf = (row: GridRow, component: number): GridCell | undefined =>
  row.cells.find((cell) => cell.component === component);

const ABSENT = "AB";
const EXEMPT = "EX";

/** `45.00` reads 45, an absent one AB, an exempt one EX, and an empty one nothing. */
export function textOf(cell: Pick<GridCell, "state" | "marks"> | undefined): string {
  if (!cell?.state) return "";
  if (cell.state === "absent") return ABSENT;
  if (cell.state === "exempt") return EXEMPT;
  const marks = String(cell.marks ?? "");
  return marks.includes(".") ? marks.replace(/0+$/, "").replace(/\.$/, "") : marks;
}

export type Said = { state: "marked" | "absent" | "exempt" | null; marks?: string };

/** What a typed text means; anything that is no word for absent or exempt is taken for marks. */
export function saidBy(text: string): Said {
  const said = text.trim();
  if (said === "") return { state: null };
  const word = said.toUpperCase();
  if (word === ABSENT || word === "ABSENT") return { state: "absent" };
  if (word === EXEMPT || word === "EXEMPT") return { state: "exempt" };
  return { state: "marked", marks: said };
}

/** Whether two texts say the same, so that nothing has to be saved. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [saidBy(one), saidBy(other)];
  return a.state === b.state && (a.marks ?? "") === (b.marks ?? "");
}
