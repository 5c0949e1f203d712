import { Button, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { addPasskey } from "../../../api/passkeys";
import { FormShell } from "../../../ui/FormShell";

type Props = {
  isAlone: boolean;
  onDone: () => unknown;
  onCancel: () => void;
};

export function PasskeyForm({ isAlone, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: isNotEmpty(t("account.password.required")) },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("account.passkeys.add")}
      onSubmit={({ name }) => addPasskey(name.trim(), isAlone)}
      onDone={onDone}
      cancel={
        <Button variant="subtle" onClick={onCancel}>
          {t("ui.cancel")}
        </Button>
      }
    >
      <TextInput
        autoFocus
        dir="auto"
        maxLength={100}
        label={t("account.passkeys.name")}
        description={t("account.passkeys.nameHint")}
        {...form.getInputProps("name")}
      />
    </FormShell>
  );
}
