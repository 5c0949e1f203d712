import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../../../api/idempotency";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FieldGrid } from "../../../ui/FieldGrid";
import { Notice } from "../../../ui/Notice";
import { BatchSelect } from "../../../ui/references";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { useSaved } from "../../../ui/useSaved";
import { chartOf } from "../bars";
import { PeriodBars } from "../parts/PeriodBars";
import { type LaidOut, layOutPreviewQuery, PERIODS, PROGRAMS } from "../queries";
import { shownLayOut } from "../shown";

type Props = { program: number; batch?: number; batchName?: string; onDone: () => void };

/** Dates the template for a batch. What would be added is shown before anything is. */
export function LayOutForm({ program, batch: given, batchName, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(PERIODS);
  const keys = useSubmitKeys();
  const [batch, setBatch] = useState<number | null>(given ?? null);
  const [start, setStart] = useState<string | null>(null);
  const preview = useQuery(layOutPreviewQuery(program, batch, start));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const body = { batch, start_date: start, preview: false };
      return writeJson<LaidOut>("POST", `${PROGRAMS}${program}/lay-out/`, body, {
        idempotencyKey: keys.keyFor(body),
      });
    },
    onSettled: (_result, failure) => keys.settle(failure ?? undefined),
    onSuccess: async ({ created_count }) => {
      await saved();
      notifications.show({ color: "leaf", message: t("academics.layOut.done", { count: created_count }) });
      onDone();
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("academics.layOut.intro")}
      </Text>
      <FieldGrid>
        <BatchSelect
          label={t("academics.fields.batch")}
          required
          disabled={given !== undefined}
          filters={{ program }}
          chosenLabel={batchName}
          value={batch}
          onChange={setBatch}
        />
        <DateField label={t("academics.layOut.start")} required value={start} onChange={setStart} />
      </FieldGrid>
      {error && <ErrorPanel error={error} />}
      {preview.error ? (
        <ErrorPanel error={preview.error} />
      ) : preview.isFetching ? (
        <RowsSkeleton rows={2} />
      ) : (
        preview.data && <Preview laidOut={preview.data} />
      )}
      <Group justify="flex-end">
        <Button
          disabled={!preview.data || preview.data.created_count === 0}
          loading={isPending}
          onClick={() => mutate()}
        >
          {t("academics.layOut.submit", { count: preview.data?.created_count ?? 0 })}
        </Button>
      </Group>
    </Stack>
  );
}

function Preview({ laidOut }: { laidOut: LaidOut }) {
  const { t } = useTranslation();
  const label = useLabel();
  const kind = (value: string) => label("academics.periodKind", value);
  const chart = chartOf(shownLayOut(laidOut, { kind, everyBatch: "" }));
  const undated = laidOut.periods.filter((period) => !period.start_date).length;
  return (
    <Stack gap="xs">
      <Notice tone={laidOut.created_count > 0 ? "calm" : "wait"}>
        {t("academics.layOut.preview", { made: laidOut.created_count, there: laidOut.existing_count })}
        {undated > 0 && ` ${t("academics.layOut.undated", { count: undated })}`}
      </Notice>
      {chart && <PeriodBars chart={chart} caption={t("academics.layOut.title")} />}
    </Stack>
  );
}
