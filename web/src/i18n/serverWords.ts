// The server words its refusals in English; by their codes they are said in the reader's language.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Missing } from "../api/problem";
import { readable, useLabel } from "./label";

const SERVER_LANGUAGE = "en";
/** Its detail names the state in English, and every page shows the state already. */
const SAID_BY_THE_PAGE = "wrong_status";

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

/** A requirement as its reader sees it; its detail the server says in the language that the request names. */
export function useMissingWords(): (item: Missing) => { label: string; detail: string } {
  const { i18n } = useTranslation();
  const words = useServerWords();
  return useCallback(
    (item) => {
      if (i18n.language === SERVER_LANGUAGE) return { label: item.label, detail: item.detail };
      const detail = item.code === SAID_BY_THE_PAGE ? "" : item.detail;
      return { label: words(item.code, item.label), detail };
    },
    [i18n.language, words],
  );
}
