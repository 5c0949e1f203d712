import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyField } from "../../../ui/CopyField";
import { Notice } from "../../../ui/Notice";

/** A secret at the one moment in which it is told; `children` is how the reader goes on. */
export function SecretOnce({ secret, children }: { secret: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Notice tone="wait" role="alert">
        {t("webhooks.secret.once")}
      </Notice>
      <CopyField label={t("webhooks.fields.secret")} value={secret} />
      <Text size="sm" c="dimmed">
        {t("webhooks.secret.where")}
      </Text>
      <Group>{children}</Group>
    </Stack>
  );
}
