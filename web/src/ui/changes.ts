/** The fields of an edit that differ from what was loaded: a PATCH says nothing about the others. */
export function changesOf<V extends Record<string, unknown>>(values: V, loaded: V): Partial<V> {
  const isSame = (key: string) => JSON.stringify(values[key]) === JSON.stringify(loaded[key]);
  return Object.fromEntries(Object.entries(values).filter(([key]) => !isSame(key))) as Partial<V>;
}
