// Passkeys: the browser's ceremony between two calls of allauth headless.
import { type Authenticator, pendingOutcome, type SignInOutcome } from "./auth";
import { Problem } from "./problem";
import { getJson, urlOf, writeJson } from "./transport";

const BASE = "/_allauth/browser/v1";
const OWN = `${BASE}/account/authenticators/webauthn`;

type Creation = { data: { creation_options: { publicKey: PublicKeyCredentialCreationOptionsJSON } } };
type Request = { data: { request_options: { publicKey: PublicKeyCredentialRequestOptionsJSON } } };

/** Passkeys belong to a name and a secure connection: at a bare IP address browsers refuse them. */
export function isPasskeyPossible(): boolean {
  const isNumeric = /^[\d.]+$|^\[/.test(window.location.hostname);
  return (
    window.isSecureContext &&
    !isNumeric &&
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}

/** The device's answer; a refusal there, or by its owner, is a Problem like one of the server. */
async function held(ceremony: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ceremony;
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const code = error.name === "InvalidStateError" ? "passkey_known" : "passkey_unused";
    throw new Problem({ status: -1, code, title: "", detail: "" });
  }
  throw new Problem({ status: -1, code: "passkey_unused", title: "", detail: "" });
}

async function answered(url: string): Promise<unknown> {
  const { data } = await getJson<Request>(url);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(data.request_options.publicKey);
  return held(navigator.credentials.get({ publicKey }));
}

/** `isAlone`: it opens the account without a password too, so the device must check its owner. */
export async function addPasskey(name: string, isAlone: boolean): Promise<void> {
  const { data } = await getJson<Creation>(urlOf(OWN, { passwordless: isAlone || null }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(data.creation_options.publicKey);
  const credential = await held(navigator.credentials.create({ publicKey }));
  await writeJson("POST", OWN, { name, credential, ...(isAlone ? { passwordless: true } : {}) });
}

export async function removePasskey(id: NonNullable<Authenticator["id"]>): Promise<void> {
  await writeJson("DELETE", OWN, { authenticators: [id] });
}

async function passed(url: string): Promise<SignInOutcome> {
  const credential = await answered(url);
  try {
    await writeJson("POST", url, { credential });
    return { step: "signed_in" };
  } catch (error) {
    return pendingOutcome(error);
  }
}

/** Instead of name and password. */
export const signInWithPasskey = () => passed(`${BASE}/auth/webauthn/login`);

/** As the second step after the password. */
export const answerWithPasskey = () => passed(`${BASE}/auth/webauthn/authenticate`);

/** As a fresh proof of who is there. */
export async function reauthenticateByPasskey(): Promise<void> {
  const url = `${BASE}/auth/webauthn/reauthenticate`;
  await writeJson("POST", url, { credential: await answered(url) });
}
