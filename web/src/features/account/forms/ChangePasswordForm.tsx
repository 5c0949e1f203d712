import { PasswordInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { changePassword } from "../../../api/auth";
import { FormShell } from "../../../ui/FormShell";

export function ChangePasswordForm() {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { current_password: "", new_password: "", repeat: "" },
    validate: {
      current_password: isNotEmpty(t("account.password.required")),
      new_password: isNotEmpty(t("account.password.required")),
      repeat: (value, { new_password }) => (value === new_password ? null : t("account.password.mismatch")),
    },
  });
  const done = () => {
    form.reset();
    notifications.show({ color: "leaf", message: t("account.password.done") });
  };
  return (
    <>
      <FormShell
        form={form}
        submitLabel={t("account.password.submit")}
        onSubmit={(values) => changePassword(values.current_password, values.new_password)}
        onDone={done}
      >
        <PasswordInput
          label={t("account.password.current")}
          autoComplete="current-password"
          dir="ltr"
          {...form.getInputProps("current_password")}
        />
        <PasswordInput
          label={t("account.password.next")}
          autoComplete="new-password"
          dir="ltr"
          {...form.getInputProps("new_password")}
        />
        <PasswordInput
          label={t("account.password.repeat")}
          autoComplete="new-password"
          dir="ltr"
          {...form.getInputProps("repeat")}
        />
      </FormShell>
    </>
  );
}
