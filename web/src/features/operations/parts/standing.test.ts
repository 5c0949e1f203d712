// The sentence on top is made of figures and never claims what nobody saw.
import { expect, test } from "vitest";
import type { Overview } from "../queries";
import {
  alertTone,
  backupOf,
  backupTone,
  diskTone,
  firingOf,
  releaseOf,
  troubleOf,
  verificationTone,
} from "./standing";

const CALM = {
  health: { status: "ok" },
  at: "2026-03-02T09:30:20Z",
  alerts: { critical: 0, warning: 0, evaluated_at: "2026-03-02T09:30:00Z" },
  processes: { web: 1, worker: 1, differing_build: 0 },
  verification: { result: "verified", at: "", build_id: "", scope: "full" },
  backup: { name: "a", proven_at: "", age_hours: 5, offsite_at: null, drill: null },
} as unknown as Overview;

const of = (differing: object) => ({ ...CALM, ...differing }) as Overview;

test.each([
  [null, {}],
  ["workerless", { processes: { ...CALM.processes, worker: 0 } }],
  ["degraded", { health: { status: "degraded" }, processes: { ...CALM.processes, worker: 0 } }],
])("what keeps people from being served: %s", (trouble, differing) => {
  expect(troubleOf(of(differing))).toBe(trouble);
});

test("a release is what its verification found, and unverified without one", () => {
  const found = (result: string) => releaseOf(of({ verification: { ...CALM.verification, result } }));
  expect(["verified", "verified_with_warnings", "not_verified"].map(found)).toEqual([
    "verified",
    "verified_with_warnings",
    "not_verified",
  ]);
  expect(releaseOf(of({ verification: null }))).toBe("unverified");
});

test("a backup has an age once one is proven", () => {
  const aged = (age_hours: number | null) => backupOf(of({ backup: { ...CALM.backup, age_hours } }));
  expect([aged(null), aged(0.9), aged(1), aged(5)]).toEqual(["unproven", "fresh", "proven", "proven"]);
});

test.each([
  ["calm", {}],
  ["fires", { warning: 1 }],
  ["unwatched", { evaluated_at: null }],
  ["unwatched", { warning: 1, evaluated_at: "2026-03-02T09:25:00Z" }],
  ["fires", { critical: 1, evaluated_at: null }],
])("%s", (firing, differing) => {
  expect(firingOf(of({ alerts: { ...CALM.alerts, ...differing } }))).toBe(firing);
});

const LIMITS = { backup_hours: 26, disk_ratio: 0.85, disk_full_ratio: 0.95 };

test("a backup is red once an alert fires on its age, and never green unseen", () => {
  const aged = (age_hours: number | null, limits = LIMITS) =>
    backupTone({ ...CALM.backup, age_hours }, limits);
  expect([aged(null), aged(26), aged(26.1)]).toEqual(["wait", "good", "stop"]);
  expect(aged(5, { ...LIMITS, backup_hours: 4 })).toBe("stop");
});

test("a disk is yellow and red where its alerts fire", () => {
  const used = (limits: typeof LIMITS) => [0.85, 0.86, 0.95, 0.96].map((ratio) => diskTone(ratio, limits));
  expect(used(LIMITS)).toEqual(["good", "wait", "wait", "stop"]);
  expect(used({ ...LIMITS, disk_ratio: 0.5, disk_full_ratio: 0.855 })).toEqual([
    "wait",
    "stop",
    "stop",
    "stop",
  ]);
});

test("a verification is green only without findings", () => {
  const of = (result: string) =>
    verificationTone({ ...CALM.verification, result } as Overview["verification"]);
  expect([verificationTone(null), of("verified"), of("verified_with_warnings"), of("not_verified")]).toEqual([
    "wait",
    "good",
    "wait",
    "stop",
  ]);
});

test("alerts are green only where somebody looked and none fires", () => {
  const of = (values: Partial<Overview["alerts"]>) => alertTone({ ...CALM.alerts, ...values });
  expect([of({}), of({ evaluated_at: null }), of({ warning: 1 }), of({ critical: 1, warning: 1 })]).toEqual([
    "good",
    "wait",
    "wait",
    "stop",
  ]);
});
