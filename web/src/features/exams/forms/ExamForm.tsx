import { NumberInput, Select, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { CourseSelect, DepartmentSelect, PeriodSelect, PlaceSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { instantOfWall, wallOf } from "../../../ui/zoned";
import { EXAM_TYPES, EXAMS, type Exam, examUrl } from "../queries";

type Values = {
  title: string;
  exam_type: string;
  scheduled_at: string;
  duration_minutes: number | string;
  academic_period: number | null;
  department: number | null;
  course: number | null;
  section: number | null;
  place: number | null;
  audience: Audience;
};
type Props = { exam?: Exam; onDone: (made: Exam) => unknown; onReload?: () => unknown };

const UTC = "UTC";

/** What an exam is, when and where, and who sits it. What decides who passes has a form of its own. */
export function ExamForm({ exam, onDone, onReload }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const zone = useMe().institution?.time_zone ?? UTC;
  const saved = useSaved(EXAMS);
  const needed = t("exams.needed");
  const form = useForm<Values>({
    initialValues: {
      title: exam?.title ?? "",
      exam_type: exam?.exam_type ?? "theory",
      scheduled_at: exam ? wallOf(exam.scheduled_at, zone) : "",
      duration_minutes: exam?.duration_minutes ?? 120,
      academic_period: exam?.academic_period ?? null,
      department: exam?.department ?? null,
      course: exam?.course ?? null,
      section: exam?.section ?? null,
      place: exam?.place ?? null,
      audience: exam?.audience.length ? exam.audience : [[]],
    },
    validate: {
      title: isNotEmpty(needed),
      scheduled_at: (value) => (instantOfWall(value, zone) ? null : needed),
      duration_minutes: isNotEmpty(needed),
    },
  });
  const chosen = (name: string | undefined) => ({ chosenLabel: name || null });
  return (
    <FormShell
      form={form}
      submitLabel={exam ? t("ui.save") : t("exams.draft")}
      onSubmit={({ scheduled_at, duration_minutes, audience, title, ...rest }, { idempotencyKey }) => {
        const body = {
          ...rest,
          title: title.trim(),
          scheduled_at: instantOfWall(scheduled_at, zone),
          duration_minutes: Number(duration_minutes),
          audience: namedOf(audience),
        };
        return exam
          ? writeJson<Exam>("PATCH", examUrl(exam.id), body, { ifMatch: exam.version })
          : writeJson<Exam>("POST", EXAMS, body, { idempotencyKey });
      }}
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
      {...(onReload ? { onReload } : {})}
    >
      <TextInput
        data-autofocus
        required
        dir="auto"
        maxLength={200}
        label={t("exams.fields.title")}
        {...form.getInputProps("title")}
      />
      <FieldGrid>
        <Select
          allowDeselect={false}
          label={t("exams.fields.type")}
          data={EXAM_TYPES.map((value) => ({ value, label: label("exams.type", value) }))}
          {...form.getInputProps("exam_type")}
        />
        <TextInput
          required
          type="datetime-local"
          dir="ltr"
          label={t("exams.fields.begins")}
          {...form.getInputProps("scheduled_at")}
        />
        <NumberInput
          required
          min={1}
          max={10_080}
          allowDecimal={false}
          label={t("exams.fields.minutes")}
          {...form.getInputProps("duration_minutes")}
        />
        <PeriodSelect
          label={t("exams.fields.period")}
          {...chosen(exam?.academic_period_name)}
          {...form.getInputProps("academic_period")}
        />
        <CourseSelect
          label={t("exams.fields.course")}
          {...chosen(exam?.course_name)}
          {...form.getInputProps("course")}
        />
        <RemoteSelect
          path="/api/v1/academics/sections/"
          label={t("exams.fields.section")}
          option={(row) => ({ value: row.id, label: `${row.course_name} · ${row.name}` })}
          {...chosen(exam?.section_name)}
          value={form.values.section}
          onChange={(section) => form.setFieldValue("section", section)}
          error={form.errors.section}
        />
        <DepartmentSelect
          label={t("exams.fields.department")}
          {...chosen(exam?.department_name)}
          {...form.getInputProps("department")}
        />
        <PlaceSelect
          label={t("exams.fields.place")}
          {...chosen(exam?.place_name)}
          {...form.getInputProps("place")}
        />
      </FieldGrid>
      <Text size="xs" c="dimmed">
        {t("exams.zone", { zone })}
      </Text>
      <AudiencePicker
        label={t("exams.fields.audience")}
        hint={t("exams.audienceHint")}
        value={form.values.audience}
        error={form.errors.audience}
        onChange={(audience) => {
          form.setFieldValue("audience", audience);
          form.clearFieldError("audience");
        }}
      />
    </FormShell>
  );
}
