// Papers on their way: several at once may be chosen, one at a time is sent, each with its progress.
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { writeJson } from "../../api/transport";
import { upload } from "../../api/upload";
import type { PaperKind } from "../../ui/application/fields";
import { type FileFault, fileFault, isPicture, limitOf, shrunk } from "../../ui/application/files";
import { paperUrl } from "./queries";
import { RANK, type WriteQueue } from "./queue";

export type OnItsWay =
  | { phase: "waiting"; file: File }
  | { phase: "sending"; file: File; part: number }
  | { phase: "unfit"; file: File; fault: FileFault }
  | { phase: "shrinking"; file: File }
  | { phase: "refused"; file: File | null; problem: Problem };

export type Papers = {
  of: (kind: PaperKind) => OnItsWay | undefined;
  /** Changes with each paper taken, so that a picture is not shown from memory. */
  stamp: (kind: PaperKind) => number;
  choose: (kind: PaperKind, file: File) => void;
  shrink: (kind: PaperKind, file: File) => Promise<void>;
  remove: (kind: PaperKind) => Promise<void>;
  forget: (kind: PaperKind) => void;
  isBusy: boolean;
};

type States = Partial<Record<PaperKind, OnItsWay>>;

export function usePapers(token: string, queue: WriteQueue, refresh: () => Promise<void>): Papers {
  const [states, setStates] = useState<States>({});
  const [stamps, setStamps] = useState<Partial<Record<PaperKind, number>>>({});
  const put = (kind: PaperKind, state: OnItsWay | undefined) =>
    setStates((before) => ({ ...before, [kind]: state }));
  const taken = async (kind: PaperKind) => {
    setStamps((before) => ({ ...before, [kind]: Date.now() }));
    await refresh();
    put(kind, undefined);
  };

  const send = async (kind: PaperKind, file: File) => {
    put(kind, { phase: "waiting", file });
    const onProgress = (part: number) => put(kind, { phase: "sending", file, part });
    try {
      await queue.add(() => {
        onProgress(0);
        return upload(paperUrl(token, kind), file, file.name, { onProgress }).catch((error: unknown) => {
          put(kind, { phase: "waiting", file });
          throw error;
        });
      }, RANK.upload);
      await taken(kind);
    } catch (error) {
      put(kind, { phase: "refused", file, problem: asProblem(error) });
    }
  };

  const choose = (kind: PaperKind, file: File) => {
    const fault = fileFault(kind, file);
    if (fault) put(kind, { phase: "unfit", file, fault });
    else void send(kind, file);
  };

  const shrink = async (kind: PaperKind, file: File) => {
    put(kind, { phase: "shrinking", file });
    const smaller = await shrunk(file, limitOf(kind));
    if (smaller) await send(kind, smaller);
    else put(kind, { phase: "unfit", file, fault: isPicture(file) ? "size" : "type" });
  };

  const remove = async (kind: PaperKind) => {
    try {
      await queue.add(() => writeJson("DELETE", paperUrl(token, kind)), RANK.upload);
      await taken(kind);
    } catch (error) {
      put(kind, { phase: "refused", file: null, problem: asProblem(error) });
    }
  };

  const busy = new Set(["waiting", "sending", "shrinking"]);
  return {
    of: (kind) => states[kind],
    stamp: (kind) => stamps[kind] ?? 0,
    choose,
    shrink,
    remove,
    forget: (kind) => put(kind, undefined),
    isBusy: Object.values(states).some((state) => state !== undefined && busy.has(state.phase)),
  };
}
