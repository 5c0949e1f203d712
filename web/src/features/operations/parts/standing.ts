// What the first sentence of the overview says: the worst thing that needs somebody, else that nothing does.
import type { Overview } from "../queries";
import type { Tone } from "./Tile";

export type Standing =
  | "degraded"
  | "critical"
  | "workerless"
  | "unwatched"
  | "failed"
  | "warned"
  | "unproven"
  | "unverified"
  | "calm";

const WATCHED_WITHIN = 5 * 60_000;

export function standingOf(seen: Overview): Standing {
  if (seen.health.status !== "ok") return "degraded";
  if (seen.alerts.critical > 0) return "critical";
  if (seen.processes.worker === 0) return "workerless";
  if (!isWatched(seen)) return "unwatched";
  if (seen.verification?.result === "not_verified") return "failed";
  if (seen.alerts.warning > 0) return "warned";
  if (!seen.backup.name) return "unproven";
  if (!seen.verification) return "unverified";
  return "calm";
}

/** Whether somebody looked for alerts lately: else "nothing fires" says nothing. */
const isWatched = ({ at, alerts: { evaluated_at } }: Overview) =>
  evaluated_at !== null && Date.parse(at) - Date.parse(evaluated_at) < WATCHED_WITHIN;

export const alertTone = ({ critical, warning, evaluated_at }: Overview["alerts"]): Tone => {
  if (critical > 0) return "stop";
  return warning > 0 || evaluated_at === null ? "wait" : "good";
};

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
