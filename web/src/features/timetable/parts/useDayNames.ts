// Weekday names and short dates in the reader's language; days are 0 = Monday .. 6 = Sunday.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { languageOf } from "../../../i18n/i18n";
import { addDays } from "../dates";

const A_MONDAY = "2024-01-01";

export function useDayNames() {
  const { i18n } = useTranslation();
  const { locale } = languageOf(i18n.language);
  return useMemo(() => {
    const build = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
      return (date: string) => format.format(new Date(`${date}T00:00:00Z`));
    };
    const short = build({ weekday: "short" });
    const long = build({ weekday: "long" });
    return {
      short: (day: number) => short(addDays(A_MONDAY, day)),
      long: (day: number) => long(addDays(A_MONDAY, day)),
      dayMonth: build({ day: "numeric", month: "short" }),
      dayMonthYear: build({ day: "numeric", month: "long", year: "numeric" }),
      month: build({ month: "long", year: "numeric" }),
      dayOnly: build({ day: "numeric" }),
    };
  }, [locale]);
}
