// A proof is given in whichever way the account knows, as the refusal says.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import * as passkeys from "../api/passkeys";
import { Problem } from "../api/problem";
import { waysOf } from "../api/proof";
import { writeJson } from "../api/transport";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import { ProofGate } from "./ProofGate";

const GRANT = "/api/v1/directory/memberships/";

function serve(ways: string[]) {
  let isProved = false;
  vi.spyOn(passkeys, "isPasskeyPossible").mockReturnValue(true);
  vi.spyOn(passkeys, "reauthenticateByPasskey").mockImplementation(async () => {
    isProved = true;
  });
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith("/reauthenticate")) {
      isProved = true;
      return { body: { status: 200 } };
    }
    if (method !== "POST" || pathname !== GRANT || isProved) return { status: 201, body: { id: 7 } };
    return {
      status: 403,
      body: { code: "proof_required", status: 403, title: "Forbidden", detail: "", ways },
    };
  });
}

test("whoever has passkeys alone is asked for one, and for no password", async () => {
  serve(["webauthn"]);
  await renderApp(() => <ProofGate />);
  const done = writeJson("POST", GRANT, {});
  await userEvent.click(await screen.findByRole("button", { name: "Use my passkey" }));
  expect(await done).toEqual({ id: 7 });
  expect(screen.queryByLabelText("Password")).not.toBeInTheDocument();
});

test("a code takes the place of the password where the account has an app", async () => {
  const seen = serve(["password", "totp"]);
  await renderApp(() => <ProofGate />);
  const done = writeJson("POST", GRANT, {});
  await userEvent.click(await screen.findByText("By code"));
  await userEvent.type(await screen.findByLabelText(/Code of your app/), " 123456 ");
  await userEvent.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await done).toEqual({ id: 7 });
  const sent = seen.find(({ url }) => url.includes("2fa/reauthenticate"));
  expect(sent).toBeDefined();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("the ways are read from our own refusal and from that of the framework", () => {
  const problem = (extra: Record<string, unknown>) =>
    new Problem({ status: 401, code: "", title: "", detail: "", extra });
  expect(waysOf(problem({ ways: ["totp"] }))).toEqual(["totp"]);
  const flows = [
    { id: "reauthenticate" },
    { id: "mfa_reauthenticate", types: ["webauthn"] },
    { id: "login" },
  ];
  expect(waysOf(problem({ data: { flows } }))).toEqual(["password", "webauthn"]);
  expect(waysOf(problem({}))).toEqual(["password"]);
});
