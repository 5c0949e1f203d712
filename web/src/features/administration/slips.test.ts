import { expect, test } from "vitest";
import { lostConnection, stubServer } from "../../test/server";
import { type Invitee, inviteAll, invitees, type Outcome } from "./slips";

const BULK = "/api/v1/directory/invitations/bulk/";
const page = (...results: object[]) => ({ count: results.length, next: null, previous: null, results });
const people = (count: number): Invitee[] =>
  Array.from({ length: count }, (_, index) => ({
    person: index + 1,
    name: `P${index + 1}`,
    about: "MBBS290001",
  }));
const sent = (person: number, email = "") => ({
  person,
  name: `P${person}`,
  email,
  link: email ? null : `https://farabi.example/invitation/${person}`,
  expires_at: "2026-03-16T00:00:00Z",
});

async function invite(list: Invitee[]) {
  const found: Outcome[] = [];
  await inviteAll(list, (outcomes) => found.push(...outcomes));
  return found;
}

test("450 people are three requests, and what became of each is kept", async () => {
  const rounds: number[] = [];
  stubServer(async (request) => {
    const { persons } = (await request.json()) as { persons: number[] };
    rounds.push(persons.length);
    return { body: { results: persons.map((each) => sent(each, each === 1 ? "a@farabi.example" : "")) } };
  });
  const found = await invite(people(450));
  expect(rounds).toEqual([200, 200, 50]);
  expect(found.filter(({ kind }) => kind === "slip")).toHaveLength(449);
  expect(found[0]).toMatchObject({ kind: "mailed", email: "a@farabi.example" });
});

test("a round refused because of one invites the others one by one, and names the one", async () => {
  stubServer(async (request) => {
    if (new URL(request.url).pathname === BULK)
      return { status: 409, body: { status: 409, code: "has_account" } };
    const { person } = (await request.json()) as { person: number };
    if (person === 2)
      return { status: 409, body: { status: 409, code: "has_account", detail: "There is one." } };
    return { status: 201, body: sent(person) };
  });
  const found = await invite(people(3));
  expect(found.map(({ kind }) => kind)).toEqual(["slip", "refused", "slip"]);
  expect(found[1]).toMatchObject({ invitee: { person: 2 }, code: "has_account" });
});

test("a lost server ends the round without a second try one by one", async () => {
  const asked = stubServer(() => {
    throw lostConnection;
  });
  await expect(invite(people(3))).rejects.toMatchObject({ code: "unreachable" });
  expect(asked.every(({ url }) => url.includes("/bulk/") || url.includes("/_allauth/"))).toBe(true);
});

test("the students of an import without an account are asked for, and those invited already are left out", async () => {
  const asked = stubServer(({ url }) => {
    if (!url.includes("/students/")) return { body: page({ person: { id: 2, name: "P2" }, state: "live" }) };
    const student = (person: number) => ({ person, name: `P${person}`, reg_no: "M1", group_name: "A" });
    return { body: page(student(1), student(2)) };
  });
  const { people: found, invitedAlready } = await invitees("students", { import_run: "7" });
  expect(found.map(({ person }) => person)).toEqual([1]);
  expect(invitedAlready).toBe(1);
  const listed = asked.find(({ url }) => url.includes("/students/"))?.url;
  expect(listed).toContain("import_run=7");
  expect(listed).toContain("has_account=false");
});

test("the teachers of an import are asked for alone, each row saying who is invited already", async () => {
  const asked = stubServer(() => {
    const teacher = (id: number, has_live_invitation: boolean) => ({
      id,
      name: `P${id}`,
      has_live_invitation,
      roles: [{ scope_name: "Pathology" }],
    });
    return { body: page(teacher(1, false), teacher(2, true)) };
  });
  const { people: found, invitedAlready } = await invitees("faculty", { import_run: "7" });
  expect(found).toEqual([{ person: 1, name: "P1", about: "Pathology" }]);
  expect(invitedAlready).toBe(1);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.url).toContain("/directory/persons/");
  expect(asked[0]?.url).toContain("import_run=7");
});
