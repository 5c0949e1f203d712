// What a person's page offers by what is known of the account.
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const NOTHING = { count: 0, next: null, previous: null, results: [] };

async function open(account: { has_account: boolean | null; has_live_invitation: boolean | null }) {
  const me = {
    user: { id: 1, username: "rida" },
    person: { id: 1, name: "Rida" },
    institution: { id: 1, name: "Farabi", code: "farabi", time_zone: "UTC", first_weekday: 0, locale: "en" },
    institutions: [],
    roles: [],
    permissions: ["person.view", "invitation.send"],
    language: null,
    banner: null,
    impersonation: null,
    maintenance: null,
    unread_notifications: 0,
    open_inbox_items: 0,
    version: "1",
  };
  const person = {
    id: 7,
    name: "Sara",
    given_name: "",
    family_name: "",
    name_latin: "",
    is_active: true,
    father_name: null,
    date_of_birth: null,
    gender: null,
    national_id: null,
    proposed_username: null,
    photo: null,
    contacts: null,
    roles: null,
    version: 1,
    ...account,
  };
  stubServer(({ url }) => {
    if (url.endsWith("/me/")) return { body: me };
    return { body: url.endsWith("/persons/7/") ? person : NOTHING };
  });
  await renderScreen("/directory/people/7");
}

test("somebody to whom an invitation is out is invited again", async () => {
  await open({ has_account: false, has_live_invitation: true });
  expect(await screen.findByRole("link", { name: "Invite again" })).toBeInTheDocument();
  expect(screen.getByText("None yet; an invitation is out")).toBeInTheDocument();
});

test("somebody never invited, or no longer, is invited", async () => {
  await open({ has_account: false, has_live_invitation: false });
  expect(await screen.findByRole("link", { name: "Invite" })).toBeInTheDocument();
  expect(screen.getByText("None yet; send an invitation")).toBeInTheDocument();
});

test("somebody with an account is offered a new password", async () => {
  await open({ has_account: true, has_live_invitation: true });
  expect(await screen.findByRole("link", { name: "New password" })).toBeInTheDocument();
  expect(screen.queryByText("None yet; an invitation is out")).toBeNull();
});
