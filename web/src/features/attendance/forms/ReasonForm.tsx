import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { FormShell } from "../../../ui/FormShell";

type Props = {
  label: string;
  hint?: string;
  submitLabel: string;
  initial?: string;
  isRequired?: boolean;
  maxLength?: number;
  onDone: (reason: string) => unknown;
};

/** A reason that belongs to a mark or a roster. */
export function ReasonForm({
  label,
  hint,
  submitLabel,
  initial = "",
  isRequired,
  maxLength = 300,
  onDone,
}: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { reason: initial },
    validate: { reason: (value) => (isRequired && !value.trim() ? t("attendance.reasonNeeded") : null) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={submitLabel}
      onSubmit={async ({ reason }) => {
        await onDone(reason.trim());
      }}
    >
      <Textarea
        data-autofocus
        dir="auto"
        label={label}
        description={hint}
        required={isRequired ?? false}
        maxLength={maxLength}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
