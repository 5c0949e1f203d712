import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { FormShell } from "../../../ui/FormShell";

type Props = { submitLabel: string; onSubmit: (reason: string) => Promise<unknown>; onDone: () => unknown };

/** Why something is done to a candidate or to many results; it is recorded. */
export function ReasonForm({ submitLabel, onSubmit, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (value) => (value.trim() ? null : t("ui.moves.reasonNeeded")) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={submitLabel}
      onSubmit={({ reason }) => onSubmit(reason.trim())}
      onDone={onDone}
    >
      <Textarea
        data-autofocus
        required
        dir="auto"
        maxLength={1000}
        label={t("ui.moves.reason")}
        description={t("ui.moves.reasonHint")}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
