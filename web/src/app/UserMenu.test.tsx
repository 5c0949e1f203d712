// Whoever signs out leaves nothing of their work on the device, and is asked first where some is not sent.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { forget, unsent } from "../api/kept";
import { meQuery } from "../api/me";
import { renderApp } from "../test/render";
import { lostConnection, stubServer } from "../test/server";
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
  await openMenu();
  return seen.filter(({ method }) => method === "DELETE");
}

async function openMenu() {
  const { queryClient } = await renderApp(() => <Menu />);
  queryClient.setQueryData(meQuery.queryKey, ME as never);
  await userEvent.click(await screen.findByRole("button", { name: /account/i }));
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
}

const Menu = () => <UserMenu />;

test("who has nothing to send is signed out at once", async () => {
  await open();
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
});

test("an application that was typed in this tab is unsent work as well, whoever it is of", async () => {
  sessionStorage.setItem("maristan.apply.5", "{}");
  expect(unsent(7)).toBe(1);
  await open();
  const dialog = await screen.findByRole("dialog", { name: "Some of your work is not sent yet" });
  expect(dialog).toHaveTextContent("A register, a week or an application on this device waits to be saved.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Sign out and discard it" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
  expect(sessionStorage.length).toBe(0);
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

test("who cannot be signed out is told why, keeps the work, and may try again", async () => {
  work();
  let isAway = true;
  stubServer(({ url }) => {
    if (!url.includes("/auth/session")) return { body: ME };
    if (isAway) throw lostConnection;
    return { status: 401, body: {} };
  });
  await openMenu();
  const dialog = await screen.findByRole("dialog", { name: "Some of your work is not sent yet" });
  const leave = within(dialog).getByRole("button", { name: "Sign out and discard it" });
  await userEvent.click(leave);
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("The server does not answer");
  expect([unsent(7), assign.mock.calls.length]).toEqual([3, 0]);
  await waitFor(() => expect(leave).toHaveFocus());
  isAway = false;
  await userEvent.click(leave);
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
  expect(unsent(7)).toBe(0);
});

test("who has nothing to send is told as well", async () => {
  stubServer(({ url }) => {
    if (url.includes("/auth/session")) throw lostConnection;
    return { body: ME };
  });
  await openMenu();
  expect(await screen.findByRole("alert")).toHaveTextContent("The server does not answer");
  expect(assign).not.toHaveBeenCalled();
});

test("whoever stays is back at the button of their account", async () => {
  work();
  await open();
  await screen.findByRole("dialog", { name: "Some of your work is not sent yet" });
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByText("Stay signed in")).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole("button", { name: "Your account" })).toHaveFocus());
});
