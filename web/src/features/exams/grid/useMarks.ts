// Saves typed marks a moment after the last one; what the network lost is sent again.
import { useWindowEvent } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { examUrl, type Grid, type GridCell, gridUrl, type MarksSaved } from "../queries";
import type { Place } from "./cells";
import type { Edits, Sent } from "./saving";
import * as saving from "./saving";

const PAUSE = 900;
const RETRY = 5_000;

export type Marks = {
  edits: Edits;
  isSaving: boolean;
  /** Why the last attempt did not end; it goes on by itself. */
  trouble: Problem | null;
  type: (place: Place, text: string, standing: GridCell | undefined) => void;
  typeAll: (all: { place: Place; text: string; standing: GridCell | undefined }[]) => void;
  settle: (place: Place, whose: "mine" | "theirs") => void;
  drop: (place: Place) => void;
  retry: () => void;
};

/** The grid with the rows that the server has just answered. */
function merged(grid: Grid, { results }: MarksSaved): Grid {
  const found = new Map(results.map((each) => [each.candidate, each]));
  return {
    ...grid,
    rows: grid.rows.map((row) => {
      const now = found.get(row.candidate);
      return now ? { ...row, result: now.result, cells: now.cells } : row;
    }),
  };
}

export function useMarks(exam: number): Marks {
  const queryClient = useQueryClient();
  const [edits, setEdits] = useState(saving.NOTHING);
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const key = [gridUrl(exam)];

  const { mutate, isPending } = useMutation({
    mutationFn: (sent: Sent) =>
      writeJson<MarksSaved>("PATCH", `${examUrl(exam)}marks/`, { entries: sent.entries }),
    onSuccess: (answer, sent) => {
      setTrouble(null);
      const grid = queryClient.setQueryData<Grid>(key, (before) => before && merged(before, answer));
      const versionOf = ({ candidate, component }: Place) =>
        grid?.rows
          .find((row) => row.candidate === candidate)
          ?.cells.find((cell) => cell.component === component)?.version ?? 0;
      setEdits((before) => saving.saved(before, sent, versionOf));
    },
    onError: (error, sent) => {
      const problem = asProblem(error);
      setTrouble(problem.isUndecided || problem.status === 401 ? problem : null);
      setEdits((before) => saving.refused(before, sent, problem));
      // Somebody else was here, or the exam has moved on: what stands now is shown beside what was typed.
      if (problem.isStale || problem.status === 409) void queryClient.invalidateQueries({ queryKey: key });
    },
  });

  const wait = trouble ? RETRY : PAUSE;
  useEffect(() => {
    if (isPending || !saving.hasWork(edits)) return;
    const timer = setTimeout(() => {
      const packed = saving.pack(edits);
      setEdits(packed.edits);
      mutate(packed.sent);
    }, wait);
    return () => clearTimeout(timer);
  }, [edits, isPending, wait, mutate]);

  useWindowEvent("online", () => setTrouble(null));
  useWindowEvent("beforeunload", (event) => {
    if (!saving.isSettled(edits)) event.preventDefault();
  });

  return {
    edits,
    isSaving: isPending,
    trouble,
    type: (place, text, standing) => setEdits((before) => saving.typed(before, place, text, standing)),
    typeAll: (all) =>
      setEdits((before) =>
        all.reduce(
          (edited, { place, text, standing }) => saving.typed(edited, place, text, standing),
          before,
        ),
      ),
    settle: (place, whose) => setEdits((before) => saving.settled(before, place, whose)),
    drop: (place) => setEdits((before) => saving.dropped(before, place)),
    retry: () => setTrouble(null),
  };
}
