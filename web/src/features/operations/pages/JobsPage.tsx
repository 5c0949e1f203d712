import { Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { movesOf } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { DayFilter } from "../../../ui/filters";
import { useFormat, useZone } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { FilterField, TableFilter } from "../../../ui/TableToolbar";
import { dayBefore, dayFrom, endOf, startOf } from "../parts/span";
import { JOB_STATUSES, JOBS, type Job, type Queue, queuesQuery } from "../queries";
import classes from "./JobsPage.module.css";

const route = getRouteApi("/shell/operations/jobs");

export function JobsPage() {
  const { t } = useTranslation();
  const columns = useColumns();
  const queues = useQuery(queuesQuery);
  const filters = useFilters(queues.data ?? []);
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
          filters={filters}
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

function useFilters(queues: Queue[]): TableFilter[] {
  const { t } = useTranslation();
  const label = useLabel();
  const zone = useZone();
  return [
    {
      name: "status",
      label: t("operations.jobs.status"),
      options: JOB_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
    },
    {
      name: "queue",
      label: t("operations.jobs.queue"),
      options: queues.map(({ queue }) => ({ value: queue, label: queue })),
    },
    {
      name: "name",
      label: t("operations.jobs.name"),
      control: (field) => <NameFilter key={field.value} {...field} />,
    },
    {
      name: "from",
      label: t("operations.jobs.from"),
      control: ({ value, onChange, ...field }) => (
        <DayFilter
          {...field}
          value={value && dayFrom(value, zone)}
          onChange={(day) => onChange(day && startOf(day, zone))}
        />
      ),
    },
    {
      name: "to",
      label: t("operations.jobs.to"),
      control: ({ value, onChange, ...field }) => (
        <DayFilter
          {...field}
          value={value && dayBefore(value, zone)}
          onChange={(day) => onChange(day && endOf(day, zone))}
        />
      ),
    },
  ];
}

/** The whole name of a job, looked for when it is written; the search finds parts of one. */
function NameFilter({ label, value, onChange }: FilterField) {
  const [typed, setTyped] = useState(value ?? "");
  const tell = () => typed.trim() !== (value ?? "") && onChange(typed.trim() || undefined);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      dir="ltr"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={tell}
      onKeyDown={({ key }) => key === "Enter" && tell()}
      w={190}
    />
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
        cell: (row) => (
          <Stack gap={4}>
            <StatusBadge status={row.status} />
            {row.percent !== null && <Percent of={row.percent} />}
          </Stack>
        ),
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
        cell: (row) => (row.request_id ? <bdi className={classes.request}>{row.request_id}</bdi> : "–"),
      },
      { id: "moves", header: t("operations.jobs.moves"), cell: (row) => <Moves job={row} /> },
    ],
    [t, format],
  );
}

function Percent({ of }: { of: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = t("operations.jobs.percent", { number: format.number(of) });
  return (
    <>
      <Progress value={of} color="ink" aria-label={t("operations.jobs.done")} w={120} />
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </>
  );
}

function Moves({ job }: { job: Job }) {
  const queries = useQueryClient();
  const moves = movesOf(job.moves);
  if (moves.length === 0) return null;
  const move = async ({ name }: { name: string }) => {
    try {
      await writeJson("POST", `${JOBS}${job.id}/moves/${name}/`, {});
    } finally {
      // Refused too: a worker or somebody else may have been there first.
      await queries.invalidateQueries({ queryKey: [JOBS] });
    }
  };
  return (
    <Group wrap="nowrap">
      <MoveButtons moves={moves} onMove={move} primary="" />
    </Group>
  );
}
