import { Group, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { movesOf } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { JOB_STATUSES, JOBS, type Job, type Queue, queuesQuery } from "../queries";

const route = getRouteApi("/shell/operations/jobs");

export function JobsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = useColumns();
  const queues = useQuery(queuesQuery);
  return (
    <>
      <PageHeader title={t("operations.jobs.title")} lead={t("operations.jobs.lead")} />
      <Stack gap="lg">
        <Panel title={t("operations.jobs.queues")} flush>
          <Loaded query={queues}>{(rows) => <Queues rows={rows} />}</Loaded>
        </Panel>
        <DataTable
          path={JOBS}
          caption={t("operations.jobs.title")}
          columns={columns}
          rowId={(row) => row.id}
          search={route.useSearch()}
          filters={[
            {
              name: "status",
              label: t("operations.jobs.status"),
              options: JOB_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
            },
          ]}
          empty={{
            title: t("operations.jobs.empty"),
            action: (
              <ButtonLink to="/operations/schedule" variant="default">
                {t("operations.schedule.title")}
              </ButtonLink>
            ),
          }}
        />
      </Stack>
    </>
  );
}

function Queues({ rows }: { rows: Queue[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const counts = ["queued", "active", "deferred", "finished", "failed"] as const;
  const columns: Column<Queue>[] = [
    { id: "queue", header: t("operations.jobs.queue"), cell: (row) => <Code>{row.queue}</Code> },
    ...counts.map(
      (name): Column<Queue> => ({
        id: name,
        header: label("ui.status", name),
        align: "end",
        cell: (row) => format.number(row[name]),
      }),
    ),
    {
      id: "workers",
      header: t("operations.jobs.workers"),
      align: "end",
      cell: (row) => format.number(row.workers),
    },
    {
      id: "oldest",
      header: t("operations.jobs.oldest"),
      align: "end",
      cell: (row) =>
        row.oldest_seconds === null
          ? "–"
          : t("operations.jobs.seconds", { number: format.number(Math.round(row.oldest_seconds)) }),
    },
  ];
  return (
    <SmallTable
      isWide
      caption={t("operations.jobs.queues")}
      columns={columns}
      rows={rows}
      rowId={(row) => row.queue}
      empty={t("operations.jobs.noQueue")}
    />
  );
}

function useColumns(): Column<Job>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo<Column<Job>[]>(
    () => [
      {
        id: "name",
        header: t("operations.jobs.name"),
        cell: (row) => (
          <Stack gap={0}>
            <Text size="sm">
              <Code>{row.name}</Code>
            </Text>
            <Text size="xs" c="dimmed">
              <bdi dir="ltr">#{row.id}</bdi> · <Code>{row.queue}</Code>
            </Text>
          </Stack>
        ),
      },
      {
        id: "status",
        header: t("operations.jobs.status"),
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "attempts",
        header: t("operations.jobs.attempts"),
        sort: "attempts",
        align: "end",
        cell: (row) => format.number(row.attempts),
      },
      {
        id: "changed",
        header: t("operations.jobs.changed"),
        cell: (row) => (row.changed_at ? <Moment at={row.changed_at} /> : "–"),
      },
      {
        id: "error",
        header: t("operations.jobs.error"),
        cell: (row) => (row.error ? <Code>{row.error}</Code> : "–"),
      },
      {
        id: "request",
        header: t("operations.jobs.request"),
        isExtra: true,
        cell: (row) => (row.request_id ? <Code>{row.request_id}</Code> : "–"),
      },
      { id: "moves", header: t("operations.jobs.moves"), cell: (row) => <Moves job={row} /> },
    ],
    [t, format],
  );
}

function Moves({ job }: { job: Job }) {
  const queries = useQueryClient();
  const open = movesOf(job.moves).filter(({ allowed }) => allowed);
  if (open.length === 0) return null;
  const move = async ({ name }: { name: string }) => {
    await writeJson("POST", `${JOBS}${job.id}/moves/${name}/`, {});
    await queries.invalidateQueries({ queryKey: [JOBS] });
  };
  return (
    <Group wrap="nowrap">
      <MoveButtons moves={open} onMove={move} primary="" />
    </Group>
  );
}
