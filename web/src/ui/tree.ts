// Walking nested rows: flat lines for a table, counts for a branch.

export type Branch<T> = T & { children?: Branch<T>[] | null };
export type Line<T> = { row: Branch<T>; depth: number; isLeaf: boolean };

/** The rows that are shown, parents first, without those below a closed one. */
export function linesOf<T extends { id: number }>(
  roots: Branch<T>[],
  closed: ReadonlySet<number>,
  depth = 0,
): Line<T>[] {
  return roots.flatMap((row) => {
    const below = row.children ?? [];
    const line = { row, depth, isLeaf: below.length === 0 };
    return closed.has(row.id) ? [line] : [line, ...linesOf<T>(below, closed, depth + 1)];
  });
}

/** How many rows below this one hold the condition. */
export function countBelow<T>(row: Branch<T>, holds: (row: Branch<T>) => boolean): number {
  return (row.children ?? []).reduce((sum, each) => sum + (holds(each) ? 1 : 0) + countBelow(each, holds), 0);
}

/** The branches that lead to a match; what is below a match stays. */
export function pruned<T>(roots: Branch<T>[], matches: (row: Branch<T>) => boolean): Branch<T>[] {
  return roots.flatMap((row) => {
    if (matches(row)) return [row];
    const children = pruned(row.children ?? [], matches);
    return children.length > 0 ? [{ ...row, children }] : [];
  });
}

/** A row and everything below it: where it can never be moved to. */
export function idsOf<T extends { id: number }>(row: Branch<T>): number[] {
  return [row.id, ...(row.children ?? []).flatMap((each) => idsOf<T>(each))];
}

export function flat<T>(roots: Branch<T>[]): Branch<T>[] {
  return roots.flatMap((row) => [row, ...flat(row.children ?? [])]);
}
