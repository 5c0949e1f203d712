import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { CORRECTION_STATUSES, CORRECTIONS, type ListedCorrection } from "../queries";

const route = getRouteApi("/shell/assessment/corrections");

/** Published results that somebody proposes to correct. */
export function CorrectionsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t("exams.correction.title")} lead={t("exams.correction.lead")} />
      <DataTable
        path={CORRECTIONS}
        caption={t("exams.correction.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/assessment/corrections/$id", params: { id: String(row.id) } })}
        search={search}
        filters={[
          {
            name: "status",
            label: t("exams.fields.state"),
            options: CORRECTION_STATUSES.map((value) => ({
              value,
              label: label("exams.correctionStatus", value),
            })),
          },
        ]}
        empty={{
          title: t("exams.correction.empty"),
          detail: t("exams.correction.emptyDetail"),
          action: <AnchorLink to="/assessment/exams">{t("exams.title")}</AnchorLink>,
        }}
      />
    </>
  );
}

function useColumns(): Column<ListedCorrection>[] {
  const { t } = useTranslation();
  const label = useLabel();
  return useMemo<Column<ListedCorrection>[]>(
    () => [
      {
        id: "person",
        header: t("exams.fields.candidate"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      { id: "exam", header: t("exams.fields.exam"), cell: (row) => <Bidi>{row.exam_title}</Bidi> },
      {
        id: "status",
        header: t("exams.fields.state"),
        cell: (row) => (
          <StatusBadge status={row.status} label={label("exams.correctionStatus", row.status)} />
        ),
      },
      {
        id: "by",
        header: t("exams.correction.by"),
        cell: (row) => <Bidi>{row.requested_by_name}</Bidi>,
      },
      { id: "at", header: t("exams.fields.when"), cell: (row) => <Moment at={row.created_at} /> },
      {
        id: "reason",
        header: t("ui.moves.reason"),
        isExtra: true,
        cell: (row) => <Bidi>{row.reason}</Bidi>,
      },
    ],
    [t, label],
  );
}
