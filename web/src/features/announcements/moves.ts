import type { Move } from "../../api/moves";

const OF_ANOTHER_STATE = new Set(["wrong_status", "ALREADY_SENT"]);

/** What may be done in this state; what only another state allows is left out, what lacks something is shown with it. */
export function shownMoves(moves: Move[]): Move[] {
  return moves.filter(({ missing }) => !missing.some(({ code }) => OF_ANOTHER_STATE.has(code)));
}
