import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { client, ok } from "../api/client";
import type { Answer } from "../api/types";
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
  const share = job.total ? Math.min(100, (100 * job.done) / job.total) : isOver(job) ? 100 : 15;
  const count = job.total
    ? t("ui.job.progress", { done: job.done, total: job.total })
    : t("ui.job.progressOpen", { done: job.done });
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
        aria-label={job.message || count}
      />
      <Text size="sm" aria-live="polite">
        {job.status === "failed" ? job.error || t("ui.job.failed") : job.message}
      </Text>
    </Stack>
  );
}
