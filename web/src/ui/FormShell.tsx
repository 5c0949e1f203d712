import { Alert, Anchor, Button, Group, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../api/idempotency";
import { asProblem, Problem } from "../api/problem";
import { useServerWords } from "../i18n/serverWords";
import { ErrorPanel } from "./ErrorPanel";
import { LeaveGuard } from "./LeaveGuard";
import { placeFaults } from "./pointers";
import { StaleNotice } from "./StaleNotice";

type Values = Record<string, unknown>;

type Props<V extends Values, R> = {
  form: UseFormReturnType<V>;
  /** Sends the values; a refusal is a thrown Problem. Every POST passes `idempotencyKey` on. */
  onSubmit: (values: V, attempt: { idempotencyKey: string }) => Promise<R>;
  /** After success; the guard against leaving is lifted by then. */
  onDone?: (result: R) => unknown;
  /** Loads the current version after a 412. */
  onReload?: () => unknown;
  /** API pointers whose field has another name here: `{ "/person/name": "name" }`. */
  pointers?: Record<string, string>;
  submitLabel?: string;
  cancel?: ReactNode;
  /** Off where leaving loses nothing, such as a sign-in or a filter. */
  guard?: boolean;
  fullWidth?: boolean;
  children: ReactNode;
};

type Fault = { path: string; text: string };

/** Every form: one submit at a time, faults at their fields, a focused summary, a guard against leaving. */
export function FormShell<V extends Values, R>(props: Props<V, R>) {
  const { form, onSubmit, onDone, onReload, pointers, submitLabel, cancel, guard = true, children } = props;
  const { t } = useTranslation();
  const words = useServerWords();
  const keys = useSubmitKeys();
  const summary = useRef<HTMLDivElement>(null);
  const isBusy = useRef(false);
  const isSaved = useRef(false);
  const [pending, setPending] = useState(false);
  const [faults, setFaults] = useState<Fault[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);

  const showFaults = (fields: Record<string, ReactNode>, refused: Problem | null) => {
    // The summary must stand in the document before it can take the focus.
    flushSync(() => {
      setFaults(Object.entries(fields).map(([path, text]) => ({ path, text: String(text) })));
      setProblem(refused);
    });
    summary.current?.focus();
  };

  const refuse = (error: unknown) => {
    const refused = asProblem(error);
    const { fields, rest } = placeFaults(refused.errors, form.getValues(), pointers, (fault) =>
      words(fault.code, fault.detail),
    );
    form.setErrors(fields);
    const isAllPlaced = Object.keys(fields).length > 0 && rest.length === 0;
    showFaults(fields, isAllPlaced ? null : withoutPlaced(refused, rest));
  };

  const send = async (values: V) => {
    setPending(true);
    setProblem(null);
    setFaults([]);
    try {
      const result = await onSubmit(values, { idempotencyKey: keys.keyFor(values) });
      keys.settle();
      isSaved.current = true;
      form.resetDirty();
      await onDone?.(result);
    } catch (error) {
      keys.settle(error);
      refuse(error);
    } finally {
      isSaved.current = false;
      setPending(false);
    }
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      const { errors } = form.validate();
      const faulty = { ...errors, ...halfTyped(event.currentTarget, t("ui.form.halfTyped")) };
      form.setErrors(faulty);
      if (Object.keys(faulty).length > 0) showFaults(faulty, null);
      else await send(form.getTransformedValues() as V);
    } finally {
      isBusy.current = false;
    }
  };

  const hasSummary = faults.length > 0 || problem !== null;
  return (
    <form onSubmit={submit} noValidate aria-busy={pending}>
      <Stack gap="md">
        <div ref={summary} tabIndex={-1} hidden={!hasSummary}>
          <Stack gap="sm">
            {faults.length > 0 && <FaultSummary faults={faults} onPick={(path) => focusField(form, path)} />}
            {problem?.isStale && <StaleNotice problem={problem} onReload={onReload} />}
            {problem && !problem.isStale && <ErrorPanel error={problem} />}
          </Stack>
        </div>
        {children}
        <Group gap="sm">
          <Button type="submit" loading={pending} fullWidth={props.fullWidth ?? false}>
            {submitLabel ?? t("ui.save")}
          </Button>
          {cancel}
        </Group>
      </Stack>
      {guard && <LeaveGuard isHolding={() => form.isDirty() && !isSaved.current} />}
    </form>
  );
}

/** The problem without the faults that already stand at their fields. */
function withoutPlaced(problem: Problem, errors: Problem["errors"]): Problem {
  const { status, code, title, detail, missing, requestId, extra } = problem;
  return new Problem({ status, code, title, detail, errors, missing, requestId, extra });
}

/** A date without its time, or a day that does not exist, reads as empty and would be sent as if it had been left out. */
function halfTyped(form: HTMLFormElement, words: string): Record<string, string> {
  const inputs = [...form.elements].filter((each) => each instanceof HTMLInputElement);
  const unread = inputs.filter(({ validity }) => validity.badInput);
  return Object.fromEntries(unread.map(({ dataset, id }) => [dataset.path ?? id, words]));
}

function focusField<V extends Values>(form: UseFormReturnType<V>, path: string) {
  const node: unknown = form.getInputNode(path as never);
  if (node instanceof HTMLElement) node.focus();
}

function FaultSummary({ faults, onPick }: { faults: Fault[]; onPick: (path: string) => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="madder" variant="light" role="alert" title={t("ui.form.check", { count: faults.length })}>
      <Stack gap={4} align="flex-start">
        {faults.map(({ path, text }) => (
          <Anchor
            key={path}
            component="button"
            type="button"
            size="sm"
            c="inherit"
            ta="start"
            underline="always"
            onClick={() => onPick(path)}
          >
            {text}
          </Anchor>
        ))}
      </Stack>
    </Alert>
  );
}
