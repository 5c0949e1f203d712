import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { useDayNames } from "./useDayNames";
import type { GridDay } from "./WeekGrid";
import classes from "./WeekGrid.module.css";

/** A column's weekday and date; today and holidays say so in words as well. */
export function DayHead({ day }: { day: GridDay }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useDayNames();
  return (
    <th
      scope="col"
      className={classes.day}
      data-today={day.isToday || undefined}
      data-off={day.isOff || undefined}
      data-holiday={day.holiday !== null || undefined}
    >
      <span className={classes.weekday}>{names.short(day.day)}</span>{" "}
      <time dateTime={day.date} className={classes.date} title={format.day(day.date)}>
        {names.dayMonth(day.date)}
      </time>
      {day.isToday && <span className="visually-hidden">{t("timetable.grid.today")}</span>}
      {day.holiday !== null && (
        <span className={classes.holiday}>
          <span className="visually-hidden">{t("timetable.grid.holiday")} </span>
          <Bidi>{day.holiday}</Bidi>
        </span>
      )}
    </th>
  );
}
