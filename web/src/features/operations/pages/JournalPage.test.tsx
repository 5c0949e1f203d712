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

const LINE = { at: "2026-03-10T12:00:00Z", by_name: "Maristan", reason: "", request_id: "", subject_id: "1" };
const LINES = [
  { kind: "alert.fired", changes: { rule: "queue_delay", subject: "", value: 312, threshold: 300 } },
  { kind: "backup.completed", changes: { status: ["running", "created"], bytes: 1_572_864 } },
  { kind: "smoke.checked", changes: { steps: 22, failed: ["operator: sign in", "operator: home"] } },
  { kind: "maintenance.changed", changes: { level: ["read_only", "full"] } },
  { kind: "release.begun", changes: { kind: "rollback_code", from: "aaaaaaaaaaaa", to: "bbbbbbbbbbbb" } },
  { kind: "member.joined", changes: { reason: "manual", count: 3 } },
].map((line, id) => ({ ...LINE, id, subject_kind: line.kind.split(".")[0], ...line }));

test("a line of the platform says what happened: facts by their names, then what changed", async () => {
  stubServer(({ url }) => {
    if (url.includes("/api/v1/me/")) return { body: { ...ME, permissions: ["journal.search"] } };
    if (url.includes("/chain/")) return { body: CHAIN };
    return { body: { ...LIST, count: LINES.length, results: LINES } };
  });
  await renderScreen("/operations/journal");
  const said = async (kind: string) =>
    (await screen.findByText(new RegExp(`^${kind}:1$`))).closest("tr")?.lastElementChild?.textContent;
  const plain = (text?: string | null) => text?.replace(/[\u2066-\u2069]/g, "");
  expect(plain(await said("alert"))).toBe("Rule: queue_delayValue: 312Threshold: 300");
  expect(plain(await said("backup"))).toBe("Size: 1.5 MiBStatus: Being made → Made");
  expect(plain(await said("smoke"))).toBe("Steps: 22Failed: operator: sign in, operator: home");
  expect(plain(await said("maintenance"))).toBe("Level: Read only → Closed");
  expect(plain(await said("release"))).toBe("Kind: Rollback of codeFrom: aaaaaaaaaaaaTo: bbbbbbbbbbbb");
  expect(plain(await said("member"))).toBe("");
});
