// What matters most is done only by somebody who has just proved who they are; the frame of the screens asks for it.
import type { Problem } from "./problem";

export type Flow = { id: string; is_pending?: boolean; types?: string[] };

/** How somebody can prove who they are. */
export type Way = "password" | "totp" | "recovery_codes" | "webauthn";

let asker: ((ways: Way[]) => Promise<void>) | null = null;

/** Who asks for a proof from now on; gives what ends it. */
export function askForProofBy(next: (ways: Way[]) => Promise<void>): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = null;
  };
}

/** allauth answers an unfinished sign-in with 401 and the flows that may follow. */
export function flowsOf(problem: Problem): Flow[] {
  const data = problem.extra.data;
  if (typeof data !== "object" || data === null || !("flows" in data)) return [];
  return Array.isArray(data.flows) ? (data.flows as Flow[]) : [];
}

/** Signed in, but the act asks for a fresh proof (password or code) first. */
export function needsProof(problem: Problem): boolean {
  if (problem.code === "proof_required") return true;
  return problem.status === 401 && flowsOf(problem).some((flow) => flow.id.endsWith("reauthenticate"));
}

/** What the account knows, as the refusal says; a password where it says nothing. */
export function waysOf(problem: Problem): Way[] {
  const said = Array.isArray(problem.extra.ways)
    ? problem.extra.ways
    : flowsOf(problem)
        .filter(({ id }) => id.endsWith("reauthenticate"))
        .flatMap(({ types }) => types ?? ["password"]);
  return said.length > 0 ? (said as Way[]) : ["password"];
}

/** Waits for the proof that a refusal asks for; throws the refusal where nobody gives one. */
export async function proved(refusal: Problem): Promise<void> {
  if (!asker) throw refusal;
  try {
    await asker(waysOf(refusal));
  } catch {
    throw refusal;
  }
}
