import { Button, Checkbox, Group, Modal, Select, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../../../api/idempotency";
import { listQuery } from "../../../api/lists";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { addDays } from "../dates";
import type { Week } from "../grid/sheet";
import { WEEKS, type WeekHead, weekKey, weekUrl } from "../queries";
import { useDayNames } from "./useDayNames";

/** Takes rows and cells of another week into this draft. */
export function CopyDialog({ week, onClose }: { week: Week; onClose: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const names = useDayNames();
  const queryClient = useQueryClient();
  const keys = useSubmitKeys();
  const hasContent = week.cells.some((cell) => cell.status !== "empty");
  const [source, setSource] = useState<string | null>(null);
  const [withTopics, setWithTopics] = useState(false);
  const [overwrite, setOverwrite] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const from = addDays(week.week_start_date, -7 * 26);
  const { data, error, refetch } = useQuery(
    listQuery("/api/v1/timetable/weeks/", {
      start_date: from,
      end_date: addDays(week.week_start_date, 7 * 8),
      ordering: "-week_start_date",
      page_size: 200,
    }),
  );
  const isSibling = (each: WeekHead) => each.scope === week.scope && each.batch === week.batch;
  const others = (data?.results ?? []).filter((each) => each.id !== week.id);
  const option = (each: WeekHead) => ({
    value: String(each.id),
    label: `${names.dayMonthYear(each.week_start_date)} · ${each.batch_name || t("timetable.weeks.institution")} · ${label("ui.status", each.status)}`,
  });
  const copy = async () => {
    if (!source) return;
    setRunning(true);
    setProblem(null);
    const body = { source: Number(source), overwrite, with_topics: withTopics };
    try {
      const idempotencyKey = keys.keyFor(body);
      const made = await writeJson<Week>("POST", `${weekUrl(week.id)}copy-from/`, body, {
        ifMatch: week.version,
        idempotencyKey,
      });
      keys.settle();
      queryClient.setQueryData(weekKey(week.id), made);
      void queryClient.invalidateQueries({ queryKey: [WEEKS], refetchType: "none" });
      onClose();
    } catch (thrown) {
      keys.settle(thrown);
      setProblem(asProblem(thrown));
      setRunning(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("timetable.copy.title")}>
      <Stack gap="md">
        {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
        {problem && <ErrorPanel error={problem} />}
        <Select
          data-autofocus
          searchable
          label={t("timetable.copy.source")}
          placeholder={t("timetable.copy.choose")}
          data={[
            { group: t("timetable.copy.same"), items: others.filter(isSibling).map(option) },
            {
              group: t("timetable.copy.others"),
              items: others.filter((each) => !isSibling(each)).map(option),
            },
          ].filter((group) => group.items.length > 0)}
          value={source}
          onChange={setSource}
        />
        <Checkbox
          label={t("timetable.copy.topics")}
          checked={withTopics}
          onChange={(event) => setWithTopics(event.currentTarget.checked)}
        />
        {hasContent && (
          <Checkbox
            color="madder"
            label={t("timetable.copy.overwrite")}
            description={t("timetable.copy.overwriteHint")}
            checked={overwrite}
            onChange={(event) => setOverwrite(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button
            loading={isRunning}
            disabled={!source || (hasContent && !overwrite)}
            onClick={() => void copy()}
          >
            {t("timetable.copy.do")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
