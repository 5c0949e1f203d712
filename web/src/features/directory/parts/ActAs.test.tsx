// Acting as somebody begins with a reason, and a refusal stands at its place.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { ActAs } from "./ActAs";

const REFUSED = {
  status: 403,
  body: {
    code: "not_impersonable",
    status: 403,
    title: "Forbidden",
    detail: "Nobody may act as this person.",
  },
};

async function open() {
  const seen = stubServer(({ url }) => (url.includes("impersonation") ? REFUSED : { body: {} }));
  await renderApp(() => <ActAs name="Bob" userId={7} />);
  await userEvent.click(await screen.findByRole("button", { name: "Act as this person" }));
  return seen;
}
const starts = (seen: Request[]) => seen.filter(({ url }) => url.includes("impersonation/start"));

test("a reason of a word is not sent", async () => {
  const seen = await open();
  await userEvent.type(await screen.findByLabelText(/^Reason/), "why not");
  await userEvent.click(screen.getByRole("button", { name: "Begin" }));
  expect((await screen.findAllByText("At least 10 characters.")).length).toBeGreaterThan(0);
  expect(starts(seen)).toHaveLength(0);
});

test("a refusal is told in words and the dialog stays", async () => {
  const seen = await open();
  await userEvent.type(await screen.findByLabelText(/^Reason/), "He cannot find his register.");
  await userEvent.click(screen.getByRole("button", { name: "Begin" }));
  expect(await screen.findByText(/Nobody may act as this person/, {}, { timeout: 5000 })).toBeVisible();
  expect(starts(seen)).toHaveLength(1);
});

test("acting that was left open in another browser is ended here", async () => {
  const elsewhere = {
    status: 403,
    body: { code: "impersonating", status: 403, expires_at: "2026-01-02T10:10:00Z" },
  };
  const seen = stubServer(({ url }) => (url.includes("impersonation/start") ? elsewhere : { body: {} }));
  await renderApp(() => <ActAs name="Bob" userId={7} />);
  await userEvent.click(await screen.findByRole("button", { name: "Act as this person" }));
  await userEvent.type(await screen.findByLabelText(/^Reason/), "He cannot find his register.");
  await userEvent.click(screen.getByRole("button", { name: "Begin" }));
  expect(await screen.findByText(/in another browser or tab, until/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "End it there" }));
  await waitFor(() => expect(screen.queryByText(/in another browser or tab/)).toBeNull());
  expect(seen.filter(({ url }) => url.includes("impersonation/stop"))).toHaveLength(1);
  expect(screen.getByLabelText(/^Reason/)).toHaveValue("He cannot find his register.");
});
