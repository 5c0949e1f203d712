import { Button, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { addDays, daysBetween, weekStart } from "../dates";
import { PickMany } from "../parts/Picker";
import { useList } from "../parts/useOptions";
import { useToday } from "../parts/useToday";

const SUBJECTS = ["faculty", "room", "group", "department"] as const;
type Subject = (typeof SUBJECTS)[number];

const LISTS: Record<Subject, { path: string; filters: Record<string, string | boolean> }> = {
  faculty: { path: "/api/v1/directory/persons/", filters: { role: "faculty" } },
  room: { path: "/api/v1/directory/places/", filters: { kind: "room" } },
  group: { path: "/api/v1/academics/groups/", filters: {} },
  department: { path: "/api/v1/directory/departments/", filters: { is_active: true } },
};

/** One PDF for many: all teachers of a department, all groups of a batch. */
export function PrintDeskPage() {
  const { t } = useTranslation();
  const { today, firstWeekday } = useToday();
  const [by, setBy] = useState<Subject>("faculty");
  const first = weekStart(today, firstWeekday);
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(addDays(first, 6));
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
        <Stack gap="lg" maw={560}>
          <SegmentedControl
            aria-label={t("timetable.print.by")}
            value={by}
            onChange={(next) => setBy(SUBJECTS.find((each) => each === next) ?? "faculty")}
            data={SUBJECTS.map((each) => ({ value: each, label: subjects[each] }))}
          />
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
            error={from && to && daysBetween(from, to) < 0 ? t("timetable.print.backwards") : null}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Subjects key={by} by={by} label={subjects[by]} from={from} to={to} />
        </Stack>
      </Panel>
    </>
  );
}

type SubjectsProps = { by: Subject; label: string; from: string; to: string };

function Subjects({ by, label, from, to }: SubjectsProps) {
  const { t } = useTranslation();
  const { path, filters } = LISTS[by];
  const source = useList(path, filters, "");
  const [chosen, setChosen] = useState<{ id: number; label: string }[]>([]);
  const isReady = chosen.length > 0 && from !== "" && to !== "" && daysBetween(from, to) >= 0;
  const query = new URLSearchParams([
    ["by", by],
    ...chosen.map((each) => ["id", String(each.id)]),
    ["from", from],
    ["to", to],
  ]);
  return (
    <>
      <PickMany
        {...source}
        label={label}
        placeholder={t("timetable.print.choose")}
        values={chosen}
        onChange={setChosen}
      />
      {isReady ? (
        <Button
          component="a"
          href={`/api/v1/timetable/print/?${query}`}
          target="_blank"
          rel="noopener"
          leftSection={<IconPrinter size={16} aria-hidden="true" />}
        >
          {t("timetable.print.do")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t("timetable.print.hint")}
        </Text>
      )}
    </>
  );
}
