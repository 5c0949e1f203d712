import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { PROCESS_KINDS, PROCESSES, type Process } from "../queries";

const route = getRouteApi("/shell/operations/processes");
const MEBIBYTE = 2 ** 20;

export function ProcessesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const columns = useMemo<Column<Process>[]>(
    () => [
      {
        id: "kind",
        header: t("operations.processes.kind"),
        cell: (row) => label("operations.kind", row.kind),
      },
      {
        id: "host",
        header: t("operations.processes.host"),
        sort: "host",
        cell: (row) => (
          <Code>
            {row.host} {row.pid}
          </Code>
        ),
      },
      {
        id: "build",
        header: t("operations.processes.build"),
        cell: (row) => (
          <>
            <Code>{row.build_id}</Code>
            {row.code_build_id !== row.build_id && <> {t("operations.processes.stale")}</>}
          </>
        ),
      },
      {
        id: "listen",
        header: t("operations.processes.serves"),
        cell: (row) => <Code>{[...row.listen, ...row.queues].join(" ") || "–"}</Code>,
      },
      {
        id: "memory",
        header: t("operations.processes.memory"),
        align: "end",
        cell: (row) =>
          t("operations.processes.mebibytes", {
            number: format.number(Math.round(row.rss_bytes / MEBIBYTE)),
          }),
      },
      {
        id: "started",
        header: t("operations.processes.started"),
        sort: "started_at",
        cell: (row) => <Moment at={row.started_at} />,
      },
      {
        id: "seen",
        header: t("operations.processes.seen"),
        sort: "last_seen_at",
        cell: (row) => <Moment at={row.last_seen_at} />,
      },
    ],
    [t, label, format],
  );
  return (
    <>
      <PageHeader title={t("operations.processes.title")} lead={t("operations.processes.lead")} />
      <DataTable
        path={PROCESSES}
        caption={t("operations.processes.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={route.useSearch()}
        filters={[
          {
            name: "kind",
            label: t("operations.processes.kind"),
            options: PROCESS_KINDS.map((value) => ({ value, label: label("operations.kind", value) })),
          },
        ]}
        empty={{
          title: t("operations.processes.empty"),
          action: (
            <ButtonLink to="/operations" variant="default">
              {t("operations.overview.title")}
            </ButtonLink>
          ),
        }}
      />
    </>
  );
}
