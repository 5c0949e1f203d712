// One key per submit attempt: an undecided attempt is repeated under its key, a decided one never is.
import { useRef } from "react";
import { asProblem } from "./problem";

export type SubmitKeys = {
  /** The key to send with this body: the open one when the same body is tried again. */
  keyFor: (body: unknown) => string;
  /** Tells how the attempt ended; a verdict of the server closes the key. */
  settle: (error?: unknown) => void;
};

export function submitKeys(newKey: () => string = newIdempotencyKey): SubmitKeys {
  let open: { key: string; body: string } | null = null;
  return {
    keyFor(body) {
      const written = JSON.stringify(body) ?? "";
      if (open?.body !== written) open = { key: newKey(), body: written };
      return open.key;
    },
    settle(error) {
      if (error === undefined || !asProblem(error).isUndecided) open = null;
    },
  };
}

export function useSubmitKeys(): SubmitKeys {
  const keys = useRef<SubmitKeys>(null);
  keys.current ??= submitKeys();
  return keys.current;
}

/** `randomUUID` exists only on secure origins, and a first trial often runs on plain http. */
export function newIdempotencyKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
