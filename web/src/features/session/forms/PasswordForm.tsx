import { PasswordInput, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { authConfigQuery, type SignInOutcome, signIn } from "../../../api/auth";
import { FormShell } from "../../../ui/FormShell";

const POINTERS = { "/username": "identifier", "/email": "identifier" };

export function PasswordForm({ onOutcome }: { onOutcome: (outcome: SignInOutcome) => unknown }) {
  const { t } = useTranslation();
  const { data: config } = useQuery(authConfigQuery);
  const form = useForm({
    initialValues: { identifier: "", password: "" },
    validate: { identifier: isNotEmpty(t("session.required")), password: isNotEmpty(t("session.required")) },
  });
  const methods = config?.data.account?.login_methods ?? ["username"];
  return (
    <FormShell
      form={form}
      pointers={POINTERS}
      guard={false}
      fullWidth
      submitLabel={t("session.submit")}
      onSubmit={({ identifier, password }) => signIn(identifier, password, methods)}
      onDone={onOutcome}
    >
      <TextInput
        label={t("session.identifier")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        size="md"
        {...form.getInputProps("identifier")}
      />
      <PasswordInput
        label={t("session.password")}
        autoComplete="current-password"
        dir="ltr"
        size="md"
        {...form.getInputProps("password")}
      />
    </FormShell>
  );
}
