import { ActionIcon, Button, Group } from "@mantine/core";
import {
  IconCalendarPlus,
  IconChecklist,
  IconChevronLeft,
  IconChevronRight,
  IconPrinter,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type TouchEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { addDays, todayIn, weekStart } from "../dates";
import { hasRegisterFor } from "../parts/register";
import { SessionCard } from "../parts/SessionCard";
import { SubscribeDialog } from "../parts/SubscribeDialog";
import { useDayNames } from "../parts/useDayNames";
import { useToday } from "../parts/useToday";
import { type MyWeek, myWeekQuery, type Session } from "../queries";
import classes from "./MyWeekPage.module.css";

const route = getRouteApi("/shell/timetable/my-week");
const SWIPE = 60;

/** One's own week, today first; made for a phone in a corridor. */
export function MyWeekPage() {
  const { t } = useTranslation();
  const names = useDayNames();
  const navigate = useNavigate();
  const { today, now, firstWeekday } = useToday();
  const { date } = route.useSearch();
  const shown = weekStart(date ?? today, firstWeekday);
  const { data, error, isPending, refetch } = useQuery(myWeekQuery(shown));
  const [isSubscribing, setSubscribing] = useState(false);
  const isThisWeek = shown === weekStart(today, firstWeekday);
  const go = (to: string) =>
    void navigate({
      to: "/timetable/my-week",
      search: to === weekStart(today, firstWeekday) ? {} : { date: to },
      resetScroll: false,
    });
  const swipe = useSwipe(
    () => go(addDays(shown, 7)),
    () => go(addDays(shown, -7)),
  );
  const range = `${names.dayMonth(shown)} – ${names.dayMonth(addDays(shown, 6))}`;
  const plan = data?.days.flatMap((day) => day.sessions).find((session) => session.week_plan)?.week_plan;
  return (
    <div className={classes.page} {...swipe}>
      <PageHeader
        title={t("timetable.my.title")}
        lead={range}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconCalendarPlus size={16} aria-hidden="true" />}
              onClick={() => setSubscribing(true)}
            >
              {t("timetable.my.subscribe")}
            </Button>
            {plan && (
              <Button
                component="a"
                href={`/api/v1/timetable/weeks/${plan}/pdf/`}
                variant="default"
                leftSection={<IconPrinter size={16} aria-hidden="true" />}
              >
                {t("timetable.my.print")}
              </Button>
            )}
          </>
        }
      />
      <Group justify="space-between" className={classes.weeks} wrap="nowrap">
        <ActionIcon
          variant="default"
          aria-label={t("timetable.my.previous")}
          onClick={() => go(addDays(shown, -7))}
        >
          <IconChevronLeft size={18} aria-hidden="true" className={classes.turn} />
        </ActionIcon>
        {isThisWeek ? (
          <strong>{t("timetable.my.thisWeek")}</strong>
        ) : (
          <Button variant="subtle" size="compact-sm" onClick={() => go(weekStart(today, firstWeekday))}>
            {t("timetable.my.toThisWeek")}
          </Button>
        )}
        <ActionIcon
          variant="default"
          aria-label={t("timetable.my.following")}
          onClick={() => go(addDays(shown, 7))}
        >
          <IconChevronRight size={18} aria-hidden="true" className={classes.turn} />
        </ActionIcon>
      </Group>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={6} />}
      {data && <Days week={data} today={today} now={now} isThisWeek={isThisWeek} onGo={go} />}
      {isSubscribing && <SubscribeDialog onClose={() => setSubscribing(false)} />}
    </div>
  );
}

type DaysProps = {
  week: MyWeek;
  today: string;
  now: number;
  isThisWeek: boolean;
  onGo: (week: string) => void;
};

/** Today and what follows come first; days gone by are folded below. */
function Days({ week, today, now, isThisWeek, onGo }: DaysProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { zone, firstWeekday } = useToday();
  const isBusy = week.days.some((day) => day.sessions.length > 0 || day.holiday);
  if (!isBusy) {
    const next = week.next && todayIn(zone, Date.parse(week.next.starts_at));
    return (
      <EmptyState
        title={t("timetable.my.empty")}
        detail={t("timetable.my.emptyDetail")}
        action={
          next && (
            <Button variant="default" onClick={() => onGo(weekStart(next, firstWeekday))}>
              {t("timetable.my.nextOn", { day: format.day(next) })}
            </Button>
          )
        }
      />
    );
  }
  const ahead = week.days.filter((day) => !isThisWeek || day.date >= today);
  const past = week.days.filter((day) => isThisWeek && day.date < today && day.sessions.length > 0);
  return (
    <>
      {ahead.map((day) => (
        <Day key={day.date} day={day} next={week.next} today={today} now={now} />
      ))}
      {past.length > 0 && (
        <details className={classes.past}>
          <summary>{t("timetable.my.earlier")}</summary>
          {past.map((day) => (
            <Day key={day.date} day={day} next={null} today={today} now={now} />
          ))}
        </details>
      )}
    </>
  );
}

type DayProps = { day: MyWeek["days"][number]; next: Session | null; today: string; now: number };

function Day({ day, next, today, now }: DayProps) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useDayNames();
  const isToday = day.date === today;
  if (!isToday && day.sessions.length === 0 && !day.holiday) return null;
  return (
    <section className={classes.day} data-today={isToday || undefined}>
      <h2 className={classes.head}>
        {isToday && <span className={classes.today}>{t("timetable.grid.today")}</span>}
        {names.long(day.day_of_week)} <span>{names.dayMonth(day.date)}</span>
        {day.holiday && (
          <span className={classes.holiday}>
            <Bidi>{day.holiday}</Bidi>
          </span>
        )}
      </h2>
      {day.sessions.length === 0 ? (
        <p className={classes.free}>{t("timetable.my.nothingToday")}</p>
      ) : (
        <div className={classes.list}>
          {day.sessions.map((session) => (
            <div key={session.id}>
              <SessionCard
                session={session}
                isNext={session.id === next?.id}
                isNow={Date.parse(session.starts_at) <= now && now < Date.parse(session.ends_at)}
              />
              {day.date <= today && hasRegisterFor(me, session) && (
                <AnchorLink
                  to="/attendance/sessions/$id"
                  params={{ id: String(session.id) }}
                  size="sm"
                  className={classes.register}
                >
                  <IconChecklist size={16} aria-hidden="true" />
                  {t("timetable.session.register")}
                </AnchorLink>
              )}
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

/** A sideways stroke turns the page; right to left it turns the other way. */
function useSwipe(onForward: () => void, onBack: () => void) {
  const start = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      start.current = touch ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd: (event: TouchEvent) => {
      const touch = event.changedTouches[0];
      const from = start.current;
      start.current = null;
      if (!touch || !from) return;
      const across = touch.clientX - from.x;
      if (Math.abs(across) < SWIPE || Math.abs(touch.clientY - from.y) > Math.abs(across) / 2) return;
      const isForward = across < 0 !== (document.documentElement.dir === "rtl");
      if (isForward) onForward();
      else onBack();
    },
  };
}
