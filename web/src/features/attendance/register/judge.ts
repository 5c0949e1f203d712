// What the register says of itself that a marker has to know before the first tap.
import type { Move } from "../../../api/moves";
import type { Line, Register } from "../queries";
import { type Marking, shownMark } from "./marking";

const OVER = "wrong_status";
const CLOSING = new Set(["session_not_cancelled", "marking_day_open"]);
const PROTECTED = new Set(["excuse", "correction"]);

/** Without the moves that its state does not know; what only lacks something stays and says what. */
export const movesNow = (moves: Move[]): Move[] =>
  moves.filter(({ missing }) => !missing.some(({ code }) => code === OVER));

/** Why an open register takes no marks, in the words of its `submit`; empty while it does. */
export const closing = (moves: Move[]) =>
  (moves.find(({ name }) => name === "submit")?.missing ?? []).filter(({ code }) => CLOSING.has(code));

/**
 * Whether the reader may mark: who may submit some registers, but not this one, may not mark it either.
 * The last word is the server's.
 */
export function isOpenFor(register: Register, moves: Move[], can: (permission: string) => boolean): boolean {
  const submits = moves.some(({ name }) => name === "submit");
  const mayMark = can("attendance.mark") && (submits || !can("attendance.submit"));
  return register.status === "open" && mayMark && closing(moves).length === 0;
}

/** What a decision wrote is only repaired, with a reason. */
export const isProtected = (line: Line) => line.status !== null && PROTECTED.has(line.source ?? "");

export const unmarkedOf = (state: Marking, lines: Line[]): Line[] =>
  lines.filter((line) => line.expected && shownMark(state, line) === null);
