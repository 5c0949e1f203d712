// Whoever searches a journal is offered what stands in it: that of the platform, or that of their institution.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const ME = {
  user: { id: 7, username: "alice" },
  person: null,
  institution: null,
  institutions: [],
  roles: [],
  second_factor_missing: false,
};
const CHAIN = {
  chain: "platform",
  chains: ["platform"],
  position: 3,
  digest: "0".repeat(64),
  sealed_to: null,
  checked_at: null,
  broken_lines: [],
};
const LIST = { count: 0, next: null, previous: null, results: [] };

/** The journals that somebody searches, the usual one first; gives every address that was asked for. */
async function open(chains: string[]): Promise<Request[]> {
  const asked = stubServer(({ url }) => {
    if (url.includes("/api/v1/me/")) return { body: { ...ME, permissions: ["journal.search"] } };
    const chain = new URL(url).searchParams.get("chain") || chains[0];
    return { body: url.includes("/chain/") ? { ...CHAIN, chain, chains } : LIST };
  });
  await renderScreen("/operations/journal");
  await screen.findByText(/The chain is sealed/);
  return asked;
}

async function offered(): Promise<string[]> {
  await userEvent.click(await screen.findByRole("combobox", { name: "About" }));
  return (await screen.findAllByRole("option")).map(({ textContent }) => textContent ?? "");
}

test("an operator is offered what the platform writes of", async () => {
  await open(["platform"]);
  const nouns = await offered();
  expect(nouns).toEqual(expect.arrayContaining(["Accounts", "Backups", "Releases"]));
  expect(nouns).not.toContain("Students");
});

test("an auditor is offered what their institution writes of", async () => {
  await open(["institution"]);
  const nouns = await offered();
  expect(nouns).toEqual(expect.arrayContaining(["Accounts", "Registers", "Students"]));
  expect(nouns).not.toContain("Backups");
  expect(screen.queryByRole("combobox", { name: "Journal of" })).toBeNull();
});

test("who searches both chooses between them", async () => {
  const asked = await open(["platform", "institution"]);
  await userEvent.click(await screen.findByRole("combobox", { name: "Journal of" }));
  await userEvent.click(await screen.findByRole("option", { name: "This institution" }));
  const lists = () => asked.filter(({ url }) => url.includes("/journal/?")).map(({ url }) => new URL(url));
  await waitFor(() => expect(lists().at(-1)?.searchParams.get("chain")).toBe("institution"));
  await waitFor(async () => expect(await offered()).toContain("Students"));
});
