import { Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { type Attempt, SETTLED, type SentPage, sentQuery, sentUrl, WEBHOOKS } from "../queries";
import { OutcomeWords } from "./OutcomeWords";
import classes from "./Snippets.module.css";

type Props = { id: number; mayRedeliver: boolean };

/** One event on its way: what it says, every attempt, and sending it once more. */
export function DeliveryView({ id, mayRedeliver }: Props) {
  const query = useQuery(sentQuery(id));
  return <Loaded query={query}>{(sent) => <View sent={sent} mayRedeliver={mayRedeliver} />}</Loaded>;
}

function View({ sent, mayRedeliver }: { sent: SentPage; mayRedeliver: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Code>{sent.event_type}</Code>
          <StatusBadge status={sent.status} />
        </Group>
        {mayRedeliver && sent.body !== null && SETTLED.has(sent.status) && <Redeliver sent={sent} />}
      </Group>
      <Text size="sm" c="dimmed">
        {t("webhooks.log.id")}: <Code>{sent.event_id}</Code>
      </Text>
      <Attempts made={sent.made} />
      {sent.body === null ? (
        <Text size="sm" c="dimmed">
          {t("webhooks.log.erased")}
        </Text>
      ) : (
        <pre className={classes.code} dir="ltr">
          {JSON.stringify(JSON.parse(sent.body), null, 2)}
        </pre>
      )}
    </Stack>
  );
}

function Attempts({ made }: { made: Attempt[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <SmallTable
      caption={t("webhooks.log.attempts")}
      rows={made}
      rowId={(row) => row.n}
      empty={t("webhooks.log.notTried")}
      columns={[
        { id: "n", header: "#", cell: (row) => format.number(row.n) },
        { id: "at", header: t("webhooks.log.at"), cell: (row) => format.dateTime(row.at) },
        {
          id: "outcome",
          header: t("webhooks.log.outcome"),
          cell: (row) => (
            <Stack gap={2}>
              <OutcomeWords attempt={row} />
              {row.response_excerpt && (
                <Text size="xs" c="dimmed" lineClamp={3}>
                  <bdi dir="ltr">{row.response_excerpt}</bdi>
                </Text>
              )}
            </Stack>
          ),
        },
        { id: "ip", header: t("webhooks.log.address"), cell: (row) => row.ip && <Code>{row.ip}</Code> },
      ]}
    />
  );
}

function Redeliver({ sent }: { sent: SentPage }) {
  const { t } = useTranslation();
  const saved = useSaved(WEBHOOKS);
  return (
    <ConfirmButton
      size="compact-sm"
      title={t("webhooks.redeliver.title")}
      question={t("webhooks.redeliver.question")}
      confirm={t("webhooks.redeliver.do")}
      act={() => writeJson("POST", `${sentUrl(sent.id)}redeliver/`, {})}
      onDone={async () => {
        await saved();
        notifications.show({ message: t("webhooks.redeliver.done"), color: "leaf" });
      }}
    >
      {t("webhooks.redeliver.do")}
    </ConfirmButton>
  );
}
