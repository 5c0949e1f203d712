import type { Move } from "../api/moves";
import { readable, useLabel } from "../i18n/label";

/** The verb in the reader's language; a move this client has no word for keeps the server's. */
export function useMoveName(): (move: Pick<Move, "name" | "label">) => string {
  const label = useLabel();
  return ({ name, label: given }) => {
    const known = label("ui.move", name);
    return known === readable(name) ? given : known;
  };
}
