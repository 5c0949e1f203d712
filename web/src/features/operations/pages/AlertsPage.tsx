import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { Measure } from "../parts/Measure";
import { ALERT_STATUSES, ALERTS, type ListedAlert, SEVERITIES } from "../queries";

const route = getRouteApi("/shell/operations/alerts");

export function AlertsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t("operations.alerts.title")} lead={t("operations.alerts.lead")} />
      <DataTable
        path={ALERTS}
        caption={t("operations.alerts.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/operations/alerts/$id", params: { id: String(row.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("operations.alerts.status"),
            options: ALERT_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          {
            name: "severity",
            label: t("operations.alerts.severity"),
            options: SEVERITIES.map((value) => ({ value, label: label("operations.severity", value) })),
          },
        ]}
        empty={{
          title: t("operations.alerts.empty"),
          action: (
            <ButtonLink to="/operations/alerts" search={{}} variant="default">
              {t("operations.alerts.all")}
            </ButtonLink>
          ),
        }}
      />
    </>
  );
}

function useColumns(): Column<ListedAlert>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<ListedAlert>[]>(
    () => [
      { id: "rule", header: t("operations.alerts.rule"), sort: "rule", cell: (row) => row.title },
      {
        id: "subject",
        header: t("operations.alerts.subject"),
        cell: (row) => (row.subject ? <Bidi>{row.subject}</Bidi> : "–"),
      },
      {
        id: "status",
        header: t("operations.alerts.status"),
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "severity",
        header: t("operations.alerts.severity"),
        sort: "severity",
        cell: (row) => label("operations.severity", row.severity),
      },
      { id: "value", header: t("operations.alerts.value"), cell: (row) => <Measure of={row} /> },
      {
        id: "first",
        header: t("operations.alerts.first"),
        sort: "first_at",
        cell: (row) => <Moment at={row.first_at} />,
      },
      {
        id: "last",
        header: t("operations.alerts.last"),
        sort: "last_at",
        isExtra: true,
        cell: (row) => <Moment at={row.last_at} />,
      },
      {
        id: "count",
        header: t("operations.alerts.count"),
        sort: "count",
        align: "end",
        isExtra: true,
        cell: (row) => format.number(row.count),
      },
    ],
    [t, label, format],
  );
}
