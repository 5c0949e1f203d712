// Whoever uses an account sees where it is signed in, and ends a place that they do not know.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { OwnSession } from "../../../api/auth";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { deviceOf } from "./device";
import { Sessions } from "./Sessions";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE =
  "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36";
const session = (id: number, user_agent: string, is_current = false): OwnSession => ({
  id,
  user_agent,
  is_current,
  ip: `203.0.113.${id}`,
  created_at: 1_780_000_000 + id,
});
const SESSIONS = [session(1, PHONE), session(2, FIREFOX, true), session(3, "curl/8.1")];

test("this place stands first and has no button, each other one is ended by its own", async () => {
  const seen = stubServer(() => ({ body: { status: 200, data: [] } }));
  await renderApp(() => <Sessions sessions={SESSIONS} />);
  const [here, newest, oldest] = screen.getAllByRole("listitem");
  expect(here).toHaveTextContent("Firefox, Linux");
  expect(here).toHaveTextContent("Here");
  expect(within(here as HTMLElement).queryByRole("button")).not.toBeInTheDocument();
  expect(newest).toHaveTextContent("A program without a name");
  expect(oldest).toHaveTextContent("Chrome, Android");
  await userEvent.click(screen.getByRole("button", { name: "End the session of Chrome, Android" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "End" }));
  await waitFor(() => expect(seen.some(({ method }) => method === "DELETE")).toBe(true));
  const sent = seen.find(({ method }) => method === "DELETE");
  expect(sent?.url).toMatch(/\/auth\/sessions$/);
  expect(await sent?.json()).toEqual({ sessions: [1] });
});

test("all others are ended at once, and nothing is sent by whoever changes their mind", async () => {
  const seen = stubServer(() => ({ body: { status: 200, data: [] } }));
  await renderApp(() => <Sessions sessions={SESSIONS} />);
  await userEvent.click(screen.getByRole("button", { name: "End all others" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  expect(seen).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "End all others" }));
  await userEvent.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "End all others" }),
  );
  await waitFor(() => expect(seen.some(({ method }) => method === "DELETE")).toBe(true));
  expect(await seen.find(({ method }) => method === "DELETE")?.json()).toEqual({ sessions: [1, 3] });
});

test("a place that is over by now is no failure, and those that are left are ended all the same", async () => {
  const sent: number[][] = [];
  const seen = stubServer(async (request) => {
    if (request.method !== "DELETE") return { body: { status: 200, data: SESSIONS.slice(0, 2) } };
    const { sessions } = (await request.json()) as { sessions: number[] };
    sent.push(sessions);
    const fault = { message: "Select a valid choice.", code: "invalid_choice", param: "sessions" };
    return sessions.includes(3)
      ? { status: 400, body: { status: 400, errors: [fault] } }
      : { body: { status: 200, data: [] } };
  });
  await renderApp(() => <Sessions sessions={SESSIONS} />);
  await userEvent.click(screen.getByRole("button", { name: "End all others" }));
  await userEvent.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "End all others" }),
  );
  expect(await screen.findByText("2 sessions were ended.")).toBeVisible();
  expect(sent).toEqual([[1, 3], [1]]);
  expect(screen.queryByRole("alert", { name: "This did not work" })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: /End the session of A program/ }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "End" }));
  expect(await screen.findByText("One session was ended.")).toBeVisible();
  expect(sent).toEqual([[1, 3], [1], [3]]);
  expect(seen.filter(({ method }) => method === "GET").length).toBeGreaterThan(1);
});

test("a browser is named by what it says of itself, and by nothing where it says nothing known", () => {
  expect(deviceOf(`${PHONE} Edg/140.0`)).toBe("Edge, Android");
  expect(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe(
    "Safari, iOS",
  );
  expect(deviceOf("curl/8.1")).toBe("");
});
