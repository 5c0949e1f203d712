import { describe, expect, test } from "vitest";
import type { Line, Mark } from "../queries";
import {
  bodyOf,
  clashed,
  fillRest,
  hasWork,
  isUnsaved,
  NOTHING,
  nextMark,
  pack,
  refused,
  saved,
  settleClash,
  shownMark,
  tap,
} from "./marking";

const line = (id: number, status: Mark | null = null, version = 1, more: Partial<Line> = {}): Line =>
  ({ id, status, version, expected: true, marked_by: "", source: status ? "live" : null, ...more }) as Line;
const key = () => "k1";

describe("a tap", () => {
  test("goes round present, late, absent, and starts with present after anything else", () => {
    expect([null, "present", "late", "absent", "excused"].map((mark) => nextMark(mark as Mark))).toEqual([
      "present",
      "late",
      "absent",
      "present",
      "present",
    ]);
  });

  test("shows at once and names the version that was seen", () => {
    const state = tap(NOTHING, line(1, "absent", 4), "present");
    expect(shownMark(state, line(1, "absent", 4))).toBe("present");
    expect(bodyOf(pack(state, key).batch)).toEqual({ marks: [{ line: 1, status: "present", version: 4 }] });
  });

  test("back to what the server holds leaves nothing to save", () => {
    const state = tap(tap(NOTHING, line(1, "present", 2), "late"), line(1, "present", 2), "present");
    expect(hasWork(state)).toBe(false);
  });

  test("back, while the first is on its way, is a mark of its own", () => {
    const sent = pack(tap(NOTHING, line(1), "present"), key);
    const state = tap(sent, line(1), "late");
    expect(shownMark(state, line(1))).toBe("late");
    expect(Object.keys(state.taps)).toEqual(["1"]);
  });
});

describe("the rest", () => {
  test("are those expected without a mark, nobody else", () => {
    const state = fillRest(tap(NOTHING, line(1), "absent"));
    const visitor = line(3, null, 1, { expected: false });
    expect([line(1), line(2), visitor, line(4, "late")].map((each) => shownMark(state, each))).toEqual([
      "absent",
      "present",
      null,
      "late",
    ]);
    expect(isUnsaved(state, visitor)).toBe(false);
    expect(bodyOf(pack(state, key).batch)).toEqual({
      marks: [{ line: 1, status: "absent", version: 1 }],
      rest: "present",
    });
  });
});

describe("an attempt", () => {
  test("that is undecided is packed again as it was, under its key", () => {
    const first = pack(tap(NOTHING, line(1), "present"), key);
    const later = tap(first, line(2), "late");
    const again = pack(later, () => "k2");
    expect(again.batch).toEqual(first.batch);
    expect(Object.keys(again.taps)).toEqual(["2"]);
  });

  test("carries one reason; taps with another wait for the next", () => {
    const state = tap(tap(NOTHING, line(1), "late", { reason: "Came in" }), line(2), "absent");
    const packed = pack(fillRest(state), key);
    expect(bodyOf(packed.batch)).toEqual({
      marks: [{ line: 1, status: "late", version: 1 }],
      reason: "Came in",
    });
    expect(packed.rest).toBe(true);
    expect(Object.keys(packed.taps)).toEqual(["2"]);
  });

  test("that is written puts later taps on the new version", () => {
    const state = tap(pack(tap(NOTHING, line(1), "present"), key), line(1), "late");
    const after = saved(state, [line(1, "present", 2)]);
    expect(after.batch).toBeNull();
    expect(after.taps[1]).toEqual({ status: "late", version: 2 });
  });

  test("after which somebody else came first lays a later tap beside theirs", () => {
    const state = tap(pack(tap(NOTHING, line(1), "present"), key), line(1), "late");
    const after = saved(state, [line(1, "excused", 3, { marked_by: "Bob" })]);
    expect(after.taps).toEqual({});
    expect(after.clashes[1]).toEqual({
      mine: { status: "late", version: 1 },
      theirs: { status: "excused", version: 3, by: "Bob" },
    });
  });

  test("that is refused leaves every tap waiting, the later ones in place of the earlier", () => {
    const state = tap(pack(fillRest(tap(NOTHING, line(1), "present")), key), line(1), "absent");
    const after = refused(state);
    expect(after.batch).toBeNull();
    expect(after.rest).toBe(true);
    expect(after.taps[1]?.status).toBe("absent");
  });
});

describe("a line that somebody else marked", () => {
  const sent = pack(tap(tap(NOTHING, line(1), "present"), line(2), "late"), key);
  const after = clashed(sent, [{ line: 1, status: "absent", version: 2, by: "Bob" }]);

  test("is not overwritten, while the others wait to be sent again", () => {
    expect(Object.keys(after.taps)).toEqual(["2"]);
    expect(shownMark(after, line(1, "absent", 2))).toBe("absent");
    expect(pack(after, () => "k2").batch.key).toBe("k2");
  });

  test("takes mine on the version that is seen now, or stays theirs", () => {
    expect(settleClash(after, 1, "mine").taps[1]).toEqual({ status: "present", version: 2 });
    expect(settleClash(after, 1, "mine").clashes).toEqual({});
    expect(Object.keys(settleClash(after, 1, "theirs").taps)).toEqual(["2"]);
  });
});
