import { Alert, Anchor, Stack } from "@mantine/core";
import { IconBan, IconChecklist } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { todayIn } from "../dates";
import { hasRegisterFor } from "../parts/register";
import { audienceOf, teachersOf } from "../parts/SessionCard";
import { SessionMoves } from "../parts/SessionMoves";
import { useToday } from "../parts/useToday";
import { sessionQuery } from "../queries";

const route = getRouteApi("/shell/timetable/sessions/$sessionId");

export function SessionPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const { zone } = useToday();
  const me = useMe();
  const { sessionId } = route.useParams();
  const { data: session } = useSuspenseQuery(sessionQuery(Number(sessionId)));
  const title = session.title || session.topic;
  const date = todayIn(zone, Date.parse(session.starts_at));
  const words = (text: string) => (text ? <Bidi>{text}</Bidi> : null);
  return (
    <>
      <PageHeader
        title={title}
        heading={<Bidi>{title}</Bidi>}
        badge={<StatusBadge status={session.status} />}
        up={
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/timetable/my-week" search={{ date }} {...props} />}
          >
            {t("timetable.my.title")}
          </Anchor>
        }
        actions={
          <>
            {hasRegisterFor(me, session) && (
              <ButtonLink
                to="/attendance/sessions/$id"
                params={{ id: String(session.id) }}
                leftSection={<IconChecklist size={16} aria-hidden="true" />}
              >
                {t("timetable.session.register")}
              </ButtonLink>
            )}
            <SessionMoves session={session} date={date} />
          </>
        }
        lead={
          <>
            {format.day(session.starts_at)},{" "}
            <bdi dir="ltr">
              {format.time(session.starts_at)}–{format.time(session.ends_at)}
            </bdi>
          </>
        }
      />
      <Stack gap="md" maw={760}>
        {session.status === "cancelled" && (
          <Alert color="madder" variant="light" icon={<IconBan />} title={label("ui.status", "cancelled")}>
            <Bidi>{session.cancel_reason || t("timetable.session.noReason")}</Bidi>
          </Alert>
        )}
        <Panel title={t("timetable.session.facts")}>
          <Facts
            items={[
              { label: t("timetable.editor.topic"), value: words(session.topic) },
              {
                label: t("timetable.editor.room"),
                value: session.room ? (
                  <Anchor
                    renderRoot={(props) => (
                      <Link
                        to="/timetable/rooms"
                        search={{ room: session.room ?? undefined, date }}
                        {...props}
                      />
                    )}
                  >
                    <Bidi>{session.room_name}</Bidi>
                  </Anchor>
                ) : null,
              },
              { label: t("timetable.editor.teacher"), value: words(teachersOf(session)) },
              { label: t("timetable.session.audience"), value: words(audienceOf(session)) },
              { label: t("timetable.editor.kind"), value: label("timetable.kind", session.kind) },
              {
                label: t("timetable.session.course"),
                value: session.course_code ? <Code>{session.course_code}</Code> : null,
              },
              { label: t("timetable.editor.department"), value: words(session.department_name) },
              { label: t("timetable.editor.note"), value: words(session.note) },
              {
                label: t("timetable.session.syllabus"),
                value: words(session.syllabus_items.map(({ name }) => name).join(" · ")),
              },
              {
                label: t("timetable.session.week"),
                value: session.week_plan ? (
                  <Anchor
                    renderRoot={(props) => (
                      <Link
                        to="/timetable/weeks/$weekId"
                        params={{ weekId: String(session.week_plan) }}
                        {...props}
                      />
                    )}
                  >
                    {t("timetable.session.openWeek")}
                  </Anchor>
                ) : (
                  t("timetable.session.direct")
                ),
              },
            ]}
          />
        </Panel>
      </Stack>
    </>
  );
}
