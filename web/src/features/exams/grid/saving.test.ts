import { describe, expect, test } from "vitest";
import { Problem } from "../../../api/problem";
import type { GridCell } from "../queries";
import * as saving from "./saving";

const cell = (marks: string, version: number): GridCell => ({
  component: 1,
  state: "marked",
  marks,
  outcome: "pass",
  version,
  entered_at: null,
  entered_by_name: "Alice",
});
const at = (candidate: number, component = 1) => ({ candidate, component });
const refusal = (status: number, more: object = {}) =>
  new Problem({ status, code: "no", title: "", detail: "No.", ...more });

/** Three people marked 40, 50 and 60, on their way to the server. */
function three() {
  let edits = saving.NOTHING;
  edits = saving.typed(edits, at(1), "40", undefined);
  edits = saving.typed(edits, at(2), "50", cell("45.00", 7));
  edits = saving.typed(edits, at(3), "60", undefined);
  return saving.pack(edits);
}

describe("marks on their way", () => {
  test("carry what each says and the version that was seen", () => {
    const { sent } = three();
    expect(sent.entries).toEqual([
      { ...at(1), state: "marked", marks: "40", version: 0 },
      { ...at(2), state: "marked", marks: "50", version: 7 },
      { ...at(3), state: "marked", marks: "60", version: 0 },
    ]);
  });

  test("are not sent when they say what stands there", () => {
    expect(saving.typed(saving.NOTHING, at(2), "45", cell("45.00", 7))).toEqual({});
    const once = saving.typed(saving.NOTHING, at(2), "46", cell("45.00", 7));
    expect(saving.hasWork(once)).toBe(true);
    expect(saving.typed(once, at(2), " 45 ", cell("45.00", 7))).toEqual({});
  });

  test("empty a cell, and say absent and exempt by their words", () => {
    let edits = saving.typed(saving.NOTHING, at(1), "ab", undefined);
    edits = saving.typed(edits, at(2), "", cell("45.00", 7));
    edits = saving.typed(edits, at(3), "EX", undefined);
    expect(saving.pack(edits).sent.entries).toEqual([
      { ...at(1), state: "absent", version: 0 },
      { ...at(2), state: null, version: 7 },
      { ...at(3), state: "exempt", version: 0 },
    ]);
  });

  test("are done once saved; what was typed meanwhile goes on from the new version", () => {
    const { edits, sent } = three();
    const meanwhile = saving.typed(edits, at(2), "51", cell("45.00", 7));
    const after = saving.saved(meanwhile, sent, () => 8);
    expect(Object.values(after)).toEqual([{ ...at(2), text: "51", version: 8, phase: "waiting" }]);
  });

  test("wait again when the network lost them, and when one is signed out", () => {
    const { edits, sent } = three();
    for (const status of [0, 503, 401]) {
      const after = saving.refused(edits, sent, refusal(status));
      expect(Object.values(after).map(({ phase }) => phase)).toEqual(["waiting", "waiting", "waiting"]);
    }
  });

  test("of which one is wrong: it says why, and the others go again", () => {
    const { edits, sent } = three();
    const errors = [{ pointer: "/entries/1/marks", code: "out_of_range", detail: "From 0 to 49." }];
    const after = saving.refused(edits, sent, refusal(422, { errors }));
    expect(after["2:1"]).toMatchObject({ phase: "refused", fault: { code: "out_of_range" } });
    expect(saving.pack(after).sent.edits.map(({ candidate }) => candidate)).toEqual([1, 3]);
    expect(saving.stateOf(after, 2)).toBe("refused");
  });

  test("that meet somebody else's stop there alone, and are written over knowingly with that version", () => {
    const { edits, sent } = three();
    const theirs = { ...at(2), state: "marked", marks: "48.00", version: 9, by: "Noor", at: null };
    const after = saving.refused(edits, sent, refusal(412, { extra: { cells: [theirs] } }));
    expect(after["2:1"]).toMatchObject({ phase: "clashed", theirs: { by: "Noor" } });
    expect(after["1:1"]).toMatchObject({ phase: "waiting" });
    const mine = saving.settled(after, at(2), "mine");
    expect(mine["2:1"]).toMatchObject({ text: "50", version: 9, phase: "waiting" });
    expect(saving.settled(after, at(2), "theirs")).not.toHaveProperty("2:1");
  });

  test("of a result that is no draft any more are refused alone", () => {
    const { edits, sent } = three();
    const after = saving.refused(
      edits,
      sent,
      refusal(409, { code: "IMMUTABLE_RESULT", extra: { candidates: [3] } }),
    );
    expect(after["3:1"]).toMatchObject({ phase: "refused", fault: { code: "IMMUTABLE_RESULT" } });
    expect(after["1:1"]).toMatchObject({ phase: "waiting" });
  });

  test("of somebody who may not sit are refused alone", () => {
    const { edits, sent } = three();
    const missing = [
      {
        code: "candidate_not_admitted",
        label: "",
        detail: "not_on_list",
        severity: "block" as const,
        where: { candidate: 1 },
      },
    ];
    const after = saving.refused(edits, sent, refusal(409, { code: "candidate_not_admitted", missing }));
    expect(saving.stateOf(after, 1)).toBe("refused");
    expect(saving.stateOf(after, 2)).toBe("unsaved");
  });

  test("are all refused where the refusal names none", () => {
    const { edits, sent } = three();
    const after = saving.refused(edits, sent, refusal(409, { code: "exam_not_marking" }));
    expect(saving.hasWork(after)).toBe(false);
    expect(saving.isSettled(after)).toBe(false);
  });
});
