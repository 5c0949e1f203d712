import { Anchor, Button, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FieldGrid } from "../../../ui/FieldGrid";
import { JobProgress } from "../../../ui/JobProgress";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { addDays, daysBetween, weekStart } from "../dates";
import { PickMany } from "../parts/Picker";
import { useList } from "../parts/useOptions";
import { type Subject, usePrinting } from "../parts/usePrinting";
import { useToday } from "../parts/useToday";
import { WholeSets } from "../parts/WholeSets";
import { allOf, type Choice } from "../queries";

const SUBJECTS: Subject[] = ["faculty", "room", "group", "department"];

const LISTS: Record<Subject, { path: string; filters: Record<string, string | boolean> }> = {
  faculty: { path: "/api/v1/directory/persons/", filters: { role: "faculty" } },
  room: { path: "/api/v1/directory/places/", filters: { kind: "room" } },
  group: { path: "/api/v1/academics/groups/", filters: {} },
  department: { path: "/api/v1/directory/departments/", filters: { is_active: true } },
};

/** One PDF for many: all teachers of a department, all groups of a batch, in two clicks. */
export function PrintDeskPage() {
  const { t } = useTranslation();
  const { today, firstWeekday } = useToday();
  const [by, setBy] = useState<Subject>("faculty");
  const first = weekStart(today, firstWeekday);
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(addDays(first, 6));
  const isBackwards = from !== "" && to !== "" && daysBetween(from, to) < 0;
  const subjects: Record<Subject, string> = {
    faculty: t("timetable.print.faculty"),
    room: t("timetable.print.room"),
    group: t("timetable.print.group"),
    department: t("timetable.print.department"),
  };
  return (
    <>
      <PageHeader title={t("timetable.print.title")} lead={t("timetable.print.lead")} />
      <Panel>
        <Stack gap="lg" maw={720}>
          <SegmentedControl
            aria-label={t("timetable.print.by")}
            value={by}
            onChange={(next) => setBy(SUBJECTS.find((each) => each === next) ?? "faculty")}
            data={SUBJECTS.map((each) => ({ value: each, label: subjects[each] }))}
          />
          <FieldGrid>
            <TextInput
              type="date"
              label={t("timetable.print.from")}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t("timetable.print.to")}
              value={to}
              error={isBackwards ? t("timetable.print.backwards") : null}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
          </FieldGrid>
          <Subjects
            key={by}
            by={by}
            label={subjects[by]}
            from={from}
            to={to}
            isDated={from !== "" && to !== "" && !isBackwards}
          />
        </Stack>
      </Panel>
    </>
  );
}

type SubjectsProps = { by: Subject; label: string; from: string; to: string; isDated: boolean };

function Subjects({ by, label, from, to, isDated }: SubjectsProps) {
  const { t } = useTranslation();
  const { path, filters } = LISTS[by];
  const source = useList(path, filters, "");
  const printing = usePrinting();
  const [chosen, setChosen] = useState<{ id: number; label: string }[]>([]);
  const choose = (next: typeof chosen) => {
    setChosen(next);
    printing.forget();
  };
  const fill = useMutation({
    mutationFn: (set: Record<string, number>) => allOf<Choice>(path, { ...filters, ...set }),
    onSuccess: (found) => choose(found.map((each) => ({ id: each.id, label: each.name }))),
  });
  return (
    <>
      <WholeSets by={by} isFilling={fill.isPending} onPick={(set) => fill.mutate(set)} />
      {fill.error && <ErrorPanel error={fill.error} />}
      {fill.data?.length === 0 && <Notice role="status">{t("timetable.print.nobody")}</Notice>}
      <PickMany
        {...source}
        label={label}
        size="sm"
        placeholder={t("timetable.print.choose")}
        values={chosen}
        onChange={choose}
      />
      {chosen.length === 0 || !isDated ? (
        <Text size="sm" c="dimmed">
          {t("timetable.print.hint")}
        </Text>
      ) : (
        <div>
          <Button
            loading={printing.isStarting}
            leftSection={<IconPrinter size={16} aria-hidden="true" />}
            onClick={() => printing.start({ by, id: chosen.map((each) => each.id), from, to })}
          >
            {t("timetable.print.make", { count: chosen.length })}
          </Button>
        </div>
      )}
      {printing.error && <ErrorPanel error={printing.error} />}
      {printing.job !== null && (
        <JobProgress jobId={printing.job} onDone={({ status }) => printing.arrived(status)} />
      )}
      {printing.file !== null && (
        <Notice tone="good" role="status">
          {t("timetable.print.ready")}{" "}
          <Anchor href={printing.file} target="_blank" rel="noopener">
            {t("timetable.print.do")}
          </Anchor>
        </Notice>
      )}
    </>
  );
}
