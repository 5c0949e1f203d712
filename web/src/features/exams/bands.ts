// Bands of a grade scheme as a form writes them; whether they are right is the server's to say.
import type { GradeScheme } from "./queries";

export type BandRow = {
  min_percent: number | string;
  letter: string;
  point: number | string;
  is_fail: boolean;
};

/** Where a scheme of one's own begins: passed from half on. */
export const FIRST_BANDS: BandRow[] = [
  { min_percent: 50, letter: "P", point: "", is_fail: false },
  { min_percent: 0, letter: "F", point: "", is_fail: true },
];

export const rowsOf = ({ bands }: Pick<GradeScheme, "bands">): BandRow[] =>
  bands.map(({ min_percent, letter, point, is_fail }) => ({
    min_percent: Number(min_percent),
    letter,
    point: point === null ? "" : Number(point),
    is_fail,
  }));

export const written = (rows: BandRow[]) =>
  rows.map(({ min_percent, letter, point, is_fail }) => ({
    min_percent: String(min_percent),
    letter: letter.trim(),
    point: point === "" ? null : String(point),
    is_fail,
  }));

/** Every percentage below the next higher band: what a row covers, for its reader. */
export function coveredBy(rows: BandRow[], place: number): [number, number] {
  const least = Number(rows[place]?.min_percent ?? 0);
  const above = rows.map((row) => Number(row.min_percent)).filter((each) => each > least);
  return [least, above.length > 0 ? Math.min(...above) : 100];
}
