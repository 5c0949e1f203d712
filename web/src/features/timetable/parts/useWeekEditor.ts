// The editor of one week: its state, saving it, and what happens when the server says no.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef, useState } from "react";
import { useSubmitKeys } from "../../../api/idempotency";
import { asProblem, type Problem } from "../../../api/problem";
import { useServerWords } from "../../../i18n/serverWords";
import { countOfKept, type KeptDraft, keep, keptDraft, recall, sidesOf } from "../grid/draftStore";
import { type Choices, type Comparison, compared, merged } from "../grid/merge";
import { type GridPayload, payloadOf, placeGridFaults, withMissing } from "../grid/payload";
import { type Sheet, sheetOf, type Week, withNames } from "../grid/sheet";
import { isDirty, reduceGrid, startGrid } from "../grid/state";
import { type Saved, saveGrid, WEEKS, weekKey, weekQuery } from "../queries";

/** Two versions to be brought together, and whether the result is saved at once. */
export type Dispute = {
  comparison: Comparison;
  base: Sheet;
  mine: Sheet;
  theirs: Sheet;
  week: Week;
  isSavedAfter: boolean;
};

type Attempt = { base: Sheet; draft: Sheet; version: number };

export function useWeekEditor(week: Week, user: number | string) {
  const queryClient = useQueryClient();
  const keys = useSubmitKeys();
  const words = useServerWords();
  const [state, dispatch] = useReducer(reduceGrid, week, startGrid);
  const [offered, setOffered] = useState<KeptDraft | null>(() => recall(user, week.id));
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [dispute, setDispute] = useState<Dispute | null>(null);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const isBusy = useRef(false);
  const dirty = isDirty(state);

  useEffect(() => dispatch({ type: "arrived", week }), [week]);

  useEffect(() => {
    const note = keptDraft(state.base, state.draft, state.version, state.names, new Date());
    if (note || !offered) keep(user, week.id, note);
  }, [state.base, state.draft, state.version, state.names, offered, user, week.id]);

  const remember = (saved: Saved) => {
    queryClient.setQueryData<Week>(weekKey(week.id), (old) =>
      old
        ? {
            ...old,
            rows: saved.rows,
            cells: saved.cells,
            version: saved.version,
            status: saved.status,
            conflicts: saved.conflicts ?? old.conflicts,
            moves: saved.moves ?? old.moves,
            names: withNames(old.names, state.names),
          }
        : old,
    );
    // The answer of a save carries the conflicts; the moves are read again unless it brings them too.
    if (!saved.moves) void queryClient.invalidateQueries({ queryKey: weekKey(week.id) });
    void queryClient.invalidateQueries({ queryKey: [WEEKS], exact: false, predicate: isList });
  };

  const compareWithServer = async (mine: Attempt, isSavedAfter: boolean) => {
    const theirWeek = await queryClient.fetchQuery({ ...weekQuery(week.id), staleTime: 0 });
    const theirs = sheetOf(theirWeek);
    const { base, draft } = mine;
    setDispute({
      comparison: compared(base, draft, theirs),
      base,
      mine: draft,
      theirs,
      week: theirWeek,
      isSavedAfter,
    });
  };

  const refuse = async (error: unknown, attempt: Attempt) => {
    const refused = asProblem(error);
    if (refused.isStale) {
      await compareWithServer(attempt, true).catch((lost: unknown) => setProblem(asProblem(lost)));
      return;
    }
    mark(refused, payloadOf(attempt.base, attempt.draft));
    setProblem(refused);
  };

  /** Shows a refusal at the cells and rows that it names. */
  const mark = (refused: Problem, sent: GridPayload = {}) => {
    const faults = placeGridFaults(refused.errors, sent, (fault) => words(fault.code, fault.detail));
    const marked = withMissing(faults, refused.missing, (item) => words(item.code, item.label));
    dispatch({ type: "rejected", faults: marked });
  };

  /** Sends what differs; nothing that was typed is ever dropped, whatever the answer. */
  const send = async (attempt: Attempt, reason?: string): Promise<void> => {
    if (isBusy.current) return;
    const payload = payloadOf(attempt.base, attempt.draft);
    const body = reason ? { ...payload, reason } : payload;
    isBusy.current = true;
    setSaving(true);
    setProblem(null);
    try {
      const key = keys.keyFor([week.id, attempt.version, body]);
      const saved = await saveGrid(week.id, attempt.version, body, key);
      keys.settle();
      dispatch({ type: "saved", sent: attempt.draft, held: sheetOf(saved), version: saved.version });
      setSavedAt(Date.now());
      remember(saved);
    } catch (error) {
      keys.settle(error);
      await refuse(error, attempt);
      throw error;
    } finally {
      isBusy.current = false;
      setSaving(false);
    }
  };

  const current: Attempt = { base: state.base, draft: state.draft, version: state.version };
  const save = () => send(current).catch(() => undefined);

  /** For a week that students see: the sheet shows the refusal itself. */
  const amend = (reason: string | undefined) => send(current, reason);

  /** Takes the choices over the newer version and, after a refused save, saves on it. */
  const resolve = (choices: Choices): Attempt | null => {
    if (!dispute) return null;
    const draft = merged(dispute.base, dispute.mine, dispute.theirs, choices);
    const { version, names } = dispute.week;
    dispatch({ type: "rebased", base: dispute.theirs, draft, version, names });
    setDispute(null);
    setOffered(null);
    return { base: dispute.theirs, draft, version };
  };

  const restore = () => {
    if (!offered) return;
    const sides = sidesOf(offered, state.base);
    dispatch({
      type: "restored",
      draft: offered.version === state.version ? sides.mine : state.draft,
      names: offered.names,
    });
    if (offered.version === state.version) {
      setOffered(null);
      return;
    }
    setDispute({
      comparison: compared(sides.base, sides.mine, state.base),
      base: sides.base,
      mine: sides.mine,
      theirs: state.base,
      week: { ...week, version: state.version },
      isSavedAfter: false,
    });
  };

  const forget = () => {
    keep(user, week.id, null);
    setOffered(null);
  };

  return {
    state,
    dispatch,
    isDirty: dirty,
    isSaving,
    savedAt,
    problem,
    dismissProblem: () => setProblem(null),
    save,
    send,
    mark,
    amend,
    /** The server holds a newer version than the one being edited. */
    isBehind: week.version > state.version,
    compare: () => compareWithServer(current, false).catch((lost: unknown) => setProblem(asProblem(lost))),
    dispute,
    resolve,
    dropDispute: () => setDispute(null),
    kept: offered && !dirty ? { at: offered.keptAt, count: countOfKept(offered) } : null,
    restore,
    forget,
  };
}

export type WeekEditor = ReturnType<typeof useWeekEditor>;

/** Lists of weeks carry their filters as an object after the path. */
function isList(query: { queryKey: readonly unknown[] }): boolean {
  return typeof query.queryKey[1] === "object";
}
