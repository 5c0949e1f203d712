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
import { StatusBadge } from "../../../ui/StatusBadge";
import { CORRECTION_STATUSES, CORRECTIONS, type Correction } from "../queries";

const route = getRouteApi("/shell/attendance/corrections");
type Listed = Omit<Correction, "moves">;

/** What people say is not true in a register, to be decided or followed. */
export function CorrectionsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const columns = useColumns();
  const decides = can("attendance.decide");
  return (
    <>
      <PageHeader
        title={t("attendance.corrections.title")}
        lead={decides ? t("attendance.corrections.lead") : t("attendance.corrections.ownLead")}
      />
      <DataTable
        path={CORRECTIONS}
        caption={t("attendance.corrections.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/attendance/corrections/$id", params: { id: String(row.id) } })}
        search={search}
        filters={[
          {
            name: "status",
            label: t("attendance.corrections.status"),
            options: CORRECTION_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{
          title: t("attendance.corrections.empty"),
          detail: decides ? t("attendance.corrections.emptyDetail") : t("attendance.corrections.emptyOwn"),
          action: !decides && <AnchorLink to="/attendance/mine">{t("attendance.mine.title")}</AnchorLink>,
        }}
      />
    </>
  );
}

function useColumns(): Column<Listed>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<Listed>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> <Code>{row.reg_no}</Code>
          </>
        ),
      },
      {
        id: "session",
        header: t("attendance.corrections.session"),
        cell: (row) => (
          <>
            <Bidi>{row.title}</Bidi>, {format.shortDay(row.starts_at)}
          </>
        ),
      },
      {
        id: "wanted",
        header: t("attendance.corrections.change"),
        cell: (row) => t("attendance.corrections.wanted", { mark: label("ui.status", row.wanted) }),
      },
      {
        id: "status",
        header: t("attendance.corrections.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "requested",
        header: t("attendance.corrections.asked"),
        sort: "requested_at",
        cell: (row) => <Moment at={row.requested_at} />,
      },
      {
        id: "reason",
        header: t("attendance.reason"),
        isExtra: true,
        cell: (row) => <Bidi>{row.reason}</Bidi>,
      },
    ],
    [t, label, format],
  );
}
