// Which build answers: a new one, or a file of the old one that is gone, asks for a reload.
import { useSyncExternalStore } from "react";

const HEADER = "X-Maristan-Build";
let first: string | null = null;
let isOutdated = false;
const listeners = new Set<() => void>();

function outdate() {
  if (isOutdated) return;
  isOutdated = true;
  for (const listener of listeners) listener();
}

/** Every answer names its build; the first that is heard is the one this page belongs to. */
export function noteBuild(response: Response) {
  const build = response.headers.get(HEADER);
  if (!build) return;
  first ??= build;
  if (build !== first) outdate();
}

/** A part of the page that cannot be loaded any more is no reason for a white page. */
export function watchParts() {
  window.addEventListener("vite:preloadError", outdate);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether another build serves now than the one this page came from. */
export const useIsOutdated = () => useSyncExternalStore(subscribe, () => isOutdated);

export function forgetBuilds() {
  first = null;
  isOutdated = false;
}
