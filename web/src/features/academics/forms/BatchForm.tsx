import { NumberInput, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { BATCHES, type Batch, PROGRAMS } from "../queries";

const THIS_YEAR = new Date().getFullYear();

const valuesOf = (batch?: Batch) => ({
  name: batch?.name ?? "",
  intake_year: (batch?.intake_year ?? THIS_YEAR) as number | string,
  graduation_year: (batch?.graduation_year ?? THIS_YEAR + 5) as number | string,
  is_active: batch?.is_active ?? true,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { program: number; batch?: Batch; onDone: (batch: Batch) => unknown };

export function BatchForm({ program, batch, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(BATCHES, PROGRAMS);
  const form = useForm<Values>({
    initialValues: valuesOf(batch),
    validate: {
      name: isNotEmpty(t("academics.needed")),
      graduation_year: (value, { intake_year }) =>
        Number(value) > Number(intake_year) ? null : t("academics.batch.order"),
    },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        batch
          ? writeJson<Batch>("PATCH", `${BATCHES}${batch.id}/`, changesOf(values, valuesOf(batch)), {
              ifMatch: batch.version,
            })
          : writeJson<Batch>("POST", BATCHES, { ...values, program }, { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <TextInput
          label={t("academics.fields.name")}
          placeholder={t("academics.batch.example")}
          required
          dir="auto"
          {...form.getInputProps("name")}
        />
        <NumberInput
          label={t("academics.batch.intake")}
          required
          min={1900}
          max={2100}
          allowDecimal={false}
          {...form.getInputProps("intake_year")}
        />
        <NumberInput
          label={t("academics.batch.graduation")}
          required
          min={1900}
          max={2100}
          allowDecimal={false}
          {...form.getInputProps("graduation_year")}
        />
      </FieldGrid>
      <Switch
        label={t("academics.batch.active")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
