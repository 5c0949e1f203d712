// A move of a workflow object: one POST below the object, guarded by its version.
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useSubmitKeys } from "./idempotency";
import { type Missing, missingFrom } from "./problem";
import { writeJson } from "./transport";

export type Move = {
  name: string;
  label: string;
  allowed: boolean;
  missing: Missing[];
  warnings?: Missing[];
  needs_reason?: boolean;
};

/** A move as the API's answers write it. */
export type WireMove = {
  name: string;
  label: string;
  allowed: boolean;
  needs_reason: boolean;
  missing: Record<string, unknown>[];
  warnings: Record<string, unknown>[];
};

const NEVER = "not_permitted";

/** The moves of a record for its reader: what the role can never do is left out. */
export function movesOf(moves: WireMove[]): Move[] {
  return moves
    .map(({ missing, warnings, ...move }) => ({
      ...move,
      missing: missing.map(missingFrom),
      warnings: warnings.map(missingFrom),
    }))
    .filter((move) => !move.missing.some(({ code }) => code === NEVER));
}

export type MoveRequest = { name: string; reason?: string };

/** `url` is the object's own, with its trailing slash; `invalidate` names the queries the move makes stale. */
export function useMove<T = unknown>(options: { url: string; version: number; invalidate: QueryKey[] }) {
  const queryClient = useQueryClient();
  const keys = useSubmitKeys();
  return useMutation({
    mutationFn: ({ name, reason }: MoveRequest) => {
      const body = reason ? { reason } : {};
      const idempotencyKey = keys.keyFor([name, options.version, body]);
      return writeJson<T>("POST", `${options.url}moves/${name}/`, body, {
        ifMatch: options.version,
        idempotencyKey,
      });
    },
    onSettled: (_data, error) => {
      keys.settle(error ?? undefined);
      return Promise.all(options.invalidate.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  });
}
