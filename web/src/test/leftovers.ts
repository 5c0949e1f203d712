// Files share one process: what a test left waiting would write into another test's answers.
type Timer = ReturnType<typeof setTimeout>;

const started = new Set<Timer>();
const start = globalThis.setTimeout;

globalThis.setTimeout = Object.assign((...given: Parameters<typeof setTimeout>): Timer => {
  const timer = start(...given);
  started.add(timer);
  return timer;
}, start);

/** Ends every wait that the test began and nobody waits for any more. */
export function endLeftovers(): void {
  for (const timer of started) clearTimeout(timer);
  started.clear();
}
