// Sign-in and account security through django-allauth headless (browser client).
import { queryOptions } from "@tanstack/react-query";
import { Problem } from "./problem";
import { flowsOf, needsProof } from "./proof";
import { getJson, writeJson } from "./transport";

const BASE = "/_allauth/browser/v1";

type AuthConfig = {
  data: { account?: { login_methods?: string[] }; mfa?: { passkey_login_enabled?: boolean } };
};
export type Authenticator = {
  type: "totp" | "recovery_codes" | "webauthn";
  created_at: number;
  last_used_at: number | null;
  /** Of a passkey. */
  id?: number;
  name?: string;
  total_code_count?: number;
  unused_code_count?: number;
  unused_codes?: string[];
};
export type SignInOutcome =
  | { step: "signed_in" | "unsupported_step" }
  /** `types` are the kinds of proof that the account knows. */
  | { step: "code_needed"; types: string[] };

export const authConfigQuery = queryOptions({
  queryKey: ["auth", "config"],
  queryFn: () => getJson<AuthConfig>(`${BASE}/config`),
  staleTime: Number.POSITIVE_INFINITY,
});

export function pendingOutcome(error: unknown): SignInOutcome {
  if (!(error instanceof Problem) || error.status !== 401) throw error;
  const pending = flowsOf(error).find((flow) => flow.is_pending);
  if (pending?.id === "mfa_authenticate") return { step: "code_needed", types: pending.types ?? [] };
  if (pending) return { step: "unsupported_step" };
  throw error;
}

/** What was typed is an e-mail address only where the server accepts those and it looks like one. */
export async function signIn(
  identifier: string,
  password: string,
  loginMethods: string[],
): Promise<SignInOutcome> {
  const typed = identifier.trim();
  const method = typed.includes("@") && loginMethods.includes("email") ? "email" : "username";
  try {
    await writeJson("POST", `${BASE}/auth/login`, { [method]: typed, password });
    return { step: "signed_in" };
  } catch (error) {
    // 409: the browser already carries a signed-in session.
    if (error instanceof Problem && error.status === 409) return { step: "signed_in" };
    return pendingOutcome(error);
  }
}

export async function answerChallenge(code: string): Promise<SignInOutcome> {
  try {
    await writeJson("POST", `${BASE}/auth/2fa/authenticate`, { code: code.trim() });
    return { step: "signed_in" };
  } catch (error) {
    return pendingOutcome(error);
  }
}

/** Leaving answers 401 by design: it describes the session that is left. */
export async function signOut(): Promise<void> {
  try {
    await writeJson("DELETE", `${BASE}/auth/session`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
  }
}

export async function reauthenticate(password: string): Promise<void> {
  await writeJson("POST", `${BASE}/auth/reauthenticate`, { password });
}

/** A code of the app, or one of the recovery codes. */
export async function reauthenticateByCode(code: string): Promise<void> {
  await writeJson("POST", `${BASE}/auth/2fa/reauthenticate`, { code: code.trim() });
}

/** A changed password may end the session it was changed in; that is success as well. */
export async function changePassword(current_password: string, new_password: string): Promise<void> {
  try {
    await writeJson("POST", `${BASE}/account/password/change`, { current_password, new_password });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401 || needsProof(error)) throw error;
  }
}

export const authenticatorsQuery = queryOptions({
  queryKey: ["auth", "authenticators"],
  queryFn: async () => (await getJson<{ data: Authenticator[] }>(`${BASE}/account/authenticators`)).data,
});

/** One place where the account is signed in. */
export type OwnSession = {
  id: number;
  user_agent: string;
  ip: string;
  created_at: number;
  is_current: boolean;
};

async function listSessions(): Promise<OwnSession[]> {
  return (await getJson<{ data: OwnSession[] }>(`${BASE}/auth/sessions`)).data;
}

export const sessionsQuery = queryOptions({
  queryKey: ["auth", "sessions"],
  queryFn: listSessions,
});

const deleteSessions = (sessions: number[]) => writeJson("DELETE", `${BASE}/auth/sessions`, { sessions });

/** Asks for a fresh proof first. Those that are over by now stop nobody from ending the others. */
export async function endSessions(sessions: number[]): Promise<void> {
  try {
    await deleteSessions(sessions);
  } catch (error) {
    // 400: the server does not know one of them any more, and ended none.
    if (!(error instanceof Problem) || error.status !== 400) throw error;
    const left = (await listSessions()).map(({ id }) => id).filter((id) => sessions.includes(id));
    if (left.length === sessions.length) throw error;
    if (left.length > 0) await deleteSessions(left);
  }
}

export type TotpOffer = { secret: string; totp_url: string };

/** Without an authenticator the server answers 404 and offers a secret in `meta`. */
export async function offerTotp(): Promise<TotpOffer> {
  try {
    await getJson(`${BASE}/account/authenticators/totp`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) throw error;
    const { secret, totp_url } = (error.extra.meta ?? {}) as Partial<TotpOffer>;
    if (secret && totp_url) return { secret, totp_url };
    throw error;
  }
  throw new Problem({ status: 409, code: "totp_active", title: "", detail: "" });
}

export async function activateTotp(code: string): Promise<void> {
  await writeJson("POST", `${BASE}/account/authenticators/totp`, { code: code.trim() });
}

export async function deactivateTotp(): Promise<void> {
  await writeJson("DELETE", `${BASE}/account/authenticators/totp`);
}

export async function recoveryCodes(): Promise<string[]> {
  const answer = await getJson<{ data: Authenticator }>(`${BASE}/account/authenticators/recovery-codes`);
  return answer.data.unused_codes ?? [];
}

export async function renewRecoveryCodes(): Promise<string[]> {
  const answer = await writeJson<{ data: Authenticator }>(
    "POST",
    `${BASE}/account/authenticators/recovery-codes`,
    {},
  );
  return answer.data.unused_codes ?? [];
}
