import { Button, CopyButton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { movesOf } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AskButton } from "../parts/AskButton";
import { inUnits } from "../parts/bytes";
import { LongWork } from "../parts/LongWork";
import {
  BACKUPS,
  type Backup,
  DRILLS,
  type Drill,
  EVERY_HALF_MINUTE,
  JOBS,
  progressUrl,
  SET_STATUSES,
} from "../queries";
import classes from "./BackupsPage.module.css";

const route = getRouteApi("/shell/operations/backups");
const LATEST = { page_size: 10 };
const AT_WORK = { queue: "operations", status: "active", page_size: 25 };
const FOLLOWED = new Set(["operations.create_backup", "operations.verify_backup", "operations.run_drill"]);

export function BackupsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const queries = useQueryClient();
  const [asked, setFollowed] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const goesOn = useGoesOn();
  const followed = asked ?? goesOn;
  const renew = () =>
    Promise.all([BACKUPS, DRILLS].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return (
    <>
      <PageHeader
        title={t("operations.backups.title")}
        lead={t("operations.backups.lead")}
        actions={
          <>
            {can("backup.create") && (
              <AskButton
                url={BACKUPS}
                label={t("operations.backups.make")}
                onQueued={setFollowed}
                onRefused={setRefused}
              />
            )}
            {can("drill.run") && (
              <AskButton
                url={DRILLS}
                label={t("operations.backups.drillNow")}
                onQueued={setFollowed}
                onRefused={setRefused}
              />
            )}
          </>
        }
      />
      <Stack gap="lg">
        {refused !== null && <ErrorPanel error={refused} />}
        {followed && (
          <Panel title={t("operations.backups.goingOn")}>
            <LongWork key={followed} url={followed} onDone={renew} />
          </Panel>
        )}
        {(can("backup.view") || !can("drill.view")) && <Sets onQueued={setFollowed} />}
        {can("drill.view") && <Drills />}
      </Stack>
    </>
  );
}

/** What was asked for elsewhere, or before this page was loaded anew. */
function useGoesOn(): string | null {
  const may = useCan()("job.view");
  const { data } = useQuery({
    ...listQuery(JOBS, AT_WORK),
    enabled: may,
    refetchInterval: EVERY_HALF_MINUTE,
  });
  const job = data?.results.find(({ name }) => FOLLOWED.has(name));
  return job ? progressUrl(job.id) : null;
}

function Sets({ onQueued }: { onQueued: (url: string) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <DataTable
      path={BACKUPS}
      caption={t("operations.backups.sets")}
      columns={useColumns(onQueued)}
      rowId={(row) => row.id}
      search={route.useSearch()}
      filters={[
        {
          name: "status",
          label: t("operations.backups.status"),
          options: SET_STATUSES.map((value) => ({ value, label: label("operations.setStatus", value) })),
        },
      ]}
      empty={{
        title: t("operations.backups.empty"),
        detail: t("operations.backups.emptyHint"),
        action: <Code>maristan backup create</Code>,
      }}
    />
  );
}

function useColumns(onQueued: (url: string) => void): Column<Backup>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<Backup>[]>(
    () => [
      {
        id: "name",
        header: t("operations.backups.set"),
        sort: "created_at",
        cell: (row) => (
          <Stack gap={0}>
            <bdi dir="ltr" className={classes.set}>
              {row.name}
            </bdi>
            <Text size="xs" c="dimmed">
              {label("operations.reason", row.reason)} · <Moment at={row.created_at} />
            </Text>
          </Stack>
        ),
      },
      {
        id: "status",
        header: t("operations.backups.status"),
        cell: (row) => (
          <Stack gap={2}>
            <StatusBadge status={row.status} label={label("operations.setStatus", row.status)} />
            {row.error_code && <Code>{row.error_code}</Code>}
          </Stack>
        ),
      },
      {
        id: "size",
        header: t("operations.backups.size"),
        sort: "size_bytes",
        align: "end",
        cell: (row) => {
          const { number, unit } = inUnits(row.size_bytes);
          return (
            <Stack gap={0} align="flex-end">
              <Text inherit span style={{ whiteSpace: "nowrap" }}>
                <bdi>{`${format.number(number)} ${unit}`}</bdi>
              </Text>
              {row.encrypted && <Text size="xs">{t("operations.backups.encrypted")}</Text>}
              {row.media === "none" && <Text size="xs">{t("operations.backups.databaseOnly")}</Text>}
            </Stack>
          );
        },
      },
      {
        id: "proof",
        header: t("operations.backups.proof"),
        sort: "proven_at",
        cell: (row) => <Proof row={row} onQueued={onQueued} />,
      },
      {
        id: "offsite",
        header: t("operations.backups.offsite"),
        cell: (row) => (row.offsite_at ? <Moment at={row.offsite_at} /> : t("operations.backups.noOffsite")),
      },
      {
        id: "kept",
        header: t("operations.backups.kept"),
        cell: (row) => (
          <Text size="xs" component="div" miw="8rem">
            {row.kept.length === 0
              ? t("operations.backups.goes")
              : row.kept
                  .map(({ code, which }) => `${label("operations.kept", code)} ${which}`.trim())
                  .join(t("ui.comma"))}
          </Text>
        ),
      },
      {
        id: "restore",
        header: t("operations.backups.restore"),
        cell: (row) => row.restore_command && <RestoreCommand command={row.restore_command} />,
      },
    ],
    [t, label, format, onQueued],
  );
}

/** When a set was last restored and compared, and the move that does it again. */
function Proof({ row, onQueued }: { row: Backup; onQueued: (url: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Stack gap={4} miw="8rem" className={classes.proof}>
      {row.proven_at ? (
        <>
          <Moment at={row.proven_at} />
          <Text size="xs" c="dimmed">
            {t("operations.backups.proofOf", {
              tables: format.number(row.tables_compared),
              files: format.number(row.media_files),
            })}
          </Text>
        </>
      ) : (
        t("operations.backups.notProven")
      )}
      {movesOf(row.moves).some(({ allowed }) => allowed) && (
        <AskButton
          url={`${BACKUPS}${row.name}/moves/verify/`}
          label={t("operations.backups.verify")}
          onQueued={onQueued}
          size="compact-sm"
        />
      )}
    </Stack>
  );
}

function RestoreCommand({ command }: { command: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap={4} className={classes.restore}>
      <span className={classes.command}>
        <bdi dir="ltr">{command}</bdi>
      </span>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? t("ui.copy.done") : t("ui.copy.do")}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}

function Drills() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const query = useQuery(listQuery(DRILLS, LATEST));
  const columns: Column<Drill>[] = [
    { id: "set", header: t("operations.backups.set"), cell: (row) => <Code>{row.set_name}</Code> },
    {
      id: "at",
      header: t("operations.backups.drilled"),
      cell: (row) => <Moment at={row.started_at} />,
    },
    {
      id: "outcome",
      header: t("operations.schedule.outcome"),
      cell: (row) => (
        <Stack gap={2}>
          <StatusBadge status={row.outcome} label={label("operations.outcome", row.outcome)} />
          {row.mismatches[0] && <Code>{row.mismatches[0]}</Code>}
        </Stack>
      ),
    },
    {
      id: "seconds",
      header: t("operations.schedule.took"),
      align: "end",
      cell: (row) => t("operations.jobs.seconds", { number: format.number(Math.round(row.seconds)) }),
    },
    {
      id: "compared",
      header: t("operations.backups.compared"),
      cell: (row) =>
        t("operations.backups.comparedRows", {
          tables: format.number(row.tables_compared),
          rows: format.number(row.rows_compared),
        }),
    },
  ];
  return (
    <Panel title={t("operations.backups.drills")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            isWide
            caption={t("operations.backups.drills")}
            columns={columns}
            rows={results}
            rowId={(row) => row.id}
            empty={t("operations.backups.noDrill")}
          />
        )}
      </Loaded>
    </Panel>
  );
}
