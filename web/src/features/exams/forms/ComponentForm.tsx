import { NumberInput, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { type Component, EXAMS, type Exam, examUrl } from "../queries";

type Values = {
  name: string;
  max_marks: number | string;
  min_marks: number | string;
  pass_marks: number | string;
  pass_percent: number | string;
  is_mandatory_to_pass: boolean;
  reason: string;
};
type Props = { exam: Exam; component?: Component; onDone: () => unknown };

const shown = (value: string | null | undefined) =>
  value === null || value === undefined ? "" : Number(value);
const decimal = (value: number | string) => (value === "" ? null : String(value));

/** A part of an exam with its own marks; an office assistant sets its name and marks, not what it takes to pass. */
export function ComponentForm({ exam, component, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const needed = t("exams.needed");
  const amends = exam.status === "marking";
  const form = useForm<Values>({
    initialValues: {
      name: component?.name ?? "",
      max_marks: shown(component?.max_marks),
      min_marks: Number(component?.min_marks ?? 0),
      pass_marks: shown(component?.pass_marks),
      pass_percent: shown(component?.pass_percent),
      is_mandatory_to_pass: component?.is_mandatory_to_pass ?? false,
      reason: "",
    },
    validate: {
      name: isNotEmpty(needed),
      max_marks: isNotEmpty(needed),
      reason: (value) => (amends && !value.trim() ? needed : null),
    },
  });
  return (
    <FormShell
      form={form}
      submitLabel={component ? t("ui.save") : t("ui.add")}
      onSubmit={(values, { idempotencyKey }) => {
        const { name, max_marks, min_marks, pass_marks, pass_percent, is_mandatory_to_pass, reason } = values;
        const body = {
          name: name.trim(),
          max_marks: String(max_marks),
          min_marks: String(min_marks === "" ? 0 : min_marks),
          ...(exam.may_set_rules
            ? {
                pass_marks: decimal(pass_marks),
                pass_percent: decimal(pass_percent),
                is_mandatory_to_pass,
              }
            : {}),
          ...(amends ? { reason: reason.trim() } : {}),
        };
        const url = `${examUrl(exam.id)}components/`;
        return component
          ? writeJson("PATCH", `${url}${component.id}/`, body, { ifMatch: component.version })
          : writeJson("POST", url, body, { idempotencyKey });
      }}
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <TextInput
        data-autofocus
        required
        dir="auto"
        maxLength={100}
        label={t("exams.fields.name")}
        {...form.getInputProps("name")}
      />
      <FieldGrid>
        <NumberInput
          required
          decimalScale={2}
          label={t("exams.fields.max")}
          {...form.getInputProps("max_marks")}
        />
        <NumberInput
          max={0}
          decimalScale={2}
          label={t("exams.fields.min")}
          description={t("exams.component.minHint")}
          {...form.getInputProps("min_marks")}
        />
      </FieldGrid>
      {exam.may_set_rules && (
        <>
          <FieldGrid>
            <NumberInput
              min={0}
              decimalScale={2}
              label={t("exams.fields.passFrom")}
              {...form.getInputProps("pass_marks")}
            />
            <NumberInput
              min={0}
              max={100}
              decimalScale={2}
              suffix=" %"
              label={t("exams.fields.passFromPercent")}
              description={t("exams.component.percentHint")}
              {...form.getInputProps("pass_percent")}
            />
          </FieldGrid>
          <Switch
            label={t("exams.component.mandatory")}
            {...form.getInputProps("is_mandatory_to_pass", { type: "checkbox" })}
          />
        </>
      )}
      {amends && (
        <TextInput
          required
          dir="auto"
          label={t("exams.rule.reason")}
          description={t("exams.rule.reasonHint")}
          {...form.getInputProps("reason")}
        />
      )}
    </FormShell>
  );
}
