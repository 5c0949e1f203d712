import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { CondonationStatus } from "../parts/CondonationStatus";
import { CONDONATION_STATUSES, CONDONATIONS, type Condonation } from "../queries";

const route = getRouteApi("/shell/attendance/condonations");
type Listed = Condonation;

/** Who asks to sit in spite of less attendance, and how it was decided. */
export function CondonationsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const columns = useColumns();
  const asks = can("attendance.condone_request");
  return (
    <>
      <PageHeader title={t("attendance.condonations.title")} lead={t("attendance.condonations.lead")} />
      <DataTable
        path={CONDONATIONS}
        caption={t("attendance.condonations.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/attendance/condonations/$id", params: { id: String(row.id) } })}
        search={search}
        filters={[
          {
            name: "status",
            label: t("attendance.corrections.status"),
            options: CONDONATION_STATUSES.map((value) => ({
              value,
              label: label("attendance.condonations.statuses", value),
            })),
          },
        ]}
        empty={{
          title: t("attendance.condonations.empty"),
          detail: asks ? t("attendance.condonations.emptyDetail") : t("attendance.condonations.emptyOther"),
          action: asks && (
            <AnchorLink to="/attendance/eligibility-lists">{t("attendance.lists.title")}</AnchorLink>
          ),
        }}
      />
    </>
  );
}

function useColumns(): Column<Listed>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  return useMemo<Column<Listed>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "list",
        header: t("attendance.lists.list"),
        cell: (row) => <Bidi>{row.list_title}</Bidi>,
      },
      {
        id: "shortfall",
        header: t("attendance.condonations.shortfall"),
        cell: (row) =>
          t("attendance.condonations.points", {
            points: number(Number(row.shortfall)),
            percentage: number(Number(row.percentage)),
          }),
      },
      {
        id: "status",
        header: t("attendance.corrections.status"),
        sort: "status",
        cell: (row) => <CondonationStatus status={row.status} />,
      },
      {
        id: "requested",
        header: t("attendance.corrections.asked"),
        sort: "requested_at",
        cell: (row) => <Moment at={row.requested_at} />,
      },
      {
        id: "by",
        header: t("attendance.condonations.by"),
        cell: (row) => <Bidi>{row.requested_by_name}</Bidi>,
      },
      {
        id: "reason",
        header: t("attendance.reason"),
        isExtra: true,
        cell: (row) => <Bidi>{row.reason}</Bidi>,
      },
    ],
    [t, number],
  );
}
