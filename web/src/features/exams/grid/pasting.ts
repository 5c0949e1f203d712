// A block from a spreadsheet on its way into the grid: who gets what, and what fits nowhere.
import type { GridComponent, GridRow } from "../queries";
import { cellOf, isSame, type Place, saidBy, textOf } from "./cells";
import type { Spot } from "./moving";

export type Put = Place & { text: string; before: string };
export type Pasted = {
  /** How rows found their people: by a column of registration numbers, or in their order. */
  by: "number" | "order";
  puts: Put[];
  /** Cells that say already what they would. */
  same: number;
  /** Numbers of the block that no candidate has. */
  strangers: string[];
  /** People whose marks do not change any more. */
  closed: string[];
  /** Rows below the last candidate, and columns beside the last component. */
  extraRows: number;
  extraColumns: number;
};

/** The cells of a copied block; a trailing line break is none of it. */
export function blockOf(text: string): string[][] {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  return lines.split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
}

export const isBlock = (text: string): boolean => /[\t\n]/.test(text.replace(/\r?\n$/, ""));

const folded = (text: string) => text.normalize("NFKC").trim().toLowerCase();

/** Which column of the block holds registration numbers; most of its rows must be candidates. */
function numberColumn(block: string[][], numbers: Map<string, GridRow>): number {
  const widest = Math.max(...block.map((row) => row.length));
  for (let column = 0; column < widest; column++) {
    const named = block.filter((row) => numbers.has(folded(row[column] ?? ""))).length;
    if (named > 0 && named * 2 >= block.length - 1) return column;
  }
  return -1;
}

/** The columns of the block by component, where its first row names components; `C1` is the first. */
function headed(head: string[], components: GridComponent[]): Map<number, GridComponent> {
  const found = new Map<number, GridComponent>();
  head.forEach((cell, place) => {
    const said = folded(cell);
    const named = components.find(({ name, sequence }) => folded(name) === said || `c${sequence}` === said);
    if (named) found.set(place, named);
  });
  return found;
}

const LIKE_MARKS = /^-?\p{Nd}/u;

/** The columns after the numbers in which something looks like a mark; names and remarks do not. */
function markColumns(body: string[][], keyed: number): number[] {
  const widest = Math.max(...body.map((row) => row.length));
  const isMark = (cell = "") => LIKE_MARKS.test(cell) || (cell !== "" && saidBy(cell).state !== "marked");
  return Array.from({ length: widest }, (_, place) => place).filter(
    (place) => place > keyed && body.some((row) => isMark(row[place])),
  );
}

type Grid = { rows: GridRow[]; components: GridComponent[]; isOpen: (row: GridRow) => boolean };

/** What a block does when it is put in at a spot; blank cells leave what stands there. */
export function paste(text: string, at: Spot, { rows, components, isOpen }: Grid): Pasted {
  const block = blockOf(text);
  const numbers = new Map(rows.filter(({ reg_no }) => reg_no).map((row) => [folded(row.reg_no), row]));
  const keyed = numberColumn(block, numbers);
  const heads = headed(block[0] ?? [], components);
  const body = heads.size > 0 ? block.slice(1) : block;
  const found: Pasted = {
    by: keyed < 0 ? "order" : "number",
    puts: [],
    same: 0,
    strangers: [],
    closed: [],
    extraRows: 0,
    extraColumns: 0,
  };
  // With numbers beside the marks, a block without a head begins at the first component, names left out.
  const places = keyed < 0 ? null : markColumns(body, keyed);
  const columnsOf = (line: string[]): [string, GridComponent | undefined][] => {
    if (heads.size > 0) return [...heads].map(([place, component]) => [line[place] ?? "", component]);
    if (places) return places.map((place, index) => [line[place] ?? "", components[index]]);
    return line.map((cell, place) => [cell, components[at.column + place]]);
  };
  let extraColumns = 0;
  body.forEach((line, place) => {
    if (line.every((cell) => cell === "")) return;
    const row = keyed < 0 ? rows[at.row + place] : numbers.get(folded(line[keyed] ?? ""));
    if (!row) {
      if (keyed < 0) found.extraRows += 1;
      else found.strangers.push(line[keyed] ?? "");
      return;
    }
    if (!isOpen(row)) {
      found.closed.push(row.full_name);
      return;
    }
    let beyond = 0;
    for (const [cell, component] of columnsOf(line)) {
      if (cell === "") continue;
      if (!component) {
        beyond += 1;
        continue;
      }
      const before = textOf(cellOf(row, component.id));
      if (isSame(before, cell)) found.same += 1;
      else found.puts.push({ candidate: row.candidate, component: component.id, text: cell, before });
    }
    extraColumns = Math.max(extraColumns, beyond);
  });
  return { ...found, extraColumns };
}
