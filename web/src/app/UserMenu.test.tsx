// Whoever signs out leaves nothing of their work on the device, and is asked first where some is not sent.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { forget, unsent } from "../api/kept";
import { meQuery } from "../api/me";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import * as afresh from "./afresh";
import { UserMenu } from "./UserMenu";

const ME = { user: { id: 7, username: "alice" }, person: null, roles: [], permissions: [], institutions: [] };
const MINE = ["maristan.register.7.11", "maristan.register.7.12"];
const HERS = "maristan.register.77.11";
let assign: MockInstance<(url: string) => void>;

beforeEach(() => {
  assign = vi.spyOn(afresh, "startAfresh").mockReturnValue(undefined);
});
afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

function work() {
  for (const key of [...MINE, HERS, "maristan.language"]) localStorage.setItem(key, "{}");
  sessionStorage.setItem("maristan.week-draft.7.3", "{}");
}

test("the work of one account is counted and forgotten, and nobody else's", () => {
  work();
  expect(unsent(7)).toBe(3);
  expect(forget(7)).toBe(3);
  expect([Object.keys(localStorage).sort(), Object.keys(sessionStorage)]).toEqual([
    ["maristan.language", HERS],
    [],
  ]);
});

async function open() {
  const seen = stubServer(({ url }) =>
    url.includes("/auth/session") ? { status: 401, body: {} } : { body: ME },
  );
  const { queryClient } = await renderApp(() => <Menu />);
  queryClient.setQueryData(meQuery.queryKey, ME as never);
  await userEvent.click(await screen.findByRole("button", { name: /account/i }));
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
  return seen.filter(({ method }) => method === "DELETE");
}

const Menu = () => <UserMenu />;

test("who has nothing to send is signed out at once", async () => {
  await open();
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
});

test("who has something to send is asked, and nothing is lost by whoever stays", async () => {
  work();
  const sent = await open();
  const dialog = await screen.findByRole("dialog", { name: "Some of your work is not sent yet" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Stay signed in" }));
  expect([sent.length, unsent(7), assign.mock.calls.length]).toEqual([0, 3, 0]);
});

test("who leaves all the same takes it off the device", async () => {
  work();
  await open();
  const dialog = await screen.findByRole("dialog", { name: "Some of your work is not sent yet" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Sign out and discard it" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
  expect(unsent(7)).toBe(0);
});
