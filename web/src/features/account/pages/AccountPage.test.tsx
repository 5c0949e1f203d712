// An account shows its own settings, and to whoever acts as that person what stays out of reach.
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const ME = {
  user: { id: 7, username: "Bob (Alice)" },
  person: { id: 9, name: "Bob (Alice)" },
  institution: null,
  institutions: [],
  roles: ["faculty"],
  permissions: [],
  second_factor_missing: false,
  impersonation: { name: "Bob (Alice)", expires_at: "2126-01-02T10:10:00Z" },
};

test("whoever acts as somebody reads why the account is closed, and no form is offered that is refused", async () => {
  const seen = stubServer(({ url }) => ({ body: url.endsWith("/me/") ? ME : {} }));
  await renderScreen("/account");
  expect(await screen.findByText(/While you act as somebody else you cannot see or change/)).toBeVisible();
  expect(document.querySelector("input[type=password]")).toBeNull();
  expect(
    seen.filter(({ url }) => url.includes("/_allauth/") && /authenticators|sessions/.test(url)),
  ).toHaveLength(0);
});
