import { expect, test } from "vitest";
import type { Standing } from "./queries";
import { sayingOf, toneOf } from "./standing";

const standing = (more: Partial<Standing>): Standing =>
  ({
    code: "eligible",
    is_eligible: true,
    threshold: "75.00",
    to_come: 10,
    can_miss: 3,
    must_attend: 7,
    reachable: true,
    regain_after: 0,
    ...more,
  }) as Standing;

test("who may miss some is told how many", () => {
  expect(sayingOf(standing({}))).toEqual({ say: "miss", count: 3 });
  expect(toneOf(standing({}))).toBe("good");
});

test("who may miss none is told to come always", () => {
  expect(sayingOf(standing({ can_miss: 0 }))).toEqual({ say: "all" });
  expect(toneOf(standing({ can_miss: 0 }))).toBe("wait");
});

test("who is below is told how many sessions bring it back", () => {
  const below = standing({ is_eligible: false, code: "below_threshold", can_miss: 0, regain_after: 6 });
  expect(sayingOf(below)).toEqual({ say: "regain", count: 6 });
  expect(toneOf(below)).toBe("stop");
});

test("who cannot reach it any more is told so", () => {
  const late = { is_eligible: false, reachable: false, can_miss: 0, regain_after: null };
  expect(sayingOf(standing(late))).toEqual({ say: "unreachable", threshold: 75 });
});

test("without counted sessions nothing is said of percent", () => {
  const none = standing({ code: "no_sessions", is_eligible: false, regain_after: 1 });
  expect(sayingOf(none)).toEqual({ say: "none" });
  expect(toneOf(none)).toBe("plain");
});

test("at the end of a period there is nothing more to miss", () => {
  expect(sayingOf(standing({ to_come: 0, can_miss: 0 }))).toEqual({ say: "reached" });
});
