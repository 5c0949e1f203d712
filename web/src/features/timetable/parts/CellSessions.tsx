import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { AnchorLink } from "../../../ui/links";
import { dateOfDay } from "../dates";
import { type Address, type Content, cellAt, placeOf, type Sheet, type Week } from "../grid/sheet";
import { dayQuery, type Session } from "../queries";
import classes from "./SidePanel.module.css";
import { slotOf } from "./slot";

type Props = { week: Week; sheet: Sheet; address: Address };

/** From a cell of a published week to the session that its people see; there it is cancelled, substituted, relocated. */
export function CellSessions({ week, sheet, address }: Props) {
  const { t } = useTranslation();
  const { institution } = useMe();
  const content = cellAt(sheet, address);
  const slot = slotOf(week, sheet, address, institution?.time_zone ?? "UTC");
  const date = dateOfDay(week.week_start_date, placeOf(address).day, week.first_weekday);
  const isAsked = week.status === "published" && content.status !== "empty" && slot !== null;
  const { data } = useQuery({ ...dayQuery(date, week.batch), enabled: isAsked });
  if (!isAsked) return null;
  const found = (data?.results ?? []).filter(
    (session) =>
      session.week_plan === week.id &&
      Date.parse(session.starts_at) === Date.parse(slot.starts_at) &&
      isOf(content, session),
  );
  if (found.length === 0) return null;
  return (
    <div className={classes.sessions}>
      {found.map((session) => (
        <AnchorLink
          key={session.id}
          to="/timetable/sessions/$sessionId"
          params={{ sessionId: String(session.id) }}
        >
          {t("timetable.panel.session")}
        </AnchorLink>
      ))}
    </div>
  );
}

/** Lanes share their time, so the session is told by what it teaches and to whom. */
function isOf(content: Content, session: Session): boolean {
  const groups = session.groups.map((group) => group.id);
  return (
    session.course === content.course &&
    session.section === content.section &&
    (content.all_groups || content.groups.every((group) => groups.includes(group)))
  );
}
