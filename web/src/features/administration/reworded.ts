import { asProblem, Problem } from "../../api/problem";

/** The same refusal with a title that says it plainly, for codes one meets here. */
export function reworded(error: unknown, words: Record<string, string>): Problem {
  const problem = asProblem(error);
  const title = words[problem.code];
  if (!title) return problem;
  const { status, code, errors, missing, requestId, extra } = problem;
  return new Problem({ status, code, title, detail: title, errors, missing, requestId, extra });
}
