import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Authenticator, deactivateTotp, offerTotp } from "../../../api/auth";
import { meQuery } from "../../../api/me";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { ActivateForm } from "../forms/ActivateForm";

const SECOND = 1000;

export function TwoStep({ totp }: { totp: Authenticator | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queryClient = useQueryClient();
  const [isAsking, { open, close }] = useDisclosure(false);
  const refresh = () =>
    Promise.all([["auth"], meQuery.queryKey].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  const offer = useMutation({ mutationFn: offerTotp });
  const remove = useMutation({
    mutationFn: deactivateTotp,
    onSuccess: () => {
      notifications.show({ color: "saffron", message: t("account.totp.removed") });
      return refresh();
    },
  });
  const activated = () => {
    offer.reset();
    notifications.show({ color: "leaf", message: t("account.totp.activated"), autoClose: false });
    return refresh();
  };
  const error = offer.error ?? remove.error;
  return (
    <Stack gap="sm" align="flex-start">
      {error && <ErrorPanel error={error} />}
      <Text size="sm">
        {totp ? t("account.totp.on", { date: format.date(totp.created_at * SECOND) }) : t("account.totp.off")}
      </Text>
      {totp ? (
        <Button variant="default" onClick={open}>
          {t("account.totp.remove")}
        </Button>
      ) : offer.data ? (
        <ActivateForm offer={offer.data} onDone={activated} />
      ) : (
        <Button loading={offer.isPending} onClick={() => offer.mutate()}>
          {t("account.totp.start")}
        </Button>
      )}
      <Modal opened={isAsking} onClose={close} title={t("account.totp.removeTitle")}>
        <Text size="sm">{t("account.totp.removeBody")}</Text>
        <Group justify="flex-end" mt="lg" gap="sm">
          <Button variant="default" onClick={close}>
            {t("ui.cancel")}
          </Button>
          <Button
            color="madder"
            onClick={() => {
              close();
              remove.mutate();
            }}
          >
            {t("account.totp.remove")}
          </Button>
        </Group>
      </Modal>
    </Stack>
  );
}
