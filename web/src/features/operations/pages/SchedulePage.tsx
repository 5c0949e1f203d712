import { Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AskButton } from "../parts/AskButton";
import { LongWork } from "../parts/LongWork";
import { type Scheduled, scheduleQuery } from "../queries";

export function SchedulePage() {
  const { t } = useTranslation();
  const query = useQuery(scheduleQuery);
  return (
    <>
      <PageHeader title={t("operations.schedule.title")} lead={t("operations.schedule.lead")} />
      <Panel flush>
        <Loaded query={query} rows={10}>
          {(rows) => <Table rows={rows} />}
        </Loaded>
      </Panel>
    </>
  );
}

/** What is run now is followed in its row, wherever that stands; then the row says how it ended. */
function Table({ rows }: { rows: Scheduled[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [followed, setFollowed] = useState<Readonly<Record<string, string>>>({});
  const ended = async (name: string) => {
    await queries.invalidateQueries({ queryKey: scheduleQuery.queryKey });
    setFollowed(({ [name]: _, ...others }) => others);
  };
  const format = useFormat();
  const may = useCan()("job.retry");
  const columns: Column<Scheduled>[] = [
    { id: "name", header: t("operations.jobs.name"), cell: (row) => <Code>{row.name}</Code> },
    {
      id: "schedule",
      header: t("operations.schedule.when"),
      cell: (row) => (
        <>
          <Code>{row.schedule}</Code> <Code>{row.zone}</Code>
        </>
      ),
    },
    {
      id: "last",
      header: t("operations.schedule.last"),
      cell: (row) => (row.last_at ? <Moment at={row.last_at} /> : t("operations.schedule.never")),
    },
    {
      id: "outcome",
      header: t("operations.schedule.outcome"),
      cell: (row) => {
        const url = followed[row.name];
        return url ? <LongWork url={url} onDone={() => ended(row.name)} /> : <Outcome row={row} />;
      },
    },
    {
      id: "seconds",
      header: t("operations.schedule.took"),
      align: "end",
      cell: (row) =>
        row.last_seconds === null
          ? "–"
          : t("operations.jobs.seconds", { number: format.number(Math.round(row.last_seconds * 10) / 10) }),
    },
    {
      id: "next",
      header: t("operations.schedule.next"),
      cell: (row) => (
        <Stack gap={2} align="flex-start">
          {row.next_at ? <Next at={row.next_at} /> : t("operations.schedule.off")}
          {row.is_overdue && <StatusBadge status="overdue" label={t("operations.schedule.overdue")} />}
        </Stack>
      ),
    },
    ...(may
      ? [
          {
            id: "run",
            header: t("operations.jobs.moves"),
            cell: ({ name }: Scheduled) => (
              <AskButton
                url={`/api/v1/operations/periodic/${name}/run/`}
                label={t("operations.schedule.runNow")}
                size="compact-sm"
                onQueued={(url) => setFollowed((others) => ({ ...others, [name]: url }))}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <SmallTable
      isWide
      caption={t("operations.schedule.title")}
      columns={columns}
      rows={rows}
      rowId={(row) => row.name}
      empty={t("operations.schedule.empty")}
    />
  );
}

function Outcome({ row }: { row: Scheduled }) {
  if (!row.last_outcome) return "–";
  return (
    <>
      <StatusBadge status={row.last_outcome} /> {row.last_error && <Code>{row.last_error}</Code>}
    </>
  );
}

/** In the reader's zone, and in the one that the machines write. */
function Next({ at }: { at: string }) {
  const { t } = useTranslation();
  const here = useFormat();
  const utc = useFormat("UTC");
  return (
    <time dateTime={at}>
      <Text size="sm" span>
        {here.dateTime(at)}
      </Text>
      <br />
      <Text size="xs" c="dimmed" span>
        {t("operations.schedule.utc", { time: utc.dateTime(at) })}
      </Text>
    </time>
  );
}
