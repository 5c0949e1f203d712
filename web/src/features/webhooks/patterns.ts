// Which events an endpoint is sent: everything, all of a noun, or one type; never the same thing twice.

export const EVERYTHING = "*";
export type Choice = "all" | "some" | "none";

export const nounOf = (type: string): string => type.slice(0, type.indexOf("."));
export const allOf = (noun: string): string => `${noun}.*`;

/** Whether the patterns speak of a type. */
export function covers(patterns: readonly string[], type: string): boolean {
  return [EVERYTHING, allOf(nounOf(type)), type].some((pattern) => patterns.includes(pattern));
}

/** How much of a noun's types is chosen. */
export function chosenOf(patterns: readonly string[], types: readonly string[]): Choice {
  const count = types.filter((type) => covers(patterns, type)).length;
  if (count === 0) return "none";
  return count === types.length ? "all" : "some";
}

/** Takes a whole noun in, or out; single types of it become needless. */
export function withNoun(patterns: readonly string[], noun: string, isChosen: boolean): string[] {
  const others = patterns.filter((pattern) => nounOf(pattern) !== noun);
  return isChosen ? [...others, allOf(noun)] : others;
}

/** Takes one type in, or out; out of a whole noun leaves its other types. */
export function withType(
  patterns: readonly string[],
  type: string,
  isChosen: boolean,
  siblings: readonly string[],
): string[] {
  const noun = nounOf(type);
  if (isChosen) return covers(patterns, type) ? [...patterns] : [...patterns, type];
  const rest = patterns.includes(allOf(noun))
    ? siblings.filter((each) => each !== type)
    : patterns.filter((pattern) => nounOf(pattern) === noun && pattern !== type);
  return [...patterns.filter((pattern) => nounOf(pattern) !== noun), ...rest];
}

type Described = { type: string; filters: string[] };

/** The attributes by which something of what is chosen can be filtered. */
export function filtersOf(patterns: readonly string[], events: readonly Described[]): string[] {
  const found = events.filter(({ type }) => covers(patterns, type)).flatMap(({ filters }) => filters);
  return [...new Set(found)].sort();
}

/** Types by their nouns, in the order in which they come. */
export function byNoun<E extends { type: string }>(events: readonly E[]): [string, E[]][] {
  const found = new Map<string, E[]>();
  for (const event of events) {
    const noun = nounOf(event.type);
    found.set(noun, [...(found.get(noun) ?? []), event]);
  }
  return [...found];
}
