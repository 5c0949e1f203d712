import { describe, expect, test } from "vitest";
import { bodyOf, changedFields, FIELD_NAMES, plainDigits, type Values, valuesOf } from "./fields";
import { fileFault, limitOf, megabytes } from "./files";

const empty = Object.fromEntries(FIELD_NAMES.map((name) => [name, ""])) as Values;

describe("the fields of an application on their way to the server", () => {
  test("are those that changed and no others", () => {
    const stored = { ...empty, full_name: "Amina" };
    expect(changedFields({ ...stored, mobile: "0300" }, stored)).toEqual({ mobile: "0300" });
    expect(changedFields(stored, stored)).toEqual({});
  });

  test("are numbers where numbers are meant, and nothing where nothing stands", () => {
    expect(
      bodyOf({
        passing_year: "2026",
        merit_number: "",
        merit_percentage: "88.5",
        date_of_birth: "",
        subjects: "",
      }),
    ).toEqual({
      passing_year: 2026,
      merit_number: null,
      merit_percentage: "88.5",
      date_of_birth: null,
      subjects: "",
    });
  });

  test("go as typed where they are no number, so that the server names the fault", () => {
    expect(bodyOf({ passing_year: "last year" })).toEqual({ passing_year: "last year" });
  });

  test("may be written with the digits of an Urdu keyboard", () => {
    expect(plainDigits("۰۳۰۰ ١٢٣")).toBe("0300 123");
    expect(bodyOf({ passing_year: "۲۰۲۶", mobile: "۰۳۰۰", full_name: "علی ۲" })).toEqual({
      passing_year: 2026,
      mobile: "0300",
      full_name: "علی ۲",
    });
  });

  test("come back as texts", () => {
    const record = { ...empty, merit_number: 12, passing_year: null, gender: "female" };
    expect(valuesOf(record)).toEqual({ ...empty, merit_number: "12", gender: "female" });
  });
});

describe("a file before it is sent", () => {
  const file = (type: string, size: number) => ({ type, size });
  const MEGA = 1024 * 1024;

  test.each([
    ["photo", file("image/jpeg", MEGA), null],
    ["photo", file("image/jpeg", MEGA + 1), "size"],
    ["photo", file("application/pdf", 10), "type"],
    ["domicile", file("application/pdf", 3 * MEGA), null],
    ["domicile", file("application/pdf", 3 * MEGA + 1), "size"],
    ["domicile", file("image/gif", 10), "type"],
    ["domicile", file("image/png", 0), "empty"],
  ] as const)("of %s, %o: %s", (kind, chosen, fault) => {
    expect(fileFault(kind, chosen)).toBe(fault);
  });

  test("is told in megabytes, never as none", () => {
    expect([megabytes(1), megabytes(1.45 * MEGA), megabytes(limitOf("domicile"))]).toEqual([0.1, 1.5, 3]);
  });
});
