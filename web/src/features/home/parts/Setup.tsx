import { Button, Progress, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { ServerLink } from "../../../ui/ServerLink";
import type { SetupStep } from "../queries";
import classes from "./Setup.module.css";

/** The ordered way from an empty institution to its first published week. */
export function Setup({ steps }: { steps: SetupStep[] }) {
  const { t } = useTranslation();
  const done = steps.filter((step) => step.done).length;
  const current = steps.find((step) => !step.done)?.key;
  const progress = t("home.setup.progress", { done, total: steps.length });
  return (
    <Panel
      title={t("home.setup.title")}
      actions={
        <Text size="sm" c="dimmed">
          {progress}
        </Text>
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t("home.setup.intro")}
      </Text>
      <Progress value={(100 * done) / steps.length} size="sm" mb="md" aria-label={progress} />
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <Step key={step.key} step={step} place={index + 1} isCurrent={step.key === current} />
        ))}
      </ol>
    </Panel>
  );
}

type StepProps = { step: SetupStep; place: number; isCurrent: boolean };

function Step({ step, place, isCurrent }: StepProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const state = step.done ? "done" : isCurrent ? "current" : "later";
  return (
    <li className={classes.step} data-state={state} aria-current={isCurrent ? "step" : undefined}>
      <span className={classes.place}>
        {step.done ? <IconCheck size={16} stroke={2.5} aria-label={t("home.setup.done")} /> : number(place)}
      </span>
      <span className={classes.words}>
        {/* The current step stands out as a button; the others stay plain links. */}
        <ServerLink url={step.url} className={classes.title}>
          {label("home.setup.steps", `${step.key}.title`)}
        </ServerLink>
        <span className={classes.detail}>{label("home.setup.steps", `${step.key}.detail`)}</span>
      </span>
      {step.count > 0 && (
        <Text size="sm" c="dimmed" className={classes.count}>
          {t("home.setup.count", { count: step.count })}
        </Text>
      )}
      {isCurrent && (
        <Button component={ServerLink} url={step.url} size="compact-sm">
          {t("home.setup.open")}
        </Button>
      )}
    </li>
  );
}
