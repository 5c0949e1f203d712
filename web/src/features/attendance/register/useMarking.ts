// Saves taps a moment after the last one; what the network lost is sent again under the same key.
import { useWindowEvent } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { newIdempotencyKey } from "../../../api/idempotency";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { type Line, type Mark, registerQuery, sessionUrl } from "../queries";
import { keep, recall } from "./kept";
import type { Batch, Differing, Marking, Tap } from "./marking";
import * as marking from "./marking";

const PAUSE = 900;
const RETRY = 5_000;
const SIGNED_OUT = 401;

export type Marker = {
  state: Marking;
  isSaving: boolean;
  /** Why the last attempt did not end; an undecided one goes on by itself. */
  trouble: Problem | null;
  tap: (line: Line, status: Mark, more?: Partial<Tap>) => void;
  fillRest: () => void;
  settle: (line: number, whose: "mine" | "theirs") => void;
  retry: () => void;
  discard: () => void;
};

export function useMarking(user: number, session: number): Marker {
  const queryClient = useQueryClient();
  const [state, setState] = useState(() => recall(user, session));
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const change = (step: (before: Marking) => Marking) =>
    setState((before) => {
      const after = step(before);
      keep(user, session, after);
      return after;
    });
  const fresh = () => queryClient.fetchQuery({ ...registerQuery(session), staleTime: 0 });

  const { mutate, isPending } = useMutation({
    // Read anew within the attempt: versions of later taps are those of the register after it.
    mutationFn: async (batch: Batch) => {
      const url = `${sessionUrl(session)}mark/`;
      await writeJson("POST", url, marking.bodyOf(batch), { idempotencyKey: batch.key });
      return fresh();
    },
    onSuccess: ({ lines }) => {
      setTrouble(null);
      change((before) => marking.saved(before, lines));
    },
    onError: async (error) => {
      const problem = asProblem(error);
      if (problem.isStale) {
        await fresh().catch(() => undefined);
        setTrouble(null);
        change((before) => marking.clashed(before, differingOf(problem)));
        return;
      }
      setTrouble(problem);
      if (!problem.isUndecided && problem.status !== SIGNED_OUT) change(marking.refused);
    },
  });

  const isStopped = trouble !== null && !trouble.isUndecided;
  const wait = trouble ? RETRY : PAUSE;
  useEffect(() => {
    if (isPending || isStopped || !marking.hasWork(state)) return;
    const timer = setTimeout(() => {
      const packed = marking.pack(state, newIdempotencyKey);
      keep(user, session, packed);
      setState(packed);
      mutate(packed.batch);
    }, wait);
    return () => clearTimeout(timer);
  }, [state, isPending, isStopped, wait, mutate, user, session]);

  useWindowEvent("online", () => setTrouble((before) => (before?.isUndecided ? null : before)));

  return {
    state,
    isSaving: isPending,
    trouble,
    tap: (line, status, more) => change((before) => marking.tap(before, line, status, more)),
    fillRest: () => change(marking.fillRest),
    settle: (line, whose) => change((before) => marking.settleClash(before, line, whose)),
    retry: () => setTrouble(null),
    discard: () => {
      setTrouble(null);
      change(() => marking.NOTHING);
      void fresh().catch(() => undefined);
    },
  };
}

function differingOf(problem: Problem): Differing[] {
  const raw = problem.extra.differing;
  return Array.isArray(raw) ? (raw as Differing[]) : [];
}
