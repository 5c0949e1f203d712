import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ApplicationField } from "../../../ui/application/ApplicationField";
import { type FieldName, isField, PARTS, type PartName, partOf } from "../../../ui/application/fields";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { Notice } from "../../../ui/Notice";
import { byPart, isIntakeClosed, missingFields, missingPapers, STEPS, type Step } from "../draft";
import { applicationUrl, type Own } from "../queries";
import { RANK } from "../queue";
import { usePapers } from "../usePapers";
import { NO_LONGER, type Outcome, useQueueState, useWizard } from "../useWizard";
import { Countdown } from "./Countdown";
import { ElsewhereNotice } from "./ElsewhereNotice";
import { FaultList } from "./FaultList";
import { PapersStep } from "./PapersStep";
import { ReviewStep } from "./ReviewStep";
import { SavingLine } from "./SavingLine";
import { StepList } from "./StepList";
import classes from "./WizardView.module.css";

type Props = {
  token: string;
  first: Own;
  step: Step;
  onStep: (step: Step) => void;
  onRecord: (record: Own) => void;
  onGone: () => void;
};

/** The form in six steps. Each step is saved as one goes on; what cannot be saved now stays and waits. */
export function WizardView({ token, first, step, onStep, onRecord, onGone }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const format = useFormat(first.time_zone);
  const wizard = useWizard(token, first, { onRecord, onGone });
  const papers = usePapers(token, wizard.queue, wizard.refresh);
  const { waitingUntil } = useQueueState(wizard.queue);
  const { record, form, saving } = wizard;
  const [refusal, setRefusal] = useState<unknown>(null);
  const [isGoing, setGoing] = useState(false);
  const [wanted, setWanted] = useState<FieldName | null>(null);
  const summary = useRef<HTMLDivElement>(null);
  const heading = useFocusOnStep(step, wanted);
  const here = STEPS.indexOf(step);
  const faults = Object.keys(form.errors).filter(isField);
  const missing = missingFields(record.moves);
  const isClosed = isIntakeClosed(record.moves);
  const problem = saving.phase === "refused" ? saving.problem : null;

  const saved = async (): Promise<Outcome | "waiting"> => {
    setGoing(true);
    setRefusal(null);
    const outcome = await Promise.race([wizard.save(), untilWaiting(wizard.queue)]);
    setGoing(false);
    return outcome;
  };
  const leaveFor = (next: Step) => {
    void wizard.save();
    onStep(next);
  };
  const goOn = async (next: Step) => {
    const outcome = await saved();
    if (outcome === "saved" || outcome === "waiting") onStep(next);
    else summary.current?.focus();
  };
  const handIn = async () => {
    if ((await saved()) !== "saved") return summary.current?.focus();
    setGoing(true);
    try {
      const url = `${applicationUrl(token)}moves/submit/`;
      const answer = await wizard.queue.add(() => writeJson<Own>("POST", url, {}), RANK.save);
      onRecord(answer);
    } catch (error) {
      setRefusal(error);
      if (NO_LONGER.has(asProblem(error).status)) onGone();
      await wizard.refresh().catch(() => undefined);
      summary.current?.focus();
    } finally {
      setGoing(false);
    }
  };
  const lead = (field: FieldName) => {
    setWanted(field);
    if (partOf(field) !== step) onStep(partOf(field));
    else focusOn(field);
  };

  return (
    <Stack gap="md">
      <div>
        <Title order={1} className={classes.title}>
          <Bidi>{record.institution}</Bidi>
        </Title>
        <Text size="sm" c="dimmed">
          <Bidi>{record.program_name}</Bidi> · <Bidi>{record.batch_name}</Bidi> ·{" "}
          {t("apply.start.closes", { when: format.dateTime(record.closes_at) })}
        </Text>
      </div>
      <StepList
        step={step}
        faulty={new Set(faults.map(partOf))}
        missing={byPart(missing)}
        papersMissing={missingPapers(record.moves).length}
        onPick={leaveFor}
      />
      <div ref={summary} tabIndex={-1} className={classes.summary}>
        <Stack gap="sm">
          {isClosed && (
            <Notice tone="wait" role="status">
              {t("apply.closed")}
            </Notice>
          )}
          {faults.length > 0 && <FaultList form={form} faults={faults} onPick={lead} />}
          {problem && problem.errors.length === 0 && (
            <ErrorPanel error={problem} onRetry={() => void wizard.save()} />
          )}
          {refusal !== null && <ErrorPanel error={refusal} />}
          {wizard.elsewhere && <ElsewhereNotice wizard={wizard} />}
          {waitingUntil !== null && <Countdown until={waitingUntil} what="writes" />}
        </Stack>
      </div>
      <Title order={2} ref={heading} tabIndex={-1} className={classes.heading}>
        {t("apply.step.of", { n: here + 1, all: STEPS.length, name: labelOf("apply.step", step) })}
      </Title>
      {step === "papers" ? (
        <PapersStep token={token} record={record} papers={papers} />
      ) : step === "review" ? (
        <ReviewStep
          token={token}
          record={record}
          form={form}
          missing={missing}
          papers={papers}
          onPick={lead}
          onStep={leaveFor}
        />
      ) : (
        <PartStep part={step} email={record.email} form={form} />
      )}
      <Group justify="space-between" gap="sm" className={classes.foot}>
        {here > 0 ? (
          <Button variant="default" size="md" onClick={() => leaveFor(STEPS[here - 1] ?? "applicant")}>
            {t("apply.step.back")}
          </Button>
        ) : (
          <span />
        )}
        {step === "review" ? (
          <Button
            size="md"
            loading={isGoing}
            disabled={isClosed || missing.length > 0 || papers.isBusy}
            onClick={() => void handIn()}
          >
            {t("apply.review.submit")}
          </Button>
        ) : (
          <Button size="md" loading={isGoing} onClick={() => void goOn(STEPS[here + 1] ?? "review")}>
            {t("apply.step.next")}
          </Button>
        )}
      </Group>
      <SavingLine
        saving={saving}
        email={record.email}
        until={record.link_expires_at}
        onSave={() => void saved()}
      />
    </Stack>
  );
}

type PartProps = { part: PartName; email: string; form: ReturnType<typeof useWizard>["form"] };

function PartStep({ part, email, form }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.fields}>
      {part === "contact" && (
        <div className={classes.whole}>
          <Text size="sm" fw={500}>
            {t("application.email")}
          </Text>
          <Text style={{ overflowWrap: "anywhere" }}>
            <bdi dir="ltr">{email}</bdi>
          </Text>
          <Text size="xs" c="dimmed">
            {t("apply.emailFixed")}
          </Text>
        </div>
      )}
      {PARTS[part].map((name) => (
        <ApplicationField key={name} name={name} form={form} />
      ))}
    </div>
  );
}

/** Resolves as soon as the queue has been told to wait: one goes on, and it is saved afterwards. */
function untilWaiting(queue: ReturnType<typeof useWizard>["queue"]): Promise<"waiting"> {
  return new Promise((done) => {
    const look = () => {
      if (queue.state().waitingUntil === null) return;
      stop();
      done("waiting");
    };
    const stop = queue.subscribe(look);
    look();
  });
}

function focusOn(field: FieldName) {
  document.getElementsByName(field)[0]?.focus();
}

/** A new step begins at its heading, or at the field that one was led to. */
function useFocusOnStep(step: Step, wanted: FieldName | null) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    if (wanted && partOf(wanted) === step) focusOn(wanted);
    else heading.current?.focus();
  }, [step, wanted]);
  return heading;
}
