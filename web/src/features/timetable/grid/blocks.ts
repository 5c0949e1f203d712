// Edits of whole blocks: clear, fill, paste, move. Each gives the cells it changes.
import { type Axes, addressIn, matrixOf, type Range, rangeOf } from "./layout";
import { type Address, type Content, cellAt, EMPTY, patched, type Sheet } from "./sheet";

export type Changes = Record<Address, Content>;

/** What a paste brings for one cell: a whole content, or words for its topic. */
export type Piece = Content | { topic: string };

const isContent = (piece: Piece): piece is Content => "status" in piece;

export function cleared(addresses: Address[]): Changes {
  return Object.fromEntries(addresses.map((address) => [address, EMPTY]));
}

/** The first column (or line) of the range repeated over the rest; a single cell takes its neighbour's. */
export function filled(sheet: Sheet, axes: Axes, range: Range, way: "right" | "down"): Changes {
  const isRight = way === "right";
  const isSingle = isRight ? range.start === range.end : range.top === range.bottom;
  const reach = isSingle
    ? { ...range, ...(isRight ? { start: range.start - 1 } : { top: range.top - 1 }) }
    : range;
  if (reach.start < 0 || reach.top < 0) return {};
  const matrix = matrixOf(axes, reach);
  const changes: Changes = {};
  matrix.forEach((line, lineIndex) => {
    line.forEach((address, index) => {
      const source = isRight ? line[0] : matrix[0]?.[index];
      const isSource = isRight ? index === 0 : lineIndex === 0;
      if (!isSource && source) changes[address] = cellAt(sheet, source);
    });
  });
  return changes;
}

function pieceInto(sheet: Sheet, address: Address, piece: Piece): Content {
  if (isContent(piece)) return piece;
  return patched(cellAt(sheet, address), { topic: piece.topic });
}

/** A block laid down at the range's first cell; a larger range is tiled when the block fits into it evenly. */
export function pasted(sheet: Sheet, axes: Axes, range: Range, block: Piece[][]): Changes {
  const height = block.length;
  const width = Math.max(0, ...block.map((line) => line.length));
  if (height === 0 || width === 0) return {};
  const rangeHeight = range.bottom - range.top + 1;
  const rangeWidth = range.end - range.start + 1;
  const isTiled = rangeHeight % height === 0 && rangeWidth % width === 0;
  const changes: Changes = {};
  for (let row = 0; row < (isTiled ? rangeHeight : height); row++) {
    for (let day = 0; day < (isTiled ? rangeWidth : width); day++) {
      const address = addressIn(axes, range.top + row, range.start + day);
      const piece = block[row % height]?.[day % width];
      if (address && piece) changes[address] = pieceInto(sheet, address, piece);
    }
  }
  return changes;
}

/** How far a block may shift so that all of it stays on the grid. */
function within(axes: Axes, range: Range, rows: number, days: number): { rows: number; days: number } {
  return {
    rows: Math.max(-range.top, Math.min(rows, axes.rows.length - 1 - range.bottom)),
    days: Math.max(-range.start, Math.min(days, axes.days.length - 1 - range.end)),
  };
}

export type Shift = { range: Range; target: Range };

/** Where a block lands when it is gripped at one cell and dropped on another. */
export function shiftOf(axes: Axes, range: Range, grip: Address, drop: Address): Shift {
  const from = rangeOf(axes, grip, grip);
  const to = rangeOf(axes, drop, drop);
  const { rows, days } = within(axes, range, to.top - from.top, to.start - from.start);
  const target = {
    top: range.top + rows,
    bottom: range.bottom + rows,
    start: range.start + days,
    end: range.end + days,
  };
  return { range, target };
}

/** A dragged block. Moved onto other content it changes places with it, so nothing is lost; a copy leaves its source. */
export function moved(sheet: Sheet, axes: Axes, shift: Shift, isCopy: boolean): Changes {
  const sources = matrixOf(axes, shift.range).flat();
  const targets = matrixOf(axes, shift.target).flat();
  const doOverlap = sources.some((address) => targets.includes(address));
  const changes: Changes = {};
  sources.forEach((source, index) => {
    const target = targets[index];
    if (!isCopy) changes[source] = doOverlap || !target ? EMPTY : cellAt(sheet, target);
  });
  sources.forEach((source, index) => {
    const target = targets[index];
    if (target) changes[target] = cellAt(sheet, source);
  });
  return changes;
}
