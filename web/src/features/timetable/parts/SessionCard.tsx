import { IconBan, IconMapPin } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { useFormat } from "../../../ui/format";
import type { Session } from "../queries";
import classes from "./SessionCard.module.css";

export const teachersOf = (session: Session): string =>
  [...session.teachers.map((each) => each.name), session.teachers.length === 0 ? session.faculty_name : ""]
    .filter(Boolean)
    .join(", ");

export const audienceOf = (session: Session): string =>
  session.section_name || session.groups.map((each) => each.name).join(", ");

type Props = { session: Session; isNext?: boolean; isNow?: boolean; isRoomKnown?: boolean };

/** One session as its people need it: when, what, where, with whom; a cancelled one says why. */
export function SessionCard({ session, isNext = false, isNow = false, isRoomKnown = false }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const isCancelled = session.status === "cancelled";
  const people = [teachersOf(session), audienceOf(session)].filter(Boolean).join(" · ");
  return (
    <Link
      to="/timetable/sessions/$sessionId"
      params={{ sessionId: String(session.id) }}
      className={classes.card}
      data-kind={session.kind}
      data-cancelled={isCancelled || undefined}
      data-next={isNext || undefined}
    >
      <bdi dir="ltr" className={classes.time}>
        <b>{format.time(session.starts_at)}</b>
        <span>{format.time(session.ends_at)}</span>
      </bdi>
      <div className={classes.words}>
        {(isNow || isNext) && !isCancelled && (
          <span className={classes.flag}>{isNow ? t("timetable.my.now") : t("timetable.my.next")}</span>
        )}
        <span className={classes.title}>
          <Bidi>{session.title || session.topic}</Bidi>
          {session.course_code && (
            <small>
              <Code>{session.course_code}</Code>
            </small>
          )}
        </span>
        {session.topic && session.topic !== session.title && (
          <span className={classes.topic}>
            <Bidi>{session.topic}</Bidi>
          </span>
        )}
        <span className={classes.people}>
          {session.room_name && !isRoomKnown && (
            <b className={classes.room}>
              <IconMapPin size={14} aria-hidden="true" />
              <Bidi>{session.room_name}</Bidi>
            </b>
          )}
          {people && <Bidi>{people}</Bidi>}
        </span>
        {isCancelled && (
          <span className={classes.reason}>
            <IconBan size={14} aria-hidden="true" />
            <b>{label("ui.status", "cancelled")}</b>
            {session.cancel_reason && <Bidi>{session.cancel_reason}</Bidi>}
          </span>
        )}
        {session.note && !isCancelled && (
          <span className={classes.note}>
            <Bidi>{session.note}</Bidi>
          </span>
        )}
      </div>
    </Link>
  );
}
