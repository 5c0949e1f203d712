import { Alert, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { JobProgress } from "../../../ui/JobProgress";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { isWorking, listUrl, type Run, runUrl, type Source } from "../queries";
import { CommitPanel } from "./CommitPanel";
import { ResultPanel } from "./ResultPanel";
import { RowsTable } from "./RowsTable";
import classes from "./RunView.module.css";
import { Steps } from "./Steps";
import { Tallies } from "./Tallies";

type Props = { source: Source; run: Run; search: ListSearch };

/** One file on its way: being checked, to be decided, being written, or done. */
export function RunView({ source, run, search }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: [listUrl(source)] });
    void queryClient.invalidateQueries({ queryKey: [runUrl(source, run.id)] });
  };
  const hasRows = run.status === "previewed" || run.status === "committed";
  return (
    <Stack gap="lg">
      <Steps status={run.status} />
      {isWorking(run) && (
        <Panel title={run.status === "previewing" ? t("imports.run.checking") : t("imports.run.writing")}>
          <JobProgress key={run.job.id} jobId={run.job.id} onDone={refresh} />
        </Panel>
      )}
      {run.status === "failed" && (
        <Alert color="madder" icon={<IconAlertTriangle />} title={t("imports.run.failed")} role="alert">
          <Bidi>{run.job.error || t("imports.run.failedDetail")}</Bidi>
        </Alert>
      )}
      {run.status === "committed" && <ResultPanel source={source} run={run} />}
      <Warnings run={run} />
      {hasRows && (
        <div className={classes.decide}>
          <Tallies source={source} run={run} search={search} />
          {run.status === "previewed" && <CommitPanel source={source} run={run} onStarted={refresh} />}
        </div>
      )}
      {hasRows && <RowsTable source={source} run={run} search={search} />}
    </Stack>
  );
}

/** Things about the file as a whole; each stops nothing. */
function Warnings({ run }: { run: Run }) {
  const label = useLabel();
  if (run.warnings.length === 0) return null;
  return (
    <Notice tone="wait">
      <ul className={classes.warnings}>
        {run.warnings.map(({ code, detail }) => (
          <li key={String(code)}>
            <strong>{label("imports.warning", String(code))}</strong> <Bidi>{String(detail ?? "")}</Bidi>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
