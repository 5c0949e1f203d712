// Two who resemble one another, field by field; and when the approval opens in spite of it.
import { describe, expect, test } from "vitest";
import type { Move } from "../../api/moves";
import { asDoor, knownPeople, unsettled } from "./approval";
import { compared, ofPerson } from "./comparison";
import type { Duplicate, Person, Student } from "./queries";

const own = {
  full_name: "Eman Zubair",
  father_name: "Zubair Ahmad",
  mobile: "+923334410021",
  cnic_or_bform: "1",
};

describe("side by side", () => {
  test("marks what the server says is shared, what reads the same, and what differs", () => {
    const twin = { ...own, full_name: "Aiman Zubair", father_name: " zubair  AHMAD ", cnic_or_bform: "2" };
    const lines = compared(own, [{ known: twin, shared: ["mobile"] }]);
    const verdicts = Object.fromEntries(lines.map(({ field, others: [other] }) => [field, other?.verdict]));
    expect(verdicts).toEqual({
      full_name: "different",
      father_name: "same",
      cnic_or_bform: "different",
      mobile: "shared",
    });
  });

  test("gives each of several others a column of their own", () => {
    const lines = compared(own, [
      { known: { full_name: "Aiman" }, shared: [] },
      { known: { full_name: "Eman Zubair" }, shared: [] },
    ]);
    expect(lines.map(({ field }) => field)).toEqual(["full_name"]);
    expect(lines[0]?.others.map(({ value, verdict }) => [value, verdict])).toEqual([
      ["Aiman", "different"],
      ["Eman Zubair", "same"],
    ]);
  });

  test("marks what is shared even where the other's record is closed to the reader", () => {
    const [line] = compared(own, [{ known: {}, shared: ["mobile"] }]);
    expect(line).toMatchObject({ field: "mobile", others: [{ value: "", verdict: "shared" }] });
  });

  test("knows of a student what student and person say, and leaves out what neither tells", () => {
    const student = { name: "Aiman", father_name: null, phone: "+92300", email: null } as unknown as Student;
    const person = {
      name: "Aiman Zubair",
      national_id: "35202",
      contacts: [
        { kind: "phone", value: "+92301", is_primary: true },
        { kind: "email", value: "old@example.org", is_primary: false },
      ],
    } as unknown as Person;
    expect(ofPerson(student, null)).toEqual({ full_name: "Aiman", mobile: "+92300" });
    expect(ofPerson(student, person)).toEqual({
      full_name: "Aiman Zubair",
      cnic_or_bform: "35202",
      mobile: "+92301",
    });
  });
});

const missing = (code: string) => ({ code, label: "", detail: "", severity: "block" as const, where: null });
const approve = (...codes: string[]): Move => ({
  name: "approve",
  label: "Approve",
  allowed: codes.length === 0,
  missing: codes.map(missing),
  warnings: [missing("papers_missing")],
});
const duplicate = (kind: Duplicate["kind"], id: number, person: number | null): Duplicate => ({
  kind,
  id,
  person,
  name: "Aiman",
  number: "",
  status: "",
  shared: ["mobile"],
});

describe("the door to the approval", () => {
  test("opens when nothing is in the way, or a duplicate alone", () => {
    expect(asDoor(approve())).toMatchObject({ allowed: true, warnings: [] });
    expect(asDoor(approve("open_duplicate"))).toMatchObject({ allowed: true, missing: [] });
  });

  test("stays shut, with its reasons, when anything else is", () => {
    const move = approve("open_duplicate", "no_seats_left");
    expect(asDoor(move)).toBe(move);
    const other = { ...approve("open_duplicate"), name: "reject" };
    expect(asDoor(other)).toBe(other);
  });

  test("offers each person once, and settles those who are that person", () => {
    const found = [duplicate("application", 1, null), duplicate("student", 2, 9), duplicate("person", 9, 9)];
    expect(knownPeople(found).map(({ id }) => id)).toEqual([9]);
    expect(unsettled(found, null)).toHaveLength(3);
    expect(unsettled(found, 9).map(({ kind }) => kind)).toEqual(["application"]);
  });
});
