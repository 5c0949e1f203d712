import { NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { PROGRAMS, type Program, STRUCTURES } from "../queries";

const valuesOf = (program?: Program) => ({
  name: program?.name ?? "",
  code: program?.code ?? "",
  description: program?.description ?? "",
  structure_type: program?.structure_type ?? "yearly",
  period_length_months: (program?.period_length_months ?? null) as number | null,
  total_periods: (program?.total_periods ?? null) as number | null,
});
type Values = ReturnType<typeof valuesOf>;

const numbered = (values: Partial<Values>) => ({
  ...values,
  ...(values.period_length_months === undefined
    ? {}
    : { period_length_months: values.period_length_months || null }),
});

type Props = { program?: Program; onDone: (program: Program) => unknown };

/** A new program, or its description; the structure only until it is finalised. */
export function ProgramForm({ program, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(PROGRAMS);
  const needed = isNotEmpty(t("academics.needed"));
  const form = useForm<Values>({
    initialValues: valuesOf(program),
    validate: { name: needed, code: needed },
  });
  const isFixed = program !== undefined && program.status !== "draft";
  const isCustom = form.values.structure_type === "custom";
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        program
          ? writeJson<Program>(
              "PATCH",
              `${PROGRAMS}${program.id}/`,
              numbered(changesOf(values, valuesOf(program))),
              { ifMatch: program.version },
            )
          : writeJson<Program>(
              "POST",
              PROGRAMS,
              { ...values, total_periods: values.total_periods || null },
              { idempotencyKey },
            )
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <TextInput
          label={t("academics.fields.code")}
          required
          dir="ltr"
          maxLength={16}
          {...form.getInputProps("code")}
        />
        <Select
          label={t("academics.program.structure")}
          description={isFixed ? t("academics.program.fixed") : t("academics.program.structureHint")}
          disabled={isFixed}
          allowDeselect={false}
          data={STRUCTURES.map((value) => ({ value, label: label("academics.structure", value) }))}
          {...form.getInputProps("structure_type")}
          onChange={(structure_type) =>
            form.setValues({ structure_type: structure_type ?? "yearly", period_length_months: null })
          }
        />
        {isCustom && (
          <NumberInput
            label={t("academics.program.months")}
            min={1}
            max={120}
            disabled={isFixed}
            allowDecimal={false}
            {...form.getInputProps("period_length_months")}
            value={form.values.period_length_months ?? ""}
            onChange={(value) => form.setFieldValue("period_length_months", Number(value) || null)}
          />
        )}
        <NumberInput
          label={t("academics.program.total")}
          placeholder={t("academics.program.totalUsual")}
          min={1}
          max={60}
          disabled={isFixed}
          allowDecimal={false}
          {...form.getInputProps("total_periods")}
          value={form.values.total_periods ?? ""}
          onChange={(value) => form.setFieldValue("total_periods", Number(value) || null)}
        />
      </FieldGrid>
      <Textarea label={t("academics.fields.description")} dir="auto" {...form.getInputProps("description")} />
    </FormShell>
  );
}
