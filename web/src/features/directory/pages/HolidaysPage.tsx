import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import type { Row } from "../../../api/types";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { useOptions } from "../../../ui/useOptions";
import { HolidayForm } from "../forms/HolidayForm";
import { HOLIDAY_KINDS, HOLIDAY_SCOPES, HOLIDAYS, type Holiday } from "../queries";

const route = getRouteApi("/shell/directory/holidays");
const DAY = 86_400_000;

function daysOf({ start_date, end_date }: Holiday): number {
  return Math.round((Date.parse(end_date) - Date.parse(start_date)) / DAY) + 1;
}

export function HolidaysPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const [asked, setAsked] = useState<Holiday | "new" | null>(null);
  const programs = useOptions("/api/v1/academics/programs/", (row) => row.name);
  const batches = useOptions("/api/v1/academics/batches/", (row) => `${row.name} · ${row.program_name}`);
  const mayManage = can("holiday.manage");
  const seesSessions = can("week.view_drafts", "session.manage");
  const columns = useMemo<Column<Holiday>[]>(() => {
    const scoped = { program: programs, batch: batches };
    const forWhom = ({ scope_kind, scope_id }: Holiday) =>
      scope_kind === "institution"
        ? label("directory.scope", scope_kind)
        : (scoped[scope_kind].find(({ value }) => value === String(scope_id))?.label ??
          label("directory.scope", scope_kind));
    const sessions: Column<Holiday> = {
      id: "sessions",
      header: t("directory.holiday.hit"),
      cell: ({ id, start_date, end_date }) => (
        <AnchorLink to="/timetable/sessions" search={{ holiday: String(id), start_date, end_date }}>
          {t("directory.holiday.sessions")}
        </AnchorLink>
      ),
    };
    return [
      {
        id: "name",
        header: t("directory.fields.name"),
        sort: "name",
        cell: (holiday) =>
          mayManage ? (
            <Button variant="transparent" size="compact-sm" p={0} onClick={() => setAsked(holiday)}>
              <Bidi>{holiday.name}</Bidi>
            </Button>
          ) : (
            <Bidi>{holiday.name}</Bidi>
          ),
      },
      {
        id: "start",
        header: t("directory.holiday.first"),
        sort: "start_date",
        cell: (holiday) => format.shortDay(holiday.start_date),
      },
      {
        id: "end",
        header: t("directory.holiday.last"),
        sort: "end_date",
        cell: (holiday) => format.date(holiday.end_date),
      },
      { id: "days", header: t("directory.holiday.days"), align: "end", cell: daysOf },
      {
        id: "kind",
        header: t("directory.fields.kind"),
        sort: "kind",
        cell: (holiday) => label("directory.holidayKind", holiday.kind),
      },
      {
        id: "scope",
        header: t("directory.holiday.scope"),
        cell: (holiday) => <Bidi>{forWhom(holiday)}</Bidi>,
      },
      ...(seesSessions ? [sessions] : []),
    ];
  }, [t, label, format, mayManage, seesSessions, programs, batches]);
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked("new")}>
      {t("directory.holiday.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("directory.holiday.title")} lead={t("directory.holiday.lead")} actions={create} />
      <DataTable
        path={HOLIDAYS}
        caption={t("directory.holiday.title")}
        columns={columns as unknown as Column<Row<typeof HOLIDAYS>>[]}
        rowId={(row) => (row as unknown as Holiday).id}
        search={route.useSearch()}
        filters={[
          {
            name: "kind",
            label: t("directory.fields.kind"),
            options: HOLIDAY_KINDS.map((value) => ({ value, label: label("directory.holidayKind", value) })),
          },
          {
            name: "scope_kind",
            label: t("directory.holiday.scope"),
            options: HOLIDAY_SCOPES.map((value) => ({ value, label: label("directory.scope", value) })),
          },
        ]}
        empty={{
          title: t("directory.holiday.empty"),
          detail: t("directory.holiday.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog
        title={asked === "new" ? t("directory.holiday.create") : t("directory.holiday.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked && <HolidayForm holiday={asked === "new" ? undefined : asked} onDone={() => setAsked(null)} />}
      </FormDialog>
    </>
  );
}
