// Whoever searches a journal is offered what stands in it: that of the platform, or that of their institution.
import { screen } from "@testing-library/react";
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
const CHAIN = { position: 3, digest: "0".repeat(64), sealed_to: null, checked_at: null, broken_lines: [] };
const LIST = { count: 0, next: null, previous: null, results: [] };

async function offered(permissions: string[]): Promise<string[]> {
  stubServer(({ url }) => {
    if (url.includes("/api/v1/me/")) return { body: { ...ME, permissions } };
    return { body: url.includes("/chain/") ? CHAIN : LIST };
  });
  await renderScreen("/operations/journal");
  await userEvent.click(await screen.findByRole("combobox", { name: "About" }));
  return (await screen.findAllByRole("option")).map(({ textContent }) => textContent ?? "");
}

test("an operator is offered what the platform writes of", async () => {
  const nouns = await offered(["journal.search", "operations.view"]);
  expect(nouns).toEqual(expect.arrayContaining(["Accounts", "Backups", "Releases"]));
  expect(nouns).not.toContain("Students");
});

test("an auditor is offered what their institution writes of", async () => {
  const nouns = await offered(["journal.search"]);
  expect(nouns).toEqual(expect.arrayContaining(["Accounts", "Registers", "Students"]));
  expect(nouns).not.toContain("Backups");
});
