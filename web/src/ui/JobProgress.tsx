import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { client, ok } from "../api/client";
import type { Answer } from "../api/types";
import { useLabel } from "../i18n/label";
import { ErrorPanel } from "./ErrorPanel";
import { RowsSkeleton } from "./Skeletons";
import { StatusBadge } from "./StatusBadge";

export type Job = Answer<"/api/v1/jobs/{pk}/", "get">;

const POLL = 1_000;
const isOver = (job: Job | undefined) => job?.status === "succeeded" || job?.status === "failed";

type Props = { jobId: Job["id"]; onDone?: (job: Job) => void };

/** Follows a long operation until it ends; `onDone` is told once, however it ended. */
export function JobProgress({ jobId, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    queryKey: ["jobs", jobId],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/jobs/{pk}/", { params: { path: { pk: jobId } }, signal })),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : POLL),
  });
  const told = useRef(false);
  useEffect(() => {
    if (!job || !isOver(job) || told.current) return;
    told.current = true;
    onDone?.(job);
  }, [job, onDone]);

  if (error) return <ErrorPanel error={error} onRetry={() => refetch()} />;
  if (!job) return <RowsSkeleton rows={1} />;
  // The last count is written some steps before the end.
  const isDone = job.status === "succeeded";
  const done = isDone && job.total ? job.total : job.done;
  const share = job.total ? Math.min(100, (100 * done) / job.total) : isOver(job) ? 100 : 15;
  const count = job.total
    ? t("ui.job.progress", { done, total: job.total })
    : t("ui.job.progressOpen", { done });
  const step = isDone || !job.message ? "" : label("ui.job.step", job.message);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <StatusBadge status={job.status} />
        <Text size="sm" c="dimmed">
          {count}
        </Text>
      </Group>
      <Progress
        value={share}
        color={job.status === "failed" ? "madder" : "ink"}
        animated={!isOver(job)}
        aria-label={step || count}
      />
      <Text size="sm" aria-live="polite">
        {job.status === "failed" ? job.error || t("ui.job.failed") : step}
      </Text>
    </Stack>
  );
}
