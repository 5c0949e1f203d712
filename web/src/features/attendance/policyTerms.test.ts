import { expect, test } from "vitest";
import { isComplete, termsOf, USUAL, written } from "./policyTerms";
import type { Policy } from "./queries";

test("terms that were read are shown as numbers and written back as they were", () => {
  const policy = {
    id: 1,
    threshold: "72.50",
    late_weight: "0.50",
    excused: "absent",
    near_margin: "5.00",
    condonation_max_points: "4.00",
    condonations_per_period: 2,
    check_in_opens_minutes: 15,
    late_after_minutes: 10,
  } as Policy;
  const terms = termsOf(policy);
  expect(terms.threshold).toBe(72.5);
  expect(written(terms)).toEqual({
    threshold: "72.5",
    late_weight: "0.5",
    excused: "absent",
    near_margin: "5",
    condonation_max_points: "4",
    condonations_per_period: 2,
    check_in_opens_minutes: 15,
    late_after_minutes: 10,
  });
});

test("a number that is being typed anew is not reckoned with", () => {
  expect(isComplete(USUAL)).toBe(true);
  expect(isComplete({ ...USUAL, threshold: "" })).toBe(false);
  expect(isComplete({ ...USUAL, threshold: 0 })).toBe(true);
});
