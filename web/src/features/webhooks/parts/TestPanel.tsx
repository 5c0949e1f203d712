import { Button, Group, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { type Endpoint, endpointUrl, type SentPage } from "../queries";
import { OutcomeWords } from "./OutcomeWords";
import classes from "./Snippets.module.css";

/** Sends an event to the receiver now and shows what it really answered. */
export function TestPanel({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const url = endpointUrl(endpoint.id);
  const saved = useSaved(url);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => writeJson<SentPage>("POST", `${url}test/`, {}),
    onSuccess: saved,
  });
  return (
    <Panel title={t("webhooks.test.title")}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Text size="sm">{t("webhooks.test.lead")}</Text>
          <Button
            variant="default"
            loading={isPending}
            leftSection={<IconSend size={16} aria-hidden="true" />}
            onClick={() => mutate()}
            style={{ flexShrink: 0 }}
          >
            {t("webhooks.test.do")}
          </Button>
        </Group>
        {error && <ErrorPanel error={error} />}
        {data && !isPending && <Outcome sent={data} />}
      </Stack>
    </Panel>
  );
}

function Outcome({ sent }: { sent: SentPage }) {
  const { t } = useTranslation();
  const [attempt] = sent.made;
  if (!attempt) return null;
  const arrived = sent.status === "succeeded";
  return (
    <Notice tone={arrived ? "good" : "wait"} role="status">
      <Stack gap="xs">
        <span>
          <strong>{arrived ? t("webhooks.test.arrived") : t("webhooks.test.failed")}</strong>{" "}
          <OutcomeWords attempt={attempt} />
        </span>
        {attempt.response_excerpt && (
          <pre className={classes.code} dir="ltr">
            {attempt.response_excerpt}
          </pre>
        )}
      </Stack>
    </Notice>
  );
}
