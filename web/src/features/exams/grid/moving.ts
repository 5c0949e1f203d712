// Where a key leads in the grid.

export type Spot = { row: number; column: number };
type Caret = { atStart: boolean; atEnd: boolean };
type Key = { key: string; shiftKey: boolean };

/**
 * The next spot, or null where the key is the cell's own. Left and right stay within the text until its end; in a
 * right-to-left page they are the other way round.
 */
export function next(key: Key, spot: Spot, size: Spot, caret: Caret, isRtl: boolean): Spot | null {
  const { row, column } = spot;
  const forward = isRtl ? "ArrowLeft" : "ArrowRight";
  const backward = isRtl ? "ArrowRight" : "ArrowLeft";
  const to = (wanted: Spot): Spot | null =>
    wanted.row < 0 || wanted.row >= size.row || wanted.column < 0 || wanted.column >= size.column
      ? null
      : wanted;
  switch (key.key) {
    case "ArrowDown":
      return to({ row: row + 1, column });
    case "ArrowUp":
      return to({ row: row - 1, column });
    case "Enter":
      return key.shiftKey
        ? to({ row: row - 1, column })
        : (to({ row: row + 1, column }) ?? to({ row: 0, column: column + 1 }));
    case forward:
      return caret.atEnd ? to({ row, column: column + 1 }) : null;
    case backward:
      return caret.atStart ? to({ row, column: column - 1 }) : null;
    default:
      return null;
  }
}
