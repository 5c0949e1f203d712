import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Asks before one leaves while something is not saved. */
export function LeaveGuard({ isHolding }: { isHolding: () => boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: isHolding,
    enableBeforeUnload: isHolding,
    withResolver: true,
  });
  return (
    <Modal opened={status === "blocked"} onClose={() => reset?.()} title={t("ui.form.leaveTitle")}>
      <Text size="sm">{t("ui.form.leaveBody")}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={() => proceed?.()}>
          {t("ui.form.leave")}
        </Button>
        <Button data-autofocus onClick={() => reset?.()}>
          {t("ui.form.stay")}
        </Button>
      </Group>
    </Modal>
  );
}
