import { expect, test } from "vitest";
import type { Move } from "../../api/moves";
import { shownMoves } from "./moves";

const move = (name: string, ...codes: string[]): Move => ({
  name,
  label: name,
  allowed: codes.length === 0,
  missing: codes.map((code) => ({ code, label: code, detail: "", severity: "block", where: null })),
});
const names = (moves: Move[]) => shownMoves(moves).map(({ name }) => name);

test("what is the other side's is left out, what lacks something is shown with it", () => {
  const moves = [
    move("assign", "wrong_status"),
    move("approve", "own_request"),
    move("reject"),
    move("complete", "NOT_APPROVED"),
    move("cancel", "not_yours"),
  ];
  expect(names(moves)).toEqual(["approve", "reject", "complete"]);
});

test("one's own request that one would handle says that somebody else does", () => {
  const moves = [
    move("approve", "own_request"),
    move("complete", "NOT_APPROVED", "own_request"),
    move("cancel"),
  ];
  expect(names(moves)).toEqual(["approve", "complete", "cancel"]);
});

test("a request that has ended offers nothing", () => {
  const over = ["assign", "approve", "reject", "cancel"].map((name) => move(name, "wrong_status"));
  expect(names([...over, move("complete", "NOT_APPROVED")])).toEqual([]);
  expect(names([...over, move("complete")])).toEqual(["complete"]);
});
