// The start page asks only for what its reader may see.
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const NOTHING = { count: 0, next: null, previous: null, results: [] };
const STEPS = { steps: [{ key: "departments", done: false, count: 0, url: "/directory/departments" }] };

async function open(id: number, ...permissions: string[]) {
  const me = {
    user: { id, username: "alice" },
    person: { id, name: "Alice" },
    institution: { id: 1, name: "Farabi", code: "farabi", time_zone: "UTC", first_weekday: 0, locale: "en" },
    institutions: [],
    roles: [],
    permissions,
    language: null,
    banner: null,
    impersonation: null,
    maintenance: null,
    unread_notifications: 0,
    open_inbox_items: 0,
    version: "1",
  };
  const asked = stubServer(({ url }) => {
    if (url.endsWith("/me/")) return { body: me };
    return { body: url.includes("/setup/") ? STEPS : NOTHING };
  });
  await renderScreen("/");
  await screen.findByText("Nothing waits for you");
  return asked.map(({ url }) => new URL(url).pathname);
}

test("who sees drafts is shown the first steps", async () => {
  expect(await open(1, "week.view_drafts")).toContain("/api/v1/setup/");
  expect(await screen.findByRole("link", { name: /departments/i })).toBeInTheDocument();
});

test("a student's page does not ask for what it would be refused", async () => {
  expect(await open(2, "session.view")).not.toContain("/api/v1/setup/");
});
