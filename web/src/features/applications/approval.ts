// When the door to the approval opens: what a reviewer can settle inside it stops nobody outside.
import type { Move } from "../../api/moves";
import type { Duplicate } from "./queries";

export const DUPLICATE = "open_duplicate";

/** The move as its button shows it: a duplicate alone is settled in the dialog, so it leads there. */
export function asDoor(move: Move): Move {
  const isOpenable =
    move.allowed || (move.missing.length > 0 && move.missing.every(({ code }) => code === DUPLICATE));
  return move.name === "approve" && isOpenable ? { ...move, allowed: true, missing: [], warnings: [] } : move;
}

/** The people that an applicant may be, once each. */
export function knownPeople(duplicates: Duplicate[]): { id: number; duplicate: Duplicate }[] {
  const found = new Map<number, Duplicate>();
  for (const duplicate of duplicates) {
    if (duplicate.person !== null && !found.has(duplicate.person)) found.set(duplicate.person, duplicate);
  }
  return [...found].map(([id, duplicate]) => ({ id, duplicate }));
}

/** Those who still stand in the way when the applicant is taken for `person`. */
export function unsettled(duplicates: Duplicate[], person: number | null): Duplicate[] {
  return duplicates.filter((each) => person === null || each.person !== person);
}
