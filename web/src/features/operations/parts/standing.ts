// What the first sentence of the overview says: the worst thing that needs somebody, else that nothing does.
import type { Overview } from "../queries";
import type { Tone } from "./Tile";

export type Standing = "degraded" | "critical" | "workerless" | "failed" | "unproven" | "unverified" | "calm";

export function standingOf(seen: Overview): Standing {
  if (seen.health.status !== "ok") return "degraded";
  if (seen.alerts.critical > 0) return "critical";
  if (seen.processes.worker === 0) return "workerless";
  if (seen.verification?.result === "not_verified") return "failed";
  if (!seen.backup.name) return "unproven";
  if (!seen.verification) return "unverified";
  return "calm";
}

const A_DAY_AND_TWO_HOURS = 26;
const FULL = 0.95;
const FILLING = 0.85;

export const backupTone = ({ age_hours: age }: Overview["backup"]): Tone => {
  if (age === null) return "wait";
  return age > A_DAY_AND_TWO_HOURS ? "stop" : "good";
};

export const diskTone = (ratio: number): Tone => {
  if (ratio > FULL) return "stop";
  return ratio > FILLING ? "wait" : "good";
};

export const verificationTone = (found: Overview["verification"]): Tone => {
  if (!found) return "wait";
  if (found.result === "not_verified") return "stop";
  return found.result === "verified" ? "good" : "wait";
};
