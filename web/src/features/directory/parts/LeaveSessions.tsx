import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getJson, urlOf } from "../../../api/transport";
import type { Page } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import type { Column } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import type { Leave } from "../queries";

type Session = {
  id: number;
  starts_at: string;
  ends_at: string;
  title: string;
  section_name: string;
  groups: { name: string }[];
  room_name: string;
};

const SESSIONS = "/api/v1/timetable/sessions/";
const LISTED = 50;

/** What the person would have taught in that time, for whoever decides the leave. */
export function LeaveSessions({ leave }: { leave: Leave }) {
  const { t } = useTranslation();
  const format = useFormat();
  const days = { start_date: leave.start_date, end_date: leave.end_date ?? undefined };
  const wanted = { faculty: leave.person.id, status: "scheduled", page_size: LISTED, ...days };
  const query = useQuery({
    queryKey: [SESSIONS, wanted],
    queryFn: ({ signal }) => getJson<Page<Session>>(urlOf(SESSIONS, wanted), signal),
  });
  const columns: Column<Session>[] = [
    {
      id: "when",
      header: t("directory.leave.when"),
      cell: ({ starts_at, ends_at }) =>
        `${format.shortDay(starts_at)}, ${format.time(starts_at)}–${format.time(ends_at)}`,
    },
    {
      id: "title",
      header: t("directory.leave.session"),
      cell: ({ title }) => <Bidi>{title}</Bidi>,
    },
    {
      id: "audience",
      header: t("directory.leave.audience"),
      cell: ({ section_name, groups }) => (
        <Bidi>{section_name || groups.map(({ name }) => name).join(", ")}</Bidi>
      ),
    },
    { id: "room", header: t("directory.leave.room"), cell: ({ room_name }) => <Bidi>{room_name}</Bidi> },
  ];
  return (
    <Panel title={t("directory.leave.inside")}>
      <Loaded query={query}>
        {({ results, count }) => (
          <>
            <SmallTable
              caption={t("directory.leave.inside")}
              columns={columns}
              rows={results}
              rowId={({ id }) => id}
              empty={t("directory.leave.noSessions")}
            />
            {count > results.length && (
              <AnchorLink
                to="/timetable/sessions"
                search={{ faculty: String(leave.person.id), start_date: leave.start_date }}
              >
                {t("directory.leave.allSessions", { count })}
              </AnchorLink>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
