// The picker never asks for the same event twice, and leaves out exactly what is taken out.
import { describe, expect, test } from "vitest";
import { byNoun, chosenOf, covers, filtersOf, withNoun, withType } from "./patterns";

const WEEKS = ["week_plan.created", "week_plan.published", "week_plan.reverted"];

describe("patterns", () => {
  test("speak of a type by itself, by its noun, or by everything", () => {
    expect(covers(["*"], "week_plan.created")).toBe(true);
    expect(covers(["week_plan.*"], "week_plan.created")).toBe(true);
    expect(covers(["week_plan.created"], "week_plan.created")).toBe(true);
    expect(covers(["week_plan.created", "week.*"], "week_plan.published")).toBe(false);
  });

  test("tell how much of a noun is chosen", () => {
    expect(chosenOf([], WEEKS)).toBe("none");
    expect(chosenOf(["week_plan.created"], WEEKS)).toBe("some");
    expect(chosenOf(["week_plan.*"], WEEKS)).toBe("all");
    expect(chosenOf(WEEKS, WEEKS)).toBe("all");
  });

  test("of a whole noun replace its single types, and nothing of another noun", () => {
    const before = ["week_plan.created", "person.created", "week.created"];
    expect(withNoun(before, "week_plan", true)).toEqual(["person.created", "week.created", "week_plan.*"]);
    expect(withNoun(before, "week_plan", false)).toEqual(["person.created", "week.created"]);
  });

  test("let one type be taken out of a whole noun", () => {
    expect(withType(["person.*", "week_plan.*"], "week_plan.created", false, WEEKS)).toEqual([
      "person.*",
      "week_plan.published",
      "week_plan.reverted",
    ]);
    expect(withType(["week_plan.created", "person.*"], "week_plan.created", false, WEEKS)).toEqual([
      "person.*",
    ]);
  });

  test("take a type in once", () => {
    expect(withType(["person.*"], "week_plan.created", true, WEEKS)).toEqual([
      "person.*",
      "week_plan.created",
    ]);
    expect(withType(["week_plan.*"], "week_plan.created", true, WEEKS)).toEqual(["week_plan.*"]);
  });

  test("offer the filters of what is chosen, each once", () => {
    const events = [
      { type: "week_plan.created", filters: ["batch_id"] },
      { type: "week_plan.published", filters: ["batch_id"] },
      { type: "application.approved", filters: ["program_id"] },
    ];
    expect(filtersOf(["week_plan.*"], events)).toEqual(["batch_id"]);
    expect(filtersOf(["*"], events)).toEqual(["batch_id", "program_id"]);
    expect(filtersOf([], events)).toEqual([]);
  });

  test("group types by noun in their order", () => {
    const events = [{ type: "b.made" }, { type: "a.made" }, { type: "b.lost" }];
    expect(byNoun(events)).toEqual([
      ["b", [{ type: "b.made" }, { type: "b.lost" }]],
      ["a", [{ type: "a.made" }]],
    ]);
  });
});
