// Which moves of a request its page offers.
import type { Move } from "../../api/moves";

const OVER = "wrong_status";
const OTHERS = "not_yours";
const EARLY = "NOT_APPROVED";

const lacks = (move: Move, ...codes: string[]) => move.missing.some(({ code }) => codes.includes(code));

/**
 * Without what can no longer be done and what is the other side's; what only lacks something stays and says what.
 * To serve it lacks approval as long as it may still be approved: afterwards it is over, too.
 */
export function shownMoves(moves: Move[]): Move[] {
  const left = moves.filter((move) => !lacks(move, OVER, OTHERS));
  return left.some((move) => !lacks(move, EARLY)) ? left : [];
}
