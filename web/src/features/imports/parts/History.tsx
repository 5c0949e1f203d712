import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Moment } from "../../../ui/Moment";
import { StatusBadge } from "../../../ui/StatusBadge";
import { countOf, type ListedRun, listParams, runLink, type Source } from "../queries";

/** The files of a kind that were uploaded before. */
export function History({ source, search }: { source: Source; search: ListSearch }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const isOfPeople = source.kind === "students" || source.kind === "faculty";
  const columns = useMemo<Column<ListedRun>[]>(
    () => [
      { id: "filename", header: t("imports.columns.file"), cell: (run) => <Bidi>{run.filename}</Bidi> },
      {
        id: "status",
        header: t("imports.columns.status"),
        cell: (run) => <StatusBadge status={run.status} />,
      },
      ...(!isOfPeople
        ? []
        : [
            {
              id: "mode",
              header: t("imports.columns.mode"),
              isExtra: true,
              cell: (run: ListedRun) => label("imports.mode", run.mode),
            },
          ]),
      {
        id: "total",
        header: t("imports.columns.rows"),
        align: "end",
        cell: (run) => number(countOf(run.summary, "total") || run.job.total),
      },
      {
        id: "error",
        header: t("imports.columns.wrong"),
        align: "end",
        cell: (run) => number(countOf(run.summary, "error")),
      },
      { id: "user", header: t("imports.columns.who"), cell: (run) => <Bidi>{run.user_name}</Bidi> },
      { id: "at", header: t("imports.columns.when"), cell: (run) => <Moment at={run.created_at} /> },
    ],
    [t, label, number, isOfPeople],
  );
  return (
    <DataTable
      path={source.path}
      params={listParams(source)}
      caption={t("imports.history")}
      columns={columns}
      rowId={(run) => run.id}
      rowLink={(run) => runLink(source, run.id)}
      search={search}
      isSearchable={false}
      isExportable={false}
      empty={{
        title: t("imports.empty.title"),
        detail: t("imports.empty.detail"),
        action: null,
      }}
    />
  );
}
