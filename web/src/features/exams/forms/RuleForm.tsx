import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import { EXAMS, type Exam, examUrl, PASSING_MODES } from "../queries";

type RuleProps = { exam: Exam; onDone: () => unknown; onReload: () => unknown };
type Rule = {
  passing_mode: string;
  pass_total_marks: number | string;
  pass_total_percent: number | string;
  fail_if_any_component_fail: boolean;
  requires_eligibility: boolean;
  grade_scheme: number | null;
  reason: string;
};

/** What decides who passes; while the exam is marked it is amended with a reason. */
export function RuleForm({ exam, onDone, onReload }: RuleProps) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const amends = exam.status === "marking";
  const form = useForm<Rule>({
    initialValues: {
      passing_mode: exam.passing_mode,
      pass_total_marks: exam.pass_total_marks === null ? "" : Number(exam.pass_total_marks),
      pass_total_percent: exam.pass_total_percent === null ? "" : Number(exam.pass_total_percent),
      fail_if_any_component_fail: exam.fail_if_any_component_fail,
      requires_eligibility: exam.requires_eligibility,
      grade_scheme: exam.grade_scheme,
      reason: "",
    },
    validate: { reason: (value) => (amends && !value.trim() ? t("exams.needed") : null) },
  });
  const decimal = (value: number | string) => (value === "" ? null : String(value));
  return (
    <FormShell
      form={form}
      onSubmit={({
        reason,
        pass_total_marks,
        pass_total_percent,
        grade_scheme,
        requires_eligibility,
        ...rest
      }) =>
        writeJson(
          "PATCH",
          examUrl(exam.id),
          {
            ...rest,
            pass_total_marks: decimal(pass_total_marks),
            pass_total_percent: decimal(pass_total_percent),
            ...(amends ? { reason: reason.trim() } : { grade_scheme, requires_eligibility }),
          },
          { ifMatch: exam.version },
        )
      }
      onReload={onReload}
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <ModeField
        value={form.values.passing_mode}
        onChange={(mode) => form.setFieldValue("passing_mode", mode)}
      />
      <FieldGrid>
        <NumberInput
          min={0}
          decimalScale={2}
          label={t("exams.fields.passMarks")}
          {...form.getInputProps("pass_total_marks")}
        />
        <NumberInput
          min={0}
          max={100}
          decimalScale={2}
          suffix=" %"
          label={t("exams.fields.passPercent")}
          description={t("exams.rule.percentHint")}
          {...form.getInputProps("pass_total_percent")}
        />
      </FieldGrid>
      <Switch
        label={t("exams.rule.anyFails")}
        {...form.getInputProps("fail_if_any_component_fail", { type: "checkbox" })}
      />
      {amends ? (
        <TextInput
          required
          dir="auto"
          label={t("exams.rule.reason")}
          description={t("exams.rule.reasonHint")}
          {...form.getInputProps("reason")}
        />
      ) : (
        <>
          <Switch
            label={t("exams.rule.eligibility")}
            description={t("exams.rule.eligibilityHint")}
            {...form.getInputProps("requires_eligibility", { type: "checkbox" })}
          />
          <RemoteSelect
            path="/api/v1/assessment/grade-schemes/"
            label={t("exams.fields.scheme")}
            description={t("exams.rule.schemeHint")}
            option={(row) => ({ value: row.id, label: `${row.name} ${row.number}` })}
            filters={{ status: "active" }}
            chosenLabel={exam.grade_scheme_name || null}
            value={form.values.grade_scheme}
            onChange={(scheme) => form.setFieldValue("grade_scheme", scheme)}
            error={form.errors.grade_scheme}
          />
        </>
      )}
    </FormShell>
  );
}

function ModeField({ value, onChange }: { value: string; onChange: (mode: string) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Select
      allowDeselect={false}
      label={t("exams.fields.mode")}
      description={label("exams.modeHint", value)}
      data={PASSING_MODES.map((mode) => ({
        value: mode,
        label: label("exams.mode", mode),
      }))}
      value={value}
      onChange={(mode) => mode && onChange(mode)}
    />
  );
}
