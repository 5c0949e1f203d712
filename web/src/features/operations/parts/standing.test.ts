// The sentence on top names the worst thing and never claims what nobody saw.
import { expect, test } from "vitest";
import type { Overview } from "../queries";
import { alertTone, backupTone, diskTone, standingOf, verificationTone } from "./standing";

const CALM = {
  health: { status: "ok" },
  at: "2026-03-02T09:30:20Z",
  alerts: { critical: 0, warning: 0, evaluated_at: "2026-03-02T09:30:00Z" },
  processes: { web: 1, worker: 1, differing_build: 0 },
  verification: { result: "verified", at: "", build_id: "", scope: "full" },
  backup: { name: "a", proven_at: "", age_hours: 5, offsite_at: null, drill: null },
} as unknown as Overview;

test.each([
  ["calm", {}],
  ["unverified", { verification: null }],
  ["unproven", { backup: { ...CALM.backup, name: null }, verification: null }],
  ["failed", { verification: { ...CALM.verification, result: "not_verified" } }],
  ["workerless", { processes: { ...CALM.processes, worker: 0 } }],
  ["warned", { alerts: { ...CALM.alerts, warning: 1 } }],
  ["unwatched", { alerts: { ...CALM.alerts, evaluated_at: null } }],
  ["unwatched", { alerts: { ...CALM.alerts, warning: 1, evaluated_at: "2026-03-02T09:25:00Z" } }],
  ["critical", { alerts: { ...CALM.alerts, critical: 1 }, processes: { ...CALM.processes, worker: 0 } }],
  ["degraded", { health: { status: "degraded" }, alerts: { ...CALM.alerts, critical: 1 } }],
])("%s", (standing, differing) => {
  expect(standingOf({ ...CALM, ...differing } as Overview)).toBe(standing);
});

test("a backup is red once it is older than a day and two hours, and never green unseen", () => {
  const aged = (age_hours: number | null) => backupTone({ ...CALM.backup, age_hours });
  expect([aged(null), aged(26), aged(26.1)]).toEqual(["wait", "good", "stop"]);
});

test("a disk is yellow above 85 % and red above 95 %", () => {
  expect([0.85, 0.86, 0.95, 0.96].map(diskTone)).toEqual(["good", "wait", "wait", "stop"]);
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
