import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { DayFilter, ReferenceFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { BatchSelect, GroupSelect, PersonSelect, PlaceSelect } from "../../../ui/references";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { TableFilter } from "../../../ui/TableToolbar";
import { SessionForm } from "../forms/SessionForm";
import { HolidayNotice } from "../parts/HolidayNotice";
import { audienceOf, teachersOf } from "../parts/SessionCard";
import { useToday } from "../parts/useToday";
import { SESSION_STATUSES, SESSIONS, type Session } from "../queries";

const route = getRouteApi("/shell/timetable/sessions");

/** Published and direct sessions from today on, whoever holds them. */
export function SessionsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { today } = useToday();
  const navigate = route.useNavigate();
  // The holiday says why one is here; the list itself goes by its days.
  const { holiday, ...search } = route.useSearch();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const filters = useFilters();
  const create = can("session.manage") && (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
      {t("timetable.session.new")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("timetable.sessions.title")}
        lead={t("timetable.sessions.lead")}
        actions={create}
      />
      <Stack gap="md">
        {holiday !== undefined && <HolidayNotice key={holiday} id={Number(holiday)} />}
        <DataTable
          path={SESSIONS}
          caption={t("timetable.sessions.title")}
          columns={columns}
          rowId={(row) => row.id}
          rowLink={(row) =>
            linkOptions({ to: "/timetable/sessions/$sessionId", params: { sessionId: String(row.id) } })
          }
          search={search}
          defaults={{ start_date: today }}
          filters={filters}
          empty={{
            title: t("timetable.sessions.empty"),
            detail: t("timetable.sessions.emptyDetail"),
            action: create || (
              <ButtonLink to="/timetable/my-week" variant="default">
                {t("timetable.my.title")}
              </ButtonLink>
            ),
          }}
        />
      </Stack>
      <FormDialog title={t("timetable.session.new")} opened={isOpen} onClose={close} size="xl">
        <SessionForm
          onDone={({ id }) =>
            navigate({ to: "/timetable/sessions/$sessionId", params: { sessionId: String(id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function useFilters(): TableFilter[] {
  const { t } = useTranslation();
  const label = useLabel();
  return [
    { name: "start_date", label: t("timetable.print.from"), control: (field) => <DayFilter {...field} /> },
    { name: "end_date", label: t("timetable.print.to"), control: (field) => <DayFilter {...field} /> },
    {
      name: "batch",
      label: t("timetable.sessions.batch"),
      control: (field) => (
        <ReferenceFilter field={field} path="/api/v1/academics/batches/" of={BatchSelect} />
      ),
    },
    {
      name: "group",
      label: t("timetable.sessions.group"),
      control: (field) => <ReferenceFilter field={field} path="/api/v1/academics/groups/" of={GroupSelect} />,
    },
    {
      name: "faculty",
      label: t("timetable.editor.teacher"),
      control: (field) => (
        <ReferenceFilter
          field={field}
          path="/api/v1/directory/persons/"
          of={PersonSelect}
          filters={{ role: "faculty" }}
        />
      ),
    },
    {
      name: "room",
      label: t("timetable.editor.room"),
      control: (field) => (
        <ReferenceFilter
          field={field}
          path="/api/v1/directory/places/"
          of={PlaceSelect}
          filters={{ kind: "room" }}
        />
      ),
    },
    {
      name: "status",
      label: t("timetable.field.status"),
      options: SESSION_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
    },
    {
      name: "source",
      label: t("timetable.sessions.source"),
      options: (["plan", "direct"] as const).map((value) => ({
        value,
        label: label("timetable.sessions.from", value),
      })),
    },
  ];
}

function useColumns(): Column<Session>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: "when",
        header: t("timetable.sessions.when"),
        sort: "starts_at",
        cell: (row) => (
          <>
            {format.shortDay(row.starts_at)}{" "}
            <bdi dir="ltr">
              {format.time(row.starts_at)}–{format.time(row.ends_at)}
            </bdi>
          </>
        ),
      },
      {
        id: "what",
        header: t("timetable.sessions.what"),
        cell: (row) => (
          <>
            <Bidi>{row.title || row.topic}</Bidi>
            {row.topic && row.topic !== row.title && (
              <small style={{ display: "block", color: "var(--mantine-color-dimmed)" }}>
                <Bidi>{row.topic}</Bidi>
              </small>
            )}
          </>
        ),
      },
      {
        id: "teacher",
        header: t("timetable.editor.teacher"),
        cell: (row) => <Bidi>{teachersOf(row)}</Bidi>,
      },
      {
        id: "audience",
        header: t("timetable.session.audience"),
        cell: (row) => <Bidi>{audienceOf(row)}</Bidi>,
      },
      { id: "room", header: t("timetable.editor.room"), cell: (row) => <Bidi>{row.room_name}</Bidi> },
      {
        id: "kind",
        header: t("timetable.editor.kind"),
        isExtra: true,
        cell: (row) => label("timetable.kind", row.kind),
      },
      {
        id: "source",
        header: t("timetable.sessions.source"),
        isExtra: true,
        cell: (row) => label("timetable.sessions.from", row.source),
      },
      {
        id: "status",
        header: t("timetable.field.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
    ],
    [t, label, format],
  );
}
