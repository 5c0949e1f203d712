import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { type Announcement, reachQuery } from "../queries";

export type Telling = "send" | "schedule";
type Props = {
  announcement: Announcement;
  name: Telling;
  act: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks once before people are told, and says how many. */
export function TellDialog({ announcement, name, act, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { dateTime } = useFormat();
  const verb = label("ui.move", name);
  const reach = useQuery({ ...reachQuery(announcement.audience), staleTime: 0, gcTime: 0 });
  const { mutate, isPending, error } = useMutation({ mutationFn: act, onSuccess: onClose });
  const { send_email, publish_at } = announcement;
  const words = (count: number) =>
    name === "send"
      ? t("announcements.tell.send", { count })
      : t("announcements.tell.schedule", { count, moment: publish_at ? dateTime(publish_at) : "" });
  return (
    <Modal opened onClose={onClose} title={verb}>
      <Stack gap="md">
        {error && <ErrorPanel error={error} />}
        <Loaded query={reach} rows={1}>
          {({ count }) => (
            <>
              <Text fw={650}>{words(count)}</Text>
              <Text size="sm" c="dimmed">
                {send_email ? t("announcements.tell.mailToo") : t("announcements.tell.noMail")}{" "}
                {name === "send" ? t("announcements.tell.final") : t("announcements.tell.until")}
              </Text>
            </>
          )}
        </Loaded>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("ui.moves.back")}
          </Button>
          <Button loading={isPending} disabled={!reach.data} onClick={() => mutate()}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
