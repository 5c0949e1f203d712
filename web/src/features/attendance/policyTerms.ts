// What a version of a policy says, as its form holds it and as the API writes it.
import type { Policy } from "./queries";

export type Terms = {
  threshold: string | number;
  late_weight: string | number;
  excused: string;
  near_margin: string | number;
  condonation_max_points: string | number;
  condonations_per_period: string | number;
  check_in_opens_minutes: string | number;
  late_after_minutes: string | number;
};

export const USUAL: Terms = {
  threshold: 75,
  late_weight: 1,
  excused: "exclude",
  near_margin: 5,
  condonation_max_points: 5,
  condonations_per_period: 1,
  check_in_opens_minutes: 15,
  late_after_minutes: 10,
};

const DECIMALS = ["threshold", "late_weight", "near_margin", "condonation_max_points"] as const;
const WHOLE = ["condonations_per_period", "check_in_opens_minutes", "late_after_minutes"] as const;

export function termsOf(policy: Policy): Terms {
  const { excused } = policy;
  const numbers = [...DECIMALS, ...WHOLE].map((name) => [name, Number(policy[name])]);
  return { ...(Object.fromEntries(numbers) as Omit<Terms, "excused">), excused };
}

/** Decimals travel as text, so that none is rounded on its way. */
export function written(terms: Terms) {
  return {
    ...Object.fromEntries(DECIMALS.map((name) => [name, String(terms[name])])),
    ...Object.fromEntries(WHOLE.map((name) => [name, Number(terms[name])])),
    excused: terms.excused,
  };
}

/** Every number is there; otherwise there is nothing to reckon with yet. */
export const isComplete = (terms: Terms): boolean =>
  [...DECIMALS, ...WHOLE].every((name) => terms[name] !== "");
