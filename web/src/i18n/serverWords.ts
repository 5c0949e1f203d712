// The server words its refusals in English; by their codes they are said in the reader's language.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Missing } from "../api/problem";
import { readable, useLabel } from "./label";

const SERVER_LANGUAGE = "en";
/** Requirements whose detail is an English sentence and no name or figure. */
const TOLD_IN_SENTENCES = new Set([
  "CAPACITY_EXCEEDED",
  "INVALID_STATUS",
  "active_batches",
  "application_incomplete",
  "attendance_exists",
  "capacity_below_enrolled",
  "document_expired",
  "structure_incomplete",
  "wrong_status",
]);
const FIGURES = ["capacity", "size", "count", "days_with_wrong_count"];

/** `words("overlap", "Another placement is in the way.")`: the given words to an English reader, else those of the code. */
export function useServerWords(): (code: string, given: string) => string {
  const { i18n } = useTranslation();
  const label = useLabel();
  const isServerLanguage = i18n.language === SERVER_LANGUAGE;
  return useCallback(
    (code, given) => {
      if (given && isServerLanguage) return given;
      const known = label("rules", code);
      return given && known === readable(code) ? given : known;
    },
    [isServerLanguage, label],
  );
}

/** A requirement as its reader sees it; `label` and `detail` are the server's where the code is unknown. */
export function useMissingWords(): (item: Missing) => { label: string; detail: string } {
  const { i18n } = useTranslation();
  const labelOf = useLabel();
  const words = useServerWords();
  return useCallback(
    (item) => {
      if (i18n.language === SERVER_LANGUAGE) return { label: item.label, detail: item.detail };
      const figures = FIGURES.filter((name) => item.where?.[name] !== undefined).map(
        (name) => `${labelOf("ui.figure", name)}: ${String(item.where?.[name])}`,
      );
      const detail = TOLD_IN_SENTENCES.has(item.code) ? "" : item.detail;
      return { label: words(item.code, item.label), detail: figures.join("؛ ") || detail };
    },
    [i18n.language, labelOf, words],
  );
}
