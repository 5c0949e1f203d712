// Dates, times and numbers in the reader's language and the institution's time zone.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../api/me";
import { languageOf } from "../i18n/i18n";

type Moment = string | number | Date;

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const A_WEEK = 7 * 86_400_000;

export type Format = ReturnType<typeof formatFor>;

export function formatFor(locale: string, timeZone: string) {
  const build = (options: Intl.DateTimeFormatOptions) => {
    const instant = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    const calendarDay = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    // A bare date has no zone: it must not slip to the day before.
    return (moment: Moment) =>
      typeof moment === "string" && DAY_ONLY.test(moment)
        ? calendarDay.format(new Date(`${moment}T00:00:00Z`))
        : instant.format(new Date(moment));
  };
  const date = build({ day: "numeric", month: "short", year: "numeric" });
  const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const numberFormat = new Intl.NumberFormat(locale);
  return {
    date,
    day: build({ weekday: "long", day: "numeric", month: "long" }),
    shortDay: build({ weekday: "short", day: "numeric", month: "short" }),
    month: build({ month: "short", year: "2-digit" }),
    time: build({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    dateTime: build({
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }),
    hour: (moment: Moment) =>
      Number(
        new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", hourCycle: "h23" }).format(
          new Date(moment),
        ),
      ),
    number: (value: number) => numberFormat.format(value),
    /** "3 hours ago" within a week of `now`, the date beyond it. */
    ago: (moment: Moment, now: number = Date.now()) => {
      const distance = new Date(moment).getTime() - now;
      if (Math.abs(distance) >= A_WEEK) return date(moment);
      const [unit, size] = STEPS.find(([, step]) => Math.abs(distance) >= step) ?? ["minute", 60_000];
      return relativeFormat.format(Math.round(distance / size), unit);
    },
  };
}

/** Outside an institution (sign-in, operators) the device's own zone serves. */
export function useZone(): string {
  const { data } = useQuery({ ...meQuery, enabled: false });
  return data?.institution?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** In the reader's zone, unless a page knows whose times it shows. */
export function useFormat(zoneOfPage?: string): Format {
  const { i18n } = useTranslation();
  const own = useZone();
  const locale = languageOf(i18n.language).locale;
  const zone = zoneOfPage ?? own;
  return useMemo(() => formatFor(locale, zone), [locale, zone]);
}
