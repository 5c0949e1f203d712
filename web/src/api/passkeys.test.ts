import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stubServer } from "../test/server";
import { addPasskey, isPasskeyPossible, signInWithPasskey } from "./passkeys";
import { Problem } from "./problem";

const OPTIONS = { challenge: "AAAA" };
const PROOF = { id: "key", type: "public-key" };

class Key {
  static parseRequestOptionsFromJSON = (options: unknown) => options;
  static parseCreationOptionsFromJSON = (options: unknown) => options;
  toJSON = () => PROOF;
}

const ceremony = vi.fn(async (_options: unknown): Promise<unknown> => new Key());

beforeEach(() => {
  ceremony.mockClear();
  vi.stubGlobal("PublicKeyCredential", Key);
  vi.stubGlobal("isSecureContext", true);
  Object.defineProperty(navigator, "credentials", {
    value: { get: ceremony, create: ceremony },
    configurable: true,
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A server that offers the options and takes the proof. */
function server(answer: { status?: number; body?: unknown } = {}) {
  const written: unknown[] = [];
  const asked = stubServer(async (request) => {
    const options = { request_options: { publicKey: OPTIONS }, creation_options: { publicKey: OPTIONS } };
    if (request.method === "GET") return { body: { data: options } };
    written.push(await request.json());
    return { body: { data: {} }, ...answer };
  });
  return { asked, written };
}

describe("a passkey", () => {
  test("is possible at a name, not without a secure connection", () => {
    expect(isPasskeyPossible()).toBe(true);
    vi.stubGlobal("isSecureContext", false);
    expect(isPasskeyPossible()).toBe(false);
  });

  test("signs in with what the device answers to the server's challenge", async () => {
    const { asked, written } = server();
    await expect(signInWithPasskey()).resolves.toEqual({ step: "signed_in" });
    expect(ceremony).toHaveBeenCalledExactlyOnceWith({ publicKey: OPTIONS });
    expect(written).toEqual([{ credential: PROOF }]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toContain(
      "/_allauth/browser/v1/auth/webauthn/login",
    );
  });

  test("that opens the account alone is asked for as such, and is given its name", async () => {
    const { asked, written } = server();
    await addPasskey("phone", true);
    expect(asked[0]?.url).toContain("webauthn?passwordless=true");
    expect(written).toEqual([{ name: "phone", credential: PROOF, passwordless: true }]);
  });

  test("that its owner does not give is a Problem, and nothing is sent", async () => {
    const { written } = server();
    ceremony.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
    await expect(signInWithPasskey()).rejects.toMatchObject({ code: "passkey_unused" });
    ceremony.mockRejectedValueOnce(new DOMException("again", "InvalidStateError"));
    await expect(addPasskey("phone", false)).rejects.toMatchObject({ code: "passkey_known" });
    expect(written).toEqual([]);
  });

  test("that the server does not know is refused", async () => {
    server({
      status: 400,
      body: { status: 400, errors: [{ code: "incorrect_code", message: "Incorrect code." }] },
    });
    await expect(signInWithPasskey()).rejects.toBeInstanceOf(Problem);
  });
});
