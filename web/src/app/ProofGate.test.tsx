// What asks for a proof goes on after the password, and stops where nobody gives one.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { writeJson } from "../api/transport";
import { renderApp, renderScreen } from "../test/render";
import { stubServer } from "../test/server";
import { ProofGate } from "./ProofGate";

const GRANT = "/api/v1/directory/memberships/";
const refusal = (status: number, code: string) => ({
  status,
  body: { code, status, title: code, detail: "" },
});

function serve() {
  let isProved = false;
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith("/auth/reauthenticate")) {
      isProved = true;
      return { body: { status: 200 } };
    }
    if (method === "POST" && pathname === GRANT)
      return isProved ? { status: 201, body: { id: 7 } } : refusal(403, "proof_required");
    return { body: {} };
  });
}

const sent = (seen: Request[]) =>
  seen.filter(({ method }) => method === "POST").map(({ url }) => new URL(url).pathname.split("/").at(-2));

test("the password is asked for once, and what waited for it goes on", async () => {
  const seen = serve();
  await renderApp(() => <ProofGate />);
  const both = Promise.all([writeJson("POST", GRANT, {}), writeJson("POST", GRANT, {})]);
  await userEvent.type(await screen.findByLabelText("Password"), "cedar-lantern-47");
  await userEvent.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await both).toEqual([{ id: 7 }, { id: 7 }]);
  await waitFor(() => expect(screen.queryByLabelText("Password")).not.toBeInTheDocument());
  expect(sent(seen).filter((part) => part === "auth")).toHaveLength(1);
});

test("who closes the question is told what was refused, and is asked again the next time", async () => {
  serve();
  await renderApp(() => <ProofGate />);
  for (const _ of [1, 2]) {
    const refused = vi.fn();
    const done = writeJson("POST", GRANT, {}).catch(refused);
    await userEvent.click(await screen.findByRole("button", { name: "Close" }));
    await done;
    expect(refused).toHaveBeenCalledWith(expect.any(Problem));
    expect(refused.mock.calls[0]?.[0]).toMatchObject({ code: "proof_required", status: 403 });
  }
});

test("who needs a second factor is led to where it is set up", async () => {
  stubServer(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/")
      return {
        body: {
          user: { id: 1, username: "adam" },
          permissions: [],
          roles: ["admin"],
          institutions: [],
          second_factor_missing: true,
        },
      };
    return { body: { data: [], results: [], count: 0 } };
  });
  const { router } = await renderScreen("/directory/people");
  expect(await screen.findByText(/Your role needs a second factor/)).toBeVisible();
  expect(router.state.location.pathname).toBe("/account");
});
