// Whoever reads a timeline reads words: names of fields and of codes, in the reader's language, and never a bare id.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanup, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { switchLanguage } from "../i18n/i18n";
import { texts as en } from "../i18n/languages/en";
import { texts as ur } from "../i18n/languages/ur";
import { renderApp } from "../test/render";
import { type Line, useChangeWords } from "./journalled";

const GENERATED = join(import.meta.dirname, "../../../docs/generated");
type Schema = { properties?: Record<string, unknown> };
const { components } = JSON.parse(readFileSync(join(GENERATED, "openapi.json"), "utf8")) as {
  components: { schemas: Record<string, Schema> };
};
const EVENTS = readFileSync(join(GENERATED, "events.md"), "utf8");

/** The bodies whose fields stand in the timelines of a person, a student, a request, a document and a leave. */
const BODIES = [
  ...[
    "MembershipIn",
    "PersonIn",
    "PersonPatch",
    "AddressIn",
    "ContactIn",
    "ContactPatch",
    "DocumentIn",
    "LeaveIn",
  ],
  ...["StudentIn", "StudentPatch", "PlacementIn", "EnrollmentIn", "RequestIn", "RequestPatch"],
];
/** Journalled by actions, and in no body. */
const BY_ACTIONS = [
  ...["status", "is_active", "is_verified", "photo", "file", "whatsapp", "emergency_contact"],
  ...[
    "memberships_ended",
    "sessions_ended",
    "program",
    "actual_graduation_year",
    "assigned_to",
    "resolution_notes",
  ],
  ...["account", "purpose", "role", "scope", "by_mail"],
  ...["dropped_at", "drop_reason", "enrolled_at", "enrolled_by", "number", "decision_reason"],
];
const OF_APPLICATIONS = ["ApplicationIn", "ApplicationPatch", "Fields"];
const KINDS = /^\| `(\w+\.\w+)` \|/gm;

const fieldsOf = (schemas: string[]) =>
  schemas.flatMap((name) => {
    const fields = Object.keys(components.schemas[name]?.properties ?? {});
    expect([name, fields.length > 0]).toEqual([name, true]);
    return fields.filter((field) => field !== "version");
  });

type Texts = {
  field: Record<string, string>;
  journal: Record<string, Record<string, string>>;
};

describe.each([
  ["English", en],
  ["Urdu", ur],
])("the words of a timeline in %s", (_language, texts) => {
  const { field: known, journal } = texts.ui as Texts;

  test("name every field that is journalled", () => {
    const wanted = [...fieldsOf(BODIES), ...BY_ACTIONS];
    expect(
      [...new Set(wanted)].filter((field) => !(field in known || field.replace(/_id$/, "") in known)),
    ).toEqual([]);
  });

  test("name every field of an application", () => {
    const own = texts.application as { fields: Record<string, string> };
    const wanted = fieldsOf(OF_APPLICATIONS);
    expect(wanted.filter((field) => !(field in own.fields) && !(field in known))).toEqual([]);
  });

  test("name everything that happens", () => {
    const kinds = [...EVENTS.matchAll(KINDS)].map(([, kind]) => (kind ?? "").split("."));
    expect(kinds.length).toBeGreaterThan(250);
    expect(kinds.filter(([noun, verb]) => !journal[noun ?? ""]?.[verb ?? ""])).toEqual([]);
  });
});

async function told(kind: string, changes: Line["changes"], reason = ""): Promise<string[]> {
  const line = { id: 1, kind, at: "2026-03-09T04:00:00Z", by_name: "Alice", reason, changes };
  function Told() {
    const words = useChangeWords();
    return <pre>{words(line).join("\n") || "nothing"}</pre>;
  }
  await renderApp(() => <Told />);
  const pre = await screen.findByText((_, element) => element?.tagName === "PRE");
  const words = (pre.textContent ?? "").replace(/[\u2066-\u2069]/g, "").split("\n");
  cleanup();
  return words;
}

describe("a line of a timeline", () => {
  test("says codes in words, before and after", async () => {
    expect(
      await told("student.status_changed", { status: ["active", "suspended"], version: [1, 2] }),
    ).toEqual(["Status: Active → Suspended"]);
  });

  test("says where a backup set stands in the words of its own list", async () => {
    expect(await told("backup.proven", { status: ["created", "proven"] })).toEqual(["Status: Made → Proven"]);
    await switchLanguage("ur");
    expect(await told("backup.proven", { status: ["created", "proven"] })).toEqual([
      "حیثیت: بن گیا ← ثابت شدہ",
    ]);
  });

  test("is said in Urdu, its arrow turned round", async () => {
    await switchLanguage("ur");
    expect(await told("person.updated", { gender: ["undisclosed", "female"] })).toEqual([
      `جنس: ${(ur.application as { choice: { gender: Record<string, string> } }).choice.gender.undisclosed} ← خاتون`,
    ]);
  });

  test("names what was moved without its id, and keeps silent where it was first set", async () => {
    expect(await told("student.placed", { batch_id: [3, 4], group_id: [7, 9] })).toEqual([
      "Changed: Batch, Group",
    ]);
    expect(await told("student.created", { reg_no: [null, "MB-01"], batch: [null, 4] })).toEqual([
      "Registration number: MB-01",
    ]);
  });

  test("names what the line keeps without its value, and a file without its digest", async () => {
    expect(await told("student.updated", { name: [null, null], email: [null, null] })).toEqual([
      "Changed: Name, E-mail",
    ]);
    expect(await told("application.saved", { cnic_front: [null, "0123456789ab"] })).toEqual([
      "Changed: CNIC or B-form, front",
    ]);
  });

  test("says yes and no, days, and which contact it was", async () => {
    expect(await told("contact.verified", { "phone is_verified": [false, true] })).toEqual([
      "Phone · Verified: No → Yes",
    ]);
    expect(await told("student.placed", { from_date: [null, "2026-03-09"] })).toEqual(["From: 9 Mar 2026"]);
  });

  test("knows an identity number from the id of a row", async () => {
    expect(await told("person.updated", { national_id: ["35202", "35203"] })).toEqual([
      "National identity number: 35202 → 35203",
    ]);
  });

  test("does not repeat its reason, its moment or its version", async () => {
    const changes = {
      decision_reason: ["", "Below merit."],
      decided_at: [null, "2026-03-09T04:00:00Z"],
      version: [2, 3],
    };
    expect(await told("application.rejected", changes, "Below merit.")).toEqual(["nothing"]);
  });

  test("says of a role how far it reaches, without the id of where", async () => {
    expect(
      await told("membership.granted", { role: [null, "faculty"], scope: [null, "department:3"] }),
    ).toEqual(["Role: Faculty", "Reaches: Department"]);
  });

  test("counts what ended with it", async () => {
    expect(await told("person.deactivated", { is_active: [true, false], memberships_ended: 2 })).toEqual([
      "Active: Yes → No",
      "Roles ended: 2",
    ]);
  });

  test("of a field that nobody named yet is still readable", async () => {
    expect(await told("request.updated", { desk_of_tomorrow: ["a", "b"] })).toEqual([
      "Desk of tomorrow: a → b",
    ]);
  });
});
