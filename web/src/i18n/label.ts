// Labels of values that come from the server: translated where known, readable where not.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** `on_leave` reads "On leave". */
export function readable(value: string): string {
  const words = value.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `label("ui.status", "on_leave")` is the text `ui.status.on_leave`, or "On leave" where there is none. */
export function useLabel(): (prefix: string, value: string) => string {
  const { i18n } = useTranslation();
  const { language: chosen } = i18n;
  return useCallback(
    (prefix, value) => {
      const key = `${prefix}.${value}`;
      for (const language of new Set([chosen, ...i18n.languages])) {
        const text: unknown = i18n.getResource(language, "translation", key);
        if (typeof text === "string") return text;
      }
      return readable(value);
    },
    [i18n, chosen],
  );
}
