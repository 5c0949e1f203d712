import { Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { GroupSelect, PersonSelect, PlaceSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { TimeField } from "../parts/TimeField";
import { useDayNames } from "../parts/useDayNames";
import { useToday } from "../parts/useToday";
import { AVAILABILITIES, type Declared, LEVELS, SUBJECTS, type SubjectKind } from "../queries";

export type Whose = { kind: SubjectKind; id: number | null };

const valuesOf = (declared: Declared | null, whose: Whose, today: string) => ({
  subject_kind: (declared?.subject_kind ?? whose.kind) as string,
  subject_id: declared?.subject_id ?? whose.id,
  level: declared?.level ?? "unavailable",
  day_of_week: declared?.day_of_week ?? 0,
  start_time: declared ? declared.start_time.slice(0, 5) : (null as string | null),
  end_time: declared ? declared.end_time.slice(0, 5) : (null as string | null),
  from_date: (declared?.from_date ?? today) as string | null,
  to_date: declared?.to_date ?? null,
});
type Values = ReturnType<typeof valuesOf>;

type Props = {
  declared: Declared | null;
  whose: Whose;
  /** Planners say whose it is; others declare their own. */
  isChosen: boolean;
  onDone: () => unknown;
};

/** A weekly time that somebody or something cannot, should not or would like to be planned. */
export function AvailabilityForm({ declared, whose, isChosen, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const days = useDayNames();
  const { today, firstWeekday } = useToday();
  const saved = useSaved(AVAILABILITIES);
  const levelLabel = useId();
  const before = valuesOf(declared, whose, today);
  const needed = isNotEmpty(t("timetable.form.needed"));
  const form = useForm<Values>({
    initialValues: before,
    validate: {
      subject_id: needed,
      start_time: needed,
      end_time: (value, { start_time }) =>
        !value
          ? t("timetable.form.needed")
          : start_time && value <= start_time
            ? t("timetable.rows.backwards")
            : null,
      from_date: needed,
      to_date: (value, { from_date }) =>
        value && from_date && value < from_date ? t("timetable.print.backwards") : null,
    },
  });
  const url = declared && `${AVAILABILITIES}${declared.id}/`;
  const done = async () => {
    await saved();
    await onDone();
  };
  const { subject_kind } = form.values;
  const faultOf = (field: keyof Values) => (form.errors[field] ? String(form.errors[field]) : null);
  const Subject =
    subject_kind === "room" ? PlaceSelect : subject_kind === "group" ? GroupSelect : PersonSelect;
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values, { idempotencyKey }) =>
        url
          ? writeJson("PATCH", url, changesOf(values, before), { ifMatch: declared.version })
          : writeJson("POST", AVAILABILITIES, values, { idempotencyKey })
      }
      onDone={done}
    >
      {isChosen && !declared && (
        <FieldGrid>
          <Select
            label={t("timetable.availability.kind")}
            allowDeselect={false}
            data={SUBJECTS.map((value) => ({ value, label: label("timetable.availability.subject", value) }))}
            {...form.getInputProps("subject_kind")}
            onChange={(next) => form.setValues({ subject_kind: next ?? "person", subject_id: null })}
          />
          <Subject
            key={subject_kind}
            label={label("timetable.availability.subject", subject_kind)}
            required
            {...(subject_kind === "room" ? { filters: { kind: "room" } } : {})}
            {...form.getInputProps("subject_id")}
          />
        </FieldGrid>
      )}
      <Stack gap={4}>
        <Text size="sm" fw={500} id={levelLabel}>
          {t("timetable.availability.what")}
        </Text>
        <SegmentedControl
          aria-labelledby={levelLabel}
          data={LEVELS.map((value) => ({ value, label: label("timetable.availability.level", value) }))}
          {...form.getInputProps("level")}
        />
        <Text size="xs" c="dimmed">
          {t(`timetable.availability.means.${form.values.level as (typeof LEVELS)[number]}`)}
        </Text>
      </Stack>
      <FieldGrid>
        <Select
          label={t("timetable.availability.day")}
          allowDeselect={false}
          data={[0, 1, 2, 3, 4, 5, 6].map((step) => {
            const day = (firstWeekday + step) % 7;
            return { value: String(day), label: days.long(day) };
          })}
          {...form.getInputProps("day_of_week")}
          value={String(form.values.day_of_week)}
          onChange={(next) => form.setFieldValue("day_of_week", Number(next ?? 0))}
        />
        <Group grow wrap="nowrap" align="flex-start">
          <TimeField
            form={{ path: "start_time", required: true }}
            label={t("timetable.rows.from")}
            value={form.values.start_time}
            fault={faultOf("start_time")}
            onChange={(time) => form.setFieldValue("start_time", time)}
          />
          <TimeField
            form={{ path: "end_time", required: true }}
            label={t("timetable.rows.to")}
            value={form.values.end_time}
            fault={faultOf("end_time")}
            onChange={(time) => form.setFieldValue("end_time", time)}
          />
        </Group>
        <DateField label={t("timetable.availability.first")} required {...form.getInputProps("from_date")} />
        <DateField
          label={t("timetable.availability.last")}
          description={t("timetable.availability.lastHint")}
          {...form.getInputProps("to_date")}
        />
      </FieldGrid>
    </FormShell>
  );
}
