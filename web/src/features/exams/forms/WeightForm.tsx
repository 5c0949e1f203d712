import { NumberInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { EXAMS, type Gradebook, type GradebookItem, gradebookUrl } from "../queries";

type Props = {
  section: number;
  /** The item whose weight changes; without it an exam is let count. */
  item?: GradebookItem;
  /** What is left to 100. */
  rest?: number;
  onDone: (book: Gradebook) => unknown;
};

/** Which exam counts, and how much of the whole. */
export function WeightForm({ section, item, rest = 0, onDone }: Props) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const needed = t("exams.needed");
  const form = useForm<{ exam: number | null; weight: number | string }>({
    initialValues: { exam: item?.exam ?? null, weight: item ? Number(item.weight) : rest > 0 ? rest : "" },
    validate: { exam: isNotEmpty(needed), weight: isNotEmpty(needed) },
  });
  return (
    <FormShell
      form={form}
      submitLabel={item ? t("ui.save") : t("ui.add")}
      onSubmit={({ exam, weight }, { idempotencyKey }) =>
        item
          ? writeJson<Gradebook>(
              "PATCH",
              `${gradebookUrl(section)}items/${item.id}/`,
              { weight: String(weight) },
              { ifMatch: item.version },
            )
          : writeJson<Gradebook>(
              "POST",
              `${gradebookUrl(section)}items/`,
              { exam, weight: String(weight) },
              { idempotencyKey },
            )
      }
      onDone={onDone}
    >
      {!item && (
        <RemoteSelect
          path={EXAMS}
          required
          label={t("exams.fields.exam")}
          option={(row) => ({ value: row.id, label: `${row.title} · ${date(row.scheduled_at)}` })}
          value={form.values.exam}
          error={form.errors.exam}
          onChange={(exam) => {
            form.setFieldValue("exam", exam);
            form.clearFieldError("exam");
          }}
        />
      )}
      <NumberInput
        required
        min={0.01}
        max={100}
        decimalScale={2}
        suffix=" %"
        label={t("exams.gradebook.weight")}
        description={t("exams.gradebook.weightHint")}
        {...form.getInputProps("weight")}
      />
    </FormShell>
  );
}
