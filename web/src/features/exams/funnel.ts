// The ways of many results at once, and what keeps some of them back.
import type { Missing, Problem } from "../../api/problem";
import type { RESULT_STATUSES } from "./queries";

export type ResultState = (typeof RESULT_STATUSES)[number];
export type BulkMove = {
  name: "verify" | "return" | "publish" | "freeze";
  from: ResultState;
  permission: string;
};

export const BULK_MOVES: BulkMove[] = [
  { name: "verify", from: "draft", permission: "result.verify" },
  { name: "publish", from: "verified", permission: "result.publish" },
  { name: "return", from: "verified", permission: "result.verify" },
  { name: "freeze", from: "published", permission: "result.freeze" },
];

export type Refused = { key: string; reg_no: string; missing: Missing[] };

/** A refusal names each requirement beside its result: those of one result are read together. */
export function refusedOf(problem: Problem): Refused[] {
  const found = new Map<string, Refused>();
  for (const item of problem.missing) {
    const key = String(item.where?.result ?? "");
    if (!key) continue;
    const known = found.get(key) ?? { key, reg_no: String(item.where?.reg_no ?? ""), missing: [] };
    found.set(key, { ...known, missing: [...known.missing, { ...item, where: null }] });
  }
  return [...found.values()];
}
