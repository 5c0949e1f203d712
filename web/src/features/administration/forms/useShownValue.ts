import { useTranslation } from "react-i18next";
import { languageOf } from "../../../i18n/i18n";
import { leftToRight } from "../../../i18n/isolated";
import { useLabel } from "../../../i18n/label";
import type { Setting } from "../queries";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];

/** Monday first, as the API counts. */
export function useDayNames(): string[] {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(languageOf(i18n.language).locale, {
    weekday: "short",
    timeZone: "UTC",
  });
  return WEEKDAYS.map((day) => format.format(MONDAY + day * DAY));
}

/** A value of a setting in words; patterns keep their order in any script. */
export function useShownValue(): (setting: Setting, value: unknown) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const days = useDayNames();
  return (setting, value) => {
    if (value === null || value === undefined || value === "") return t("administration.settings.none");
    if (typeof value === "boolean") {
      return value ? t("administration.settings.on") : t("administration.settings.off");
    }
    if (Array.isArray(value)) return value.map((day) => days[Number(day)] ?? String(day)).join(", ");
    if (setting.kind === "choice") return label("administration.choice", String(value));
    return setting.kind === "text" ? leftToRight(String(value)) : String(value);
  };
}
