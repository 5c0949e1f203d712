/** Alternatives of keys: whoever holds all keys of one of them belongs. */
export type Audience = string[][];

/** The alternatives that name something. */
export const namedOf = (audience: Audience): Audience => audience.filter((clause) => clause.length > 0);
