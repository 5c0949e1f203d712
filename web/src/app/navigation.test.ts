import { expect, test } from "vitest";
import type { Me } from "../api/me";
import { NAVIGATION, navigationFor } from "./navigation";

const reader = (...permissions: string[]): Me => ({
  user: { id: 1, username: "alice" },
  person: null,
  institution: null,
  institutions: [],
  roles: [],
  permissions,
  banner: null,
  second_factor_missing: false,
  impersonation: null,
  maintenance: null,
  language: null,
  unread_notifications: 0,
  open_inbox_items: 0,
  version: "1",
});
const everyPath = new Set(NAVIGATION.flatMap((area) => area.items.map(({ to }) => to)));
const keys = (me: Me, mounted: ReadonlySet<string>) =>
  navigationFor(me, mounted).flatMap((area) => area.items.map(({ key }) => key));

test("a member sees what is everybody's", () => {
  const member = reader("inbox.view", "agenda.view");
  expect(keys(member, everyPath)).toEqual(["home", "inbox", "my_week"]);
});

test("an operator, who belongs to no institution, sees the platform and nothing of institutions", () => {
  const operator = reader("operations.view", "process.view", "maintenance.manage");
  expect(keys(operator, everyPath)).toEqual(["operations", "jobs", "schedule", "processes", "maintenance"]);
  expect(keys(reader(), everyPath)).toEqual([]);
});

test("a permission opens its entries and no others", () => {
  expect(keys(reader("setting.view"), everyPath)).toContain("settings");
  expect(keys(reader("setting.view"), everyPath)).not.toContain("memberships");
});

test("an entry without a mounted screen does not show", () => {
  expect(keys(reader("setting.view", "inbox.view"), new Set(["/"]))).toEqual(["home"]);
});
