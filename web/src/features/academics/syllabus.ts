// The order of a syllabus: what the server is told when an item moves.

export type Placed = { id: number; order_no: number };

/** The items with one of them moved to a place; every place is counted from 1. */
export function moved(ids: readonly number[], from: number, to: number): number[] {
  const rest = ids.filter((_, at) => at !== from);
  const item = ids[from];
  return item === undefined || to < 0 || to >= ids.length
    ? [...ids]
    : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** What differs from the places that the items have now. */
export function places(ids: readonly number[], items: readonly Placed[]): Placed[] {
  const before = new Map(items.map((item) => [item.id, item.order_no]));
  return ids
    .map((id, at) => ({ id, order_no: at + 1 }))
    .filter(({ id, order_no }) => before.get(id) !== order_no);
}
