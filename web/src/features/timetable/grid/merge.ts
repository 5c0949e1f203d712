// Two people saved the same week: what each changed against the version both began with.
import {
  type Address,
  type Content,
  cellAt,
  changedAddresses,
  changedRowFields,
  changedRows,
  type GridRow,
  isSameContent,
  type Sheet,
} from "./sheet";

export type CellDispute = { address: Address; before: Content; mine: Content; theirs: Content };
export type RowDispute = {
  row: number;
  before: GridRow | undefined;
  mine: GridRow | undefined;
  theirs: GridRow | undefined;
};

export type Comparison = {
  /** Changed by both and not to the same. */
  cells: CellDispute[];
  rows: RowDispute[];
  /** Changed only here; they stay. */
  onlyMine: Address[];
  /** Changed only there; they are taken. */
  onlyTheirs: Address[];
};

export type Side = "mine" | "theirs";
export type Choices = { cells: Record<Address, Side>; rows: Record<number, Side> };

const rowOf = (sheet: Sheet, index: number) => sheet.rows.find((row) => row.row_index === index);

function isSameRow(one: GridRow | undefined, other: GridRow | undefined): boolean {
  if (!one || !other) return one === other;
  return changedRowFields(one, other).length === 0;
}

export function compared(base: Sheet, mine: Sheet, theirs: Sheet): Comparison {
  const here = changedAddresses(base, mine);
  const there = changedAddresses(base, theirs);
  const isBoth = new Set(there);
  const isMine = new Set(here);
  const cells = here
    .filter((address) => isBoth.has(address))
    .map((address) => ({
      address,
      before: cellAt(base, address),
      mine: cellAt(mine, address),
      theirs: cellAt(theirs, address),
    }))
    .filter((dispute) => !isSameContent(dispute.mine, dispute.theirs));
  const rowsThere = new Set(changedRows(base, theirs));
  const rows = changedRows(base, mine)
    .filter((row) => rowsThere.has(row))
    .map((row) => ({ row, before: rowOf(base, row), mine: rowOf(mine, row), theirs: rowOf(theirs, row) }))
    .filter((dispute) => !isSameRow(dispute.mine, dispute.theirs));
  return {
    cells,
    rows,
    onlyMine: here.filter((address) => !isBoth.has(address)),
    onlyTheirs: there.filter((address) => !isMine.has(address)),
  };
}

/** Their version with my changes on top of it; where both changed the same, the choice decides and mine is the default. */
export function merged(base: Sheet, mine: Sheet, theirs: Sheet, choices: Choices): Sheet {
  const cells = { ...theirs.cells };
  for (const address of changedAddresses(base, mine)) {
    if (choices.cells[address] !== "theirs") cells[address] = cellAt(mine, address);
  }
  const kept = changedRows(base, mine).filter((row) => choices.rows[row] !== "theirs");
  const rows = theirs.rows.filter((row) => !kept.includes(row.row_index));
  for (const index of kept) {
    const row = rowOf(mine, index);
    if (row) rows.push(row);
  }
  return { rows: rows.sort((one, other) => one.row_index - other.row_index), cells };
}
