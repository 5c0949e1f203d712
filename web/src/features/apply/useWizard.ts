// An application on its way: typed, saved step by step, and joined with what another tab saved in between.
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { getJson, writeJson } from "../../api/transport";
import { useServerWords } from "../../i18n/serverWords";
import {
  bodyOf,
  changedFields,
  type FieldName,
  isField,
  type Values,
  valuesOf,
} from "../../ui/application/fields";
import { placeFaults } from "../../ui/pointers";
import { keep, kept, merged } from "./draft";
import { applicationUrl, type Own } from "./queries";
import { RANK, WriteQueue } from "./queue";

export const NO_LONGER = new Set([404, 410]);
const HANDED_IN = "wrong_status";

export type Saving =
  | { phase: "clean" }
  | { phase: "typed" }
  | { phase: "saving" }
  | { phase: "saved"; at: Date }
  | { phase: "refused"; problem: Problem };

/** What came from another tab or device: taken over, and left to be chosen. */
export type Elsewhere = { taken: FieldName[]; disputed: FieldName[]; theirs: Values };
export type Outcome = "saved" | "faults" | "failed";

export type Wizard = {
  record: Own;
  form: UseFormReturnType<Values>;
  saving: Saving;
  elsewhere: Elsewhere | null;
  queue: WriteQueue;
  /** Saves what was typed; tells how it went once the server has judged. */
  save: () => Promise<Outcome>;
  /** Reads again, and joins what came from elsewhere with what was typed. */
  refresh: () => Promise<void>;
  takeTheirs: (name: FieldName) => void;
  keepMine: (name: FieldName) => void;
  dismiss: () => void;
};

type Told = {
  onRecord: (record: Own) => void;
  /** The link leads nowhere any more. */
  onGone: () => void;
};

export function useWizard(token: string, first: Own, { onRecord, onGone }: Told): Wizard {
  const url = applicationUrl(token);
  const words = useServerWords();
  const [queue] = useState(() => new WriteQueue());
  const [restored] = useState(() => restore(first));
  const [record, setRecord] = useState(first);
  const stored = useRef(valuesOf(first));
  const version = useRef(first.version);
  const [saving, setSaving] = useState<Saving>({ phase: restored.isTyped ? "typed" : "clean" });
  const [elsewhere, setElsewhere] = useState<Elsewhere | null>(restored.elsewhere);
  const form = useForm<Values>({
    initialValues: restored.values,
    onValuesChange: (values) => {
      const isChanged = Object.keys(changedFields(values, stored.current)).length > 0;
      keep(first.id, isChanged ? { base: stored.current, mine: values } : null);
      setSaving((before) =>
        isChanged ? { phase: "typed" } : before.phase === "typed" ? { phase: "clean" } : before,
      );
    },
  });

  const adopt = (next: Own, sent: Values | null) => {
    const theirs = valuesOf(next);
    const joined = merged(sent ?? stored.current, theirs, form.getValues());
    stored.current = theirs;
    version.current = next.version;
    setRecord(next);
    onRecord(next);
    form.setValues(joined.values);
    if (sent === null && joined.taken.length + joined.disputed.length > 0) {
      setElsewhere({ taken: joined.taken, disputed: joined.disputed, theirs });
    }
    return joined;
  };

  const read = async () => adopt(await getJson<Own>(url), null);

  const write = async (): Promise<void> => {
    const sent = { ...form.getValues() };
    const changed = changedFields(sent, stored.current);
    if (Object.keys(changed).length === 0) return;
    setSaving({ phase: "saving" });
    const answer = await writeJson<Own>("PATCH", url, bodyOf(changed), { ifMatch: version.current });
    adopt(answer, sent);
  };

  const writeOver = async (): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (!asProblem(error).isStale) throw error;
      const { disputed } = await read();
      // Where both wrote into one field, the reader chooses first.
      if (disputed.length === 0) await write();
    }
  };

  const save = async (): Promise<Outcome> => {
    form.clearErrors();
    try {
      await queue.add(writeOver, RANK.save);
      const isTyped = Object.keys(changedFields(form.getValues(), stored.current)).length > 0;
      keep(first.id, isTyped ? { base: stored.current, mine: form.getValues() } : null);
      setSaving(isTyped ? { phase: "typed" } : { phase: "saved", at: new Date() });
      return isTyped ? "failed" : "saved";
    } catch (error) {
      const problem = asProblem(error);
      const said = placeFaults(problem.errors, form.getValues(), {}, (fault) =>
        words(fault.code, fault.detail),
      );
      form.setErrors(said.fields);
      setSaving({ phase: "refused", problem });
      if (NO_LONGER.has(problem.status)) onGone();
      // Handed in by another tab: what stands there now is shown instead.
      if (problem.code === HANDED_IN) await queue.add(read, RANK.save).catch(() => undefined);
      return Object.keys(said.fields).some(isField) ? "faults" : "failed";
    }
  };

  const refresh = async () => void (await queue.add(read, RANK.save));
  useRefreshOnReturn(refresh);
  useLeaveGuard(() => Object.keys(changedFields(form.getValues(), stored.current)).length > 0);

  const settle = (name: FieldName) =>
    setElsewhere((now) => now && { ...now, disputed: now.disputed.filter((each) => each !== name) });
  return {
    record,
    form,
    saving,
    elsewhere,
    queue,
    save,
    refresh,
    takeTheirs: (name) => {
      form.setFieldValue(name, stored.current[name]);
      settle(name);
    },
    keepMine: settle,
    dismiss: () => setElsewhere(null),
  };
}

function restore(first: Own) {
  const theirs = valuesOf(first);
  const found = kept(first.id);
  if (!found) return { values: theirs, isTyped: false, elsewhere: null };
  const { values, disputed } = merged(found.base, theirs, found.mine);
  const isTyped = Object.keys(changedFields(values, theirs)).length > 0;
  return { values, isTyped, elsewhere: disputed.length > 0 ? { taken: [], disputed, theirs } : null };
}

/** Whoever comes back to this tab sees what another one saved meanwhile. */
function useRefreshOnReturn(refresh: () => Promise<void>) {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") latest.current().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
}

function useLeaveGuard(isHolding: () => boolean) {
  const latest = useRef(isHolding);
  latest.current = isHolding;
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}

export function useQueueState(queue: WriteQueue) {
  return useSyncExternalStore(queue.subscribe, queue.state);
}
