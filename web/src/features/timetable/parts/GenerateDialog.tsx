import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../../../api/idempotency";
import { listQuery } from "../../../api/lists";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { optionalList, WEEKS } from "../queries";
import { useDayNames } from "./useDayNames";
import { scopeOf } from "./useScopes";

type Period = {
  id: number;
  name: string;
  start_date: string | null;
  end_date: string | null;
  status: string;
};
type Made = { created_count: number; existing_count: number; total_weeks: number };

type Props = { scopes: { value: string; label: string }[]; start: string | undefined; onClose: () => void };

/** Every week of a dated period at once. */
export function GenerateDialog({ scopes, start, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const names = useDayNames();
  const queryClient = useQueryClient();
  const keys = useSubmitKeys();
  const [written, setWritten] = useState<string | null>(start ?? null);
  const [period, setPeriod] = useState<string | null>(null);
  const [template, setTemplate] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const scope = scopeOf(written ?? undefined);
  const { data: periods, error } = useQuery({
    ...optionalList<Period>("/api/v1/academics/academic-periods/", { batch: scope?.batch, page_size: 200 }),
    enabled: scope !== null,
  });
  const { data: weeks } = useQuery({
    ...listQuery("/api/v1/timetable/weeks/", {
      scope: scope?.kind,
      batch: scope?.batch,
      ordering: "-week_start_date",
      page_size: 50,
    }),
    enabled: scope !== null,
  });
  const dated = (periods ?? []).filter((each) => each.start_date && each.end_date);
  const span = (each: Period) =>
    each.start_date && each.end_date
      ? `${names.dayMonth(each.start_date)} – ${names.dayMonthYear(each.end_date)}`
      : "";

  const generate = async () => {
    if (!scope || !period) return;
    const body = {
      academic_period: Number(period),
      ...(scope.batch === undefined ? {} : { batch: scope.batch }),
      ...(template ? { template_week: Number(template) } : {}),
    };
    setRunning(true);
    setProblem(null);
    try {
      const key = keys.keyFor(body);
      const made = await writeJson<Made>("POST", `${WEEKS}generate/`, body, { idempotencyKey: key });
      keys.settle();
      void queryClient.invalidateQueries({ queryKey: [WEEKS] });
      const message = t("timetable.generate.done", { made: made.created_count, kept: made.existing_count });
      notifications.show({ message });
      onClose();
    } catch (thrown) {
      keys.settle(thrown);
      setProblem(asProblem(thrown));
      setRunning(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={t("timetable.weeks.generate")}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("timetable.generate.lead")}
        </Text>
        {error && <ErrorPanel error={error} />}
        {problem && <ErrorPanel error={problem} />}
        <Select
          label={t("timetable.weeks.scope")}
          searchable
          data={scopes}
          value={written}
          onChange={(next) => {
            setWritten(next);
            setPeriod(null);
            setTemplate(null);
          }}
        />
        <Select
          label={t("timetable.generate.period")}
          searchable
          disabled={!scope}
          nothingFoundMessage={t("timetable.generate.noPeriod")}
          data={dated.map((each) => ({
            value: String(each.id),
            label: `${each.name} · ${span(each)} · ${label("ui.status", each.status)}`,
          }))}
          value={period}
          onChange={setPeriod}
        />
        <Select
          label={t("timetable.generate.template")}
          description={t("timetable.generate.templateHint")}
          clearable
          disabled={!scope}
          data={(weeks?.results ?? []).map((each) => ({
            value: String(each.id),
            label: `${names.dayMonthYear(each.week_start_date)} · ${label("ui.status", each.status)}`,
          }))}
          value={template}
          onChange={setTemplate}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button loading={isRunning} disabled={!scope || !period} onClick={() => void generate()}>
            {t("timetable.generate.do")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
