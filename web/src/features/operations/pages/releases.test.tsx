// Whether what was announced runs: the verification that counts, with its findings, and what nobody has seen.
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { switchLanguage } from "../../../i18n/i18n";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const BUILD = "a".repeat(12);
const ME = {
  user: { id: 7, username: "olga" },
  person: null,
  institution: null,
  institutions: [],
  roles: ["operator"],
  second_factor_missing: false,
  permissions: ["operations.view", "release.view"],
};
const GONE = {
  code: "table_missing",
  severity: "fail",
  subject: "timetable_weekplan",
  expected: "the table",
  found: "no such table",
  hint: "recorded as applied but not present",
  accepted_reason: "",
};
const FULL = {
  id: 1,
  build_id: BUILD,
  at: "2026-03-02T04:00:00Z",
  base_url: "https://fmu.example",
  scope: "full",
  result: "not_verified",
  findings: [GONE],
  expected: [],
  seconds: 9,
  started_by: "olga",
};
const QUICK = {
  ...FULL,
  id: 2,
  at: "2026-03-02T09:00:00Z",
  scope: "quick",
  result: "verified",
  findings: [],
};
const ROOMS = {
  id: "directory.rooms",
  title: "Rooms",
  since: "1.0.0",
  presence: "found",
  faults: [],
  unchecked: [],
};
const WEEKS = {
  ...ROOMS,
  id: "timetable.week_plan",
  title: "Week plans",
  presence: "not_found",
  faults: [{ code: GONE.code, subject: GONE.subject }],
};
const PERMITS = {
  ...ROOMS,
  id: "permits.reports",
  title: "Permits",
  presence: "not_checked",
  unchecked: ["endpoints", "screens"],
};
const CURRENT = {
  version: "1.4.0",
  build_id: BUILD,
  verification: FULL,
  beside: QUICK,
  capabilities: [WEEKS, PERMITS, ROOMS],
};
const NONE = { count: 0, next: null, previous: null, results: [] };

async function releases(current: object) {
  stubServer(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") return { body: ME };
    if (pathname === "/api/v1/operations/releases/current/") return { body: current };
    return { body: NONE };
  });
  await renderScreen("/operations/releases");
}

const panel = (name: string) => screen.findByRole("region", { name });

test("what counts stands first with its findings, whatever a quick one says since", async () => {
  await releases(CURRENT);
  const verdict = await panel("Verification of what runs");
  const [first, since] = await within(verdict).findAllByText(/^(Verified|Not verified)$/);
  expect([first?.textContent, since?.textContent]).toEqual(["Not verified", "Verified"]);
  expect(within(verdict).getByText("timetable_weekplan")).toBeVisible();
  expect(within(verdict).getByText("A quick one since then:")).toBeVisible();
  expect(within(verdict).getByRole("link", { name: "As a file" })).toHaveAttribute(
    "href",
    "/api/v1/operations/verifications/export/?format=csv",
  );
});

test("each capability says whether it was found, what of it is gone, or what nobody looked at", async () => {
  await releases(CURRENT);
  const list = await panel("Is it deployed?");
  expect(await within(list).findByText(/^Found 1, not found 1, not checked 1/)).toBeVisible();
  const [weeks, permits, rooms] = within(list).getAllByRole("listitem") as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  expect(within(weeks).getByText("Announced, but not found")).toBeVisible();
  expect(within(weeks).getByText("table_missing timetable_weekplan")).toBeVisible();
  expect(within(permits).getByText("Not checked: Endpoints, Screens")).toBeVisible();
  expect(within(rooms).getByText("Found where it runs")).toBeVisible();
  await userEvent.type(within(list).getByRole("textbox", { name: "Search what is announced" }), "week");
  expect(within(list).getAllByRole("listitem")).toHaveLength(1);
});

test("before a complete verification nothing reads as deployed", async () => {
  const unseen = { presence: "not_checked", unchecked: ["tables"], faults: [] };
  await releases({
    ...CURRENT,
    verification: QUICK,
    beside: null,
    capabilities: [WEEKS, PERMITS, ROOMS].map((each) => ({ ...each, ...unseen })),
  });
  const list = await panel("Is it deployed?");
  expect(await within(list).findByText(/^No complete verification of this build was made yet/)).toBeVisible();
  expect(within(list).getAllByText("Not checked: Tables")).toHaveLength(3);
  expect(within(list).queryByText("Found where it runs")).toBeNull();
});

test("a build that nobody verified says how it is done", async () => {
  await releases({ ...CURRENT, verification: null, beside: null, capabilities: [] });
  expect(await screen.findByText("maristan release verify")).toBeVisible();
  expect(await screen.findByText("A checkout announces nothing.")).toBeVisible();
});

test("the complete one before a quick one that failed stands beside it", async () => {
  await switchLanguage("ur");
  await releases({
    ...CURRENT,
    verification: { ...QUICK, result: "not_verified", findings: [GONE] },
    beside: { ...FULL, result: "verified", findings: [] },
  });
  expect(await screen.findByText("آخری مکمل تصدیق:")).toBeVisible();
});
