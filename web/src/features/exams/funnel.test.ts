import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import { refusedOf } from "./funnel";

const lacks = (code: string, result?: number, reg_no = "MB-001") => ({
  code,
  label: code,
  detail: "",
  severity: "block" as const,
  where: result === undefined ? null : { result, reg_no },
});

test("what one result lacks is read together, and each by its number", () => {
  const problem = new Problem({
    status: 409,
    code: "NOT_VERIFIABLE",
    title: "",
    detail: "",
    missing: [
      lacks("marks_complete", 4),
      lacks("outcome_decided", 4),
      lacks("verifier_differs", 7, "MB-002"),
      lacks("nothing_to_move"),
    ],
  });
  const found = refusedOf(problem);
  expect(found.map(({ reg_no, missing }) => [reg_no, missing.map(({ code }) => code)])).toEqual([
    ["MB-001", ["marks_complete", "outcome_decided"]],
    ["MB-002", ["verifier_differs"]],
  ]);
});
