import { NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { SYLLABUS, type SyllabusItem } from "../queries";

const valuesOf = (item?: SyllabusItem) => ({
  code: item?.code ?? "",
  title: item?.title ?? "",
  planned_minutes: item?.planned_minutes ?? (null as number | null),
  description: item?.description ?? "",
  learning_objectives: item?.learning_objectives ?? "",
  is_active: item?.is_active ?? true,
});

export type Belongs = { course?: number; academic_period?: number };
type Props = { belongs: Belongs; item?: SyllabusItem | undefined; onDone: () => unknown };

export function SyllabusForm({ belongs, item, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(SYLLABUS);
  const form = useForm({
    initialValues: valuesOf(item),
    validate: { title: isNotEmpty(t("academics.needed")) },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        item
          ? writeJson("PATCH", `${SYLLABUS}${item.id}/`, changesOf(values, valuesOf(item)), {
              ifMatch: item.version,
            })
          : writeJson("POST", SYLLABUS, { ...values, ...belongs }, { idempotencyKey })
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <TextInput
        label={t("academics.syllabus.itemTitle")}
        required
        dir="auto"
        maxLength={255}
        {...form.getInputProps("title")}
      />
      <FieldGrid>
        <TextInput
          label={t("academics.fields.code")}
          dir="ltr"
          maxLength={40}
          {...form.getInputProps("code")}
        />
        <NumberInput
          label={t("academics.syllabus.minutes")}
          min={1}
          max={100000}
          allowDecimal={false}
          {...form.getInputProps("planned_minutes")}
          value={form.values.planned_minutes ?? ""}
          onChange={(value) => form.setFieldValue("planned_minutes", value === "" ? null : Number(value))}
        />
      </FieldGrid>
      <Textarea
        label={t("academics.syllabus.objectives")}
        dir="auto"
        autosize
        minRows={2}
        {...form.getInputProps("learning_objectives")}
      />
      <Textarea
        label={t("academics.fields.description")}
        dir="auto"
        autosize
        minRows={2}
        {...form.getInputProps("description")}
      />
      <Switch
        label={t("academics.syllabus.active")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
