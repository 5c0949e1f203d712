import { Button, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { answerChallenge, type SignInOutcome } from "../../../api/auth";
import { FormShell } from "../../../ui/FormShell";

type Props = { onOutcome: (outcome: SignInOutcome) => unknown; onBack: () => void };

export function CodeForm({ onOutcome, onBack }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: isNotEmpty(t("session.required")) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("session.code.submit")}
      onSubmit={({ code }) => answerChallenge(code)}
      onDone={onOutcome}
      cancel={
        <Button variant="subtle" onClick={onBack}>
          {t("session.code.back")}
        </Button>
      }
    >
      <TextInput
        label={t("session.code.label")}
        autoComplete="one-time-code"
        dir="ltr"
        size="md"
        autoFocus
        {...form.getInputProps("code")}
      />
    </FormShell>
  );
}
