import { NumberInput, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { BATCHES, GROUPS, type Group } from "../queries";

const valuesOf = (group?: Group) => ({ name: group?.name ?? "", capacity: group?.capacity ?? null });
type Values = ReturnType<typeof valuesOf>;

type Props = { batch: number; group?: Group | undefined; onDone: () => unknown };

export function GroupForm({ batch, group, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(GROUPS, BATCHES);
  const form = useForm<Values>({
    initialValues: valuesOf(group),
    validate: { name: isNotEmpty(t("academics.needed")) },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        group
          ? writeJson<Group>("PATCH", `${GROUPS}${group.id}/`, changesOf(values, valuesOf(group)), {
              ifMatch: group.version,
            })
          : writeJson<Group>("POST", GROUPS, { ...values, batch }, { idempotencyKey })
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <FieldGrid>
        <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <NumberInput
          label={t("academics.fields.capacity")}
          min={1}
          max={5000}
          allowDecimal={false}
          {...form.getInputProps("capacity")}
          value={form.values.capacity ?? ""}
          onChange={(value) => form.setFieldValue("capacity", Number(value) || null)}
        />
      </FieldGrid>
    </FormShell>
  );
}
