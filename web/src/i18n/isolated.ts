/** Text of any script, kept from disturbing the sentence around it, where an element would be too much. */
export const isolated = (text: string) => `\u2068${text}\u2069`;

/** A number or pattern whose parts keep their order from left to right in any script. */
export const leftToRight = (text: string) => `\u2066${text}\u2069`;
