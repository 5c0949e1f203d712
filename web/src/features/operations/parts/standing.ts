// What the first sentence of the overview is made of; where something is not known it says so.
import type { Overview } from "../queries";
import type { Tone } from "./Tile";

const WATCHED_WITHIN = 5 * 60_000;

/** What keeps people from being served, whatever the rest is like. */
export function troubleOf({ health, processes }: Overview): "degraded" | "workerless" | null {
  if (health.status !== "ok") return "degraded";
  return processes.worker === 0 ? "workerless" : null;
}

/** The server tells of the running build alone. */
export const releaseOf = ({ verification }: Overview) => verification?.result ?? "unverified";

export function backupOf({ backup: { age_hours: age } }: Overview): "proven" | "fresh" | "unproven" {
  if (age === null) return "unproven";
  return age < 1 ? "fresh" : "proven";
}

/** A warning that nobody has looked at again lately may be over; a critical alert is told all the same. */
export function firingOf(seen: Overview): "fires" | "unwatched" | "calm" {
  if (seen.alerts.critical > 0) return "fires";
  if (!isWatched(seen)) return "unwatched";
  return seen.alerts.warning > 0 ? "fires" : "calm";
}

/** Whether somebody looked for alerts lately: else "nothing fires" says nothing. */
const isWatched = ({ at, alerts: { evaluated_at } }: Overview) =>
  evaluated_at !== null && Date.parse(at) - Date.parse(evaluated_at) < WATCHED_WITHIN;

export const alertTone = ({ critical, warning, evaluated_at }: Overview["alerts"]): Tone => {
  if (critical > 0) return "stop";
  return warning > 0 || evaluated_at === null ? "wait" : "good";
};

type Limits = Overview["limits"];

export const backupTone = ({ age_hours: age }: Overview["backup"], { backup_hours }: Limits): Tone => {
  if (age === null) return "wait";
  return age > backup_hours ? "stop" : "good";
};

export const diskTone = (ratio: number, { disk_ratio, disk_full_ratio }: Limits): Tone => {
  if (ratio > disk_full_ratio) return "stop";
  return ratio > disk_ratio ? "wait" : "good";
};

export const verificationTone = (found: Overview["verification"]): Tone => {
  if (!found) return "wait";
  if (found.result === "not_verified") return "stop";
  return found.result === "verified" ? "good" : "wait";
};
