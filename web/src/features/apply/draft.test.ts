// What another tab saved is joined with what was typed here, and no keystroke is lost by it.
import { beforeEach, describe, expect, test } from "vitest";
import { FIELD_NAMES, FIELDS, type Values } from "../../ui/application/fields";
import { byPart, isIntakeClosed, keep, kept, merged, missingFields, missingPapers } from "./draft";

const empty = Object.fromEntries(FIELD_NAMES.map((name) => [name, ""])) as Values;
const having = (values: Partial<Values>): Values => ({ ...empty, ...values });

describe("joining two tabs", () => {
  test("takes over what only the other one changed", () => {
    const join = merged(
      having({ full_name: "Amina" }),
      having({ full_name: "Amina Yusuf" }),
      having({ full_name: "Amina" }),
    );
    expect(join.values.full_name).toBe("Amina Yusuf");
    expect([join.taken, join.disputed]).toEqual([["full_name"], []]);
  });

  test("keeps what only this one changed", () => {
    const join = merged(empty, empty, having({ address: "12 Mall Road" }));
    expect(join.values.address).toBe("12 Mall Road");
    expect([join.taken, join.disputed]).toEqual([[], []]);
  });

  test("keeps what was typed here and names the field where both wrote something else", () => {
    const join = merged(having({ mobile: "1" }), having({ mobile: "2" }), having({ mobile: "3" }));
    expect(join.values.mobile).toBe("3");
    expect([join.taken, join.disputed]).toEqual([[], ["mobile"]]);
  });

  test("has nothing to say where both wrote the same", () => {
    const join = merged(having({ mobile: "1" }), having({ mobile: "2" }), having({ mobile: "2" }));
    expect([join.values.mobile, join.taken, join.disputed]).toEqual(["2", [], []]);
  });

  test("takes the server's shape of what was sent, unless one typed on", () => {
    const sent = having({ mobile: "0300 1234567", full_name: "Amina" });
    const answer = having({ mobile: "+923001234567", full_name: "Amina" });
    const join = merged(sent, answer, { ...sent, full_name: "Amina Yusuf" });
    expect([join.values.mobile, join.values.full_name]).toEqual(["+923001234567", "Amina Yusuf"]);
  });
});

describe("what is missing", () => {
  const moves = [
    { name: "withdraw", missing: [], warnings: [] },
    {
      name: "submit",
      missing: [
        { code: "intake_closed", where: null },
        { code: "application_incomplete", where: { fields: ["mobile", "full_name", "unheard_of"] } },
      ],
      warnings: [{ code: "papers_missing", where: { papers: ["photo"] } }],
    },
  ];

  test("is what the server names, field by field", () => {
    expect(missingFields(moves)).toEqual(["mobile", "full_name"]);
    expect(missingPapers(moves)).toEqual(["photo"]);
    expect([isIntakeClosed(moves), isIntakeClosed([])]).toEqual([true, false]);
  });

  test("stands under the step in which it is filled in, in the order of the form", () => {
    const found = byPart(["passing_year", "mobile", "father_name", "full_name"]);
    expect([...found]).toEqual([
      ["applicant", ["full_name", "father_name"]],
      ["contact", ["mobile"]],
      ["education", ["passing_year"]],
    ]);
  });

  test("is nothing where the server asks for nothing", () => {
    expect(missingFields([])).toEqual([]);
    expect(byPart([]).size).toBe(0);
  });

  test("leaves no field without a step", () => {
    const found = byPart(Object.keys(FIELDS));
    expect([...found.values()].flat().sort()).toEqual([...FIELD_NAMES].sort());
  });
});

describe("what was typed and not saved", () => {
  beforeEach(() => sessionStorage.clear());

  test("is there again in the same tab, and only for the same application", () => {
    keep(7, { base: empty, mine: having({ full_name: "Amina" }) });
    expect(kept(7)?.mine.full_name).toBe("Amina");
    expect(kept(8)).toBeNull();
    keep(7, null);
    expect(kept(7)).toBeNull();
  });

  test("that cannot be read is as if it were not", () => {
    sessionStorage.setItem("maristan.apply.7", '{"base": {}, "mine": 3}');
    expect(kept(7)).toBeNull();
    sessionStorage.setItem("maristan.apply.7", "{");
    expect(kept(7)).toBeNull();
  });
});
