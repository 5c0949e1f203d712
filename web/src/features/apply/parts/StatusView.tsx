import { Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { FilledIn } from "../../../ui/application/FilledIn";
import { PART_NAMES, valuesOf } from "../../../ui/application/fields";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { type Fact, Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { StatusBadge } from "../../../ui/StatusBadge";
import { applicationUrl, type Own } from "../queries";
import { WriteQueue } from "../queue";
import { NO_LONGER, useQueueState } from "../useWizard";
import { Countdown } from "./Countdown";
import { PaperList } from "./PaperList";

/** Whether somebody looks at it more closely is told to nobody outside. */
const SHOWN_AS: Record<string, "pending" | "approved" | "rejected" | "withdrawn"> = {
  pending: "pending",
  needs_review: "pending",
  approved: "approved",
  rejected: "rejected",
  withdrawn: "withdrawn",
};
const TONES = { pending: "calm", approved: "good", rejected: "wait", withdrawn: "calm" } as const;

type Props = { token: string; record: Own; onRecord: (record: Own) => void; onGone: () => void };

/** Where an application stands once it was handed in. */
export function StatusView({ token, record, onRecord, onGone }: Props) {
  const { t } = useTranslation();
  const format = useFormat(record.time_zone);
  const [queue] = useState(() => new WriteQueue());
  const { waitingUntil } = useQueueState(queue);
  const status = SHOWN_AS[record.status] ?? "pending";
  const mayWithdraw = record.moves.some(({ name, allowed }) => name === "withdraw" && allowed);
  const withdraw = async () => {
    try {
      const url = `${applicationUrl(token)}moves/withdraw/`;
      onRecord(await queue.add(() => writeJson<Own>("POST", url, {}, { ifMatch: record.version }), 0));
    } catch (error) {
      if (NO_LONGER.has(asProblem(error).status)) return onGone();
      throw error;
    }
  };
  const facts: Fact[] = [
    { label: t("apply.status.number"), value: <Code>{record.number}</Code> },
    {
      label: t("apply.status.program"),
      value: <Bidi>{`${record.program_name} · ${record.batch_name}`}</Bidi>,
    },
    {
      label: t("apply.status.submitted"),
      value: record.submitted_at && format.dateTime(record.submitted_at),
    },
    ...(record.decided_at
      ? [{ label: t("apply.status.decided"), value: format.dateTime(record.decided_at) }]
      : []),
  ];
  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" c="dimmed">
          <Bidi>{record.institution}</Bidi>
        </Text>
        <Group gap="sm">
          <Title order={1} fz="1.5rem">
            {t("apply.status.title")}
          </Title>
          <StatusBadge status={status} label={t(`apply.status.word.${status}`)} />
        </Group>
      </div>
      <Notice tone={TONES[status]} role="status">
        {t(`apply.status.means.${status}`)}
        {record.decision_reason && (
          <>
            {" "}
            {t("apply.status.reason")} <Bidi>{record.decision_reason}</Bidi>
          </>
        )}
      </Notice>
      <Facts items={facts} />
      {waitingUntil !== null && <Countdown until={waitingUntil} what="writes" />}
      {PART_NAMES.map((part) => (
        <section key={part} aria-labelledby={`status-${part}`}>
          <Title order={2} size="h5" id={`status-${part}`} mb={6}>
            {t(`apply.step.${part}`)}
          </Title>
          <FilledIn part={part} values={valuesOf(record)} />
        </section>
      ))}
      <section aria-labelledby="status-papers">
        <Title order={2} size="h5" id="status-papers" mb={6}>
          {t("apply.step.papers")}
        </Title>
        <PaperList token={token} papers={record.papers} />
      </section>
      <Text size="xs" c="dimmed">
        {t("apply.status.link", { day: format.date(record.link_expires_at) })}
      </Text>
      <Group gap="sm">
        {mayWithdraw && (
          <ConfirmButton
            title={t("apply.withdraw.title")}
            question={t("apply.withdraw.question")}
            confirm={t("apply.withdraw.do")}
            dismiss={t("apply.withdraw.keep")}
            act={withdraw}
          >
            {t("apply.withdraw.title")}
          </ConfirmButton>
        )}
        {(status === "withdrawn" || status === "rejected") && (
          <ButtonLink to="/apply" search={{ institution: record.institution_code }} variant="default">
            {t("apply.status.anew")}
          </ButtonLink>
        )}
      </Group>
    </Stack>
  );
}
