import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, ok } from "../../../api/client";
import { ErrorPanel } from "../../../ui/ErrorPanel";

/** A secret calendar address, shown once. Making one ends the address before it, so it is asked for, not made on sight. */
export function SubscribeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const feed = useMutation({ mutationFn: () => ok(client.POST("/api/v1/agenda/feed/")) });
  const address = feed.data ? new URL(feed.data.url, window.location.origin).href : "";
  return (
    <Modal opened onClose={onClose} title={t("timetable.subscribe.title")}>
      <Stack gap="md">
        <Text size="sm">{t("timetable.subscribe.lead")}</Text>
        {feed.error && <ErrorPanel error={feed.error} onRetry={() => feed.mutate()} />}
        {address ? (
          <>
            <TextInput
              label={t("timetable.subscribe.address")}
              description={t("timetable.subscribe.once")}
              dir="ltr"
              readOnly
              value={address}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Group justify="flex-end">
              <CopyButton value={address}>
                {({ copied, copy }) => (
                  <Button
                    leftSection={
                      copied ? (
                        <IconCheck size={16} aria-hidden="true" />
                      ) : (
                        <IconCopy size={16} aria-hidden="true" />
                      )
                    }
                    onClick={copy}
                  >
                    {copied ? t("timetable.subscribe.copied") : t("timetable.subscribe.copy")}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </>
        ) : (
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("ui.cancel")}
            </Button>
            <Button loading={feed.isPending} onClick={() => feed.mutate()}>
              {t("timetable.subscribe.make")}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
