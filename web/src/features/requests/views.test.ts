import { describe, expect, test } from "vitest";
import type { Me } from "../../api/me";
import { filtersOf, hasStates, VIEWS, viewOf, viewsFor } from "./views";

const holding = (...permissions: string[]) => ({ permissions }) as Me;

describe("the queues of a reader", () => {
  test.each([
    ["a student", ["request.view", "request.create"], ["own"]],
    ["somebody who neither asks nor handles", ["request.view"], ["own"]],
    ["an auditor", ["request.view", "journal.view"], ["others"]],
    [
      "the exam cell",
      ["request.view", "request.handle"],
      ["waiting", "given", "review", "serve", "done", "others"],
    ],
    ["a registrar", ["request.view", "request.create", "request.handle", "journal.view"], [...VIEWS]],
  ])("of %s", (_who, permissions, views) => {
    expect(viewsFor(holding(...permissions))).toEqual(views);
  });

  test("an address opens only what the reader has", () => {
    expect(viewOf("own", ["waiting", "own"])).toBe("own");
    expect(viewOf("waiting", ["own"])).toBe("own");
    expect(viewOf(undefined, ["waiting", "own"])).toBe("waiting");
    expect(viewOf("nonsense", ["others"])).toBe("others");
  });

  test("others' requests and the own never stand in one queue", () => {
    expect(VIEWS.filter((view) => filtersOf(view, 7).mine === true)).toEqual(["own"]);
    expect(filtersOf("given", 7)).toEqual({ mine: false, is_open: true, assigned_to: 7 });
    expect(VIEWS.filter(hasStates)).toEqual(["done", "others", "own"]);
  });
});
