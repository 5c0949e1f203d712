import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { getJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { Progressed } from "../queries";

const POLL = 2_000;
const isOver = (seen: Progressed | undefined) => seen?.status === "succeeded" || seen?.status === "failed";

/** Follows long work of the platform until it ends; `onDone` is told once, however it ended. */
export function LongWork({ url, onDone }: { url: string; onDone: () => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, error, refetch } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Progressed>(url, signal),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : POLL),
  });
  const told = useRef(false);
  useEffect(() => {
    if (!isOver(data) || told.current) return;
    told.current = true;
    void onDone();
  }, [data, onDone]);
  if (error) return <ErrorPanel error={error} onRetry={() => refetch()} />;
  if (!data) return <RowsSkeleton rows={1} />;
  const step = label("operations.step", data.step);
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <StatusBadge status={data.status} />
        <Text size="sm" aria-live="polite">
          {data.status === "failed" ? data.message || t("ui.job.failed") : step}
        </Text>
      </Group>
      <Progress
        value={isOver(data) ? 100 : Math.max(5, data.percent)}
        color={data.status === "failed" ? "madder" : "ink"}
        animated={!isOver(data)}
        aria-label={step}
      />
    </Stack>
  );
}
