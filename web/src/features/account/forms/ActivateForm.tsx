import { Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { activateTotp, type TotpOffer } from "../../../api/auth";
import { Code } from "../../../ui/Code";
import { FormShell } from "../../../ui/FormShell";
import { QrCode } from "../../../ui/QrCode";

type Props = {
  offer: TotpOffer;
  onDone: () => unknown;
};

export function ActivateForm({ offer, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: isNotEmpty(t("account.password.required")) },
  });
  return (
    <Stack gap="sm">
      <Text size="sm">{t("account.totp.scan")}</Text>
      <QrCode text={offer.totp_url} label={t("account.totp.qr")} />
      <Text size="sm" c="dimmed">
        {t("account.totp.secret")}: <Code>{offer.secret}</Code>
      </Text>
      <FormShell
        form={form}
        guard={false}
        submitLabel={t("account.totp.activate")}
        onSubmit={({ code }) => activateTotp(code)}
        onDone={onDone}
      >
        <TextInput
          label={t("account.totp.code")}
          autoComplete="one-time-code"
          inputMode="numeric"
          dir="ltr"
          {...form.getInputProps("code")}
        />
      </FormShell>
    </Stack>
  );
}
