// Forty broken rules of one kind read as one line.
import { type Missing, missingFrom, Problem } from "../../../api/problem";

export function grouped(items: Missing[]): Missing[] {
  const kinds = new Map<string, Missing[]>();
  for (const item of items) {
    const key = `${item.severity}${item.code}`;
    kinds.set(key, [...(kinds.get(key) ?? []), item]);
  }
  return [...kinds.values()].flatMap(([first, ...more]) =>
    first ? [more.length > 0 ? { ...first, parts: [first, ...more] } : first] : [],
  );
}

/** The refusal with each rule once. */
export function inShort(problem: Problem): Problem {
  const { status, code, title, detail, errors, missing, requestId, extra } = problem;
  const facts = { status, code, title, detail, errors, requestId, extra };
  return new Problem({ ...facts, missing: grouped(missing) });
}

/** Requirements as the server sends them inside an answer. */
export function missingOf(raw: readonly object[] | undefined): Missing[] {
  return (raw ?? []).map((each) => missingFrom({ ...each }));
}
