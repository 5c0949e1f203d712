import { ActionIcon, Button, Group } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconMaximize } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { addDays } from "../dates";
import { PickOne } from "../parts/Picker";
import { audienceOf, SessionCard, teachersOf } from "../parts/SessionCard";
import { useList } from "../parts/useOptions";
import { useToday } from "../parts/useToday";
import { roomDayQuery, roomQuery, type Session } from "../queries";
import classes from "./RoomBoardPage.module.css";

const route = getRouteApi("/shell/timetable/rooms");

/** A room's day in letters that are read from across the corridor. */
export function RoomBoardPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { today, now } = useToday();
  const { room, date } = route.useSearch();
  const day = date ?? today;
  const board = useRef<HTMLDivElement>(null);
  const { data: place } = useQuery({ ...roomQuery(room ?? 0), enabled: room !== undefined });
  const name = place?.name ?? "";
  const rooms = useList("/api/v1/directory/places/", { kind: "room" }, name);
  const format = useFormat();
  const show = (next: { room?: number | undefined; date?: string | undefined }) =>
    void navigate({ to: "/timetable/rooms", search: { room, date, ...next }, resetScroll: false });
  const dateOrToday = (to: string) => (to === today ? undefined : to);
  return (
    <>
      <PageHeader
        title={t("timetable.rooms.title")}
        lead={t("timetable.rooms.lead")}
        actions={
          room !== undefined && (
            <Button
              variant="default"
              leftSection={<IconMaximize size={16} aria-hidden="true" />}
              onClick={() => void board.current?.requestFullscreen?.()}
            >
              {t("timetable.rooms.fullScreen")}
            </Button>
          )
        }
      />
      <Group mb="md" align="flex-end" gap="sm">
        <div className={classes.pick}>
          <PickOne
            {...rooms}
            label={t("timetable.editor.room")}
            placeholder={t("timetable.rooms.choose")}
            value={room ?? null}
            chosenLabel={name}
            onChange={(id) => show({ room: id ?? undefined })}
          />
        </div>
        <Group gap="xs">
          <ActionIcon
            variant="default"
            aria-label={t("timetable.rooms.before")}
            onClick={() => show({ date: dateOrToday(addDays(day, -1)) })}
          >
            <IconChevronLeft size={18} aria-hidden="true" className={classes.turn} />
          </ActionIcon>
          <Button variant="default" disabled={day === today} onClick={() => show({ date: undefined })}>
            {t("timetable.grid.today")}
          </Button>
          <ActionIcon
            variant="default"
            aria-label={t("timetable.rooms.after")}
            onClick={() => show({ date: dateOrToday(addDays(day, 1)) })}
          >
            <IconChevronRight size={18} aria-hidden="true" className={classes.turn} />
          </ActionIcon>
        </Group>
      </Group>
      {room === undefined ? (
        <EmptyState title={t("timetable.rooms.none")} detail={t("timetable.rooms.noneDetail")} />
      ) : (
        <div ref={board} className={classes.board}>
          <header className={classes.head}>
            <h2>
              <Bidi>{name}</Bidi>
            </h2>
            <span>
              {format.day(day)}
              {day === today && <time className={classes.clock}>{format.time(now)}</time>}
            </span>
          </header>
          <RoomDay room={room} day={day} now={day === today ? now : null} />
        </div>
      )}
    </>
  );
}

function RoomDay({ room, day, now }: { room: number; day: string; now: number | null }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(roomDayQuery(room, day));
  if (error && !data) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (isPending) return <RowsSkeleton rows={5} />;
  const sessions = data.results;
  const live = sessions.filter((session) => session.status !== "cancelled");
  const current =
    now === null
      ? undefined
      : live.find((each) => Date.parse(each.starts_at) <= now && now < Date.parse(each.ends_at));
  const next = now === null ? undefined : live.find((each) => Date.parse(each.starts_at) > now);
  return (
    <>
      {now !== null && <Present current={current} next={next} />}
      {sessions.length === 0 ? (
        <p className={classes.free}>{t("timetable.rooms.freeDay")}</p>
      ) : (
        <div className={classes.list}>
          {sessions.map((session) => (
            <SessionCard
              key={session.id}
              session={session}
              isRoomKnown
              isNow={session === current}
              isNext={session === next}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** Whether one may walk in. */
function Present({ current, next }: { current: Session | undefined; next: Session | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes.present} data-taken={current !== undefined || undefined}>
      {current ? (
        <>
          <small>{t("timetable.rooms.takenUntil", { time: format.time(current.ends_at) })}</small>
          <strong>
            <Bidi>{current.title || current.topic}</Bidi>
          </strong>
          <span>
            <Bidi>{[teachersOf(current), audienceOf(current)].filter(Boolean).join(" · ")}</Bidi>
          </span>
        </>
      ) : (
        <>
          <strong>{t("timetable.rooms.free")}</strong>
          <span>
            {next
              ? t("timetable.rooms.freeUntil", { time: format.time(next.starts_at) })
              : t("timetable.rooms.freeRest")}
          </span>
        </>
      )}
    </div>
  );
}
