import { useCallback } from "react";
import { useLabel } from "../../../i18n/label";
import type { Kind } from "../queries";

/** What a row would do, in the words of its kind: a mark that stands already is not passed over but the same. */
export function useActionWords(kind: Kind): (action: string) => string {
  const label = useLabel();
  return useCallback(
    (action) =>
      kind === "attendance" || kind === "exam_marks"
        ? label("imports.markAction", action)
        : label("imports.action", action),
    [kind, label],
  );
}
