// Which sentence a standing deserves; the numbers are the server's.
import type { Standing } from "./queries";

export type Saying =
  | { say: "none" }
  | { say: "unreachable"; threshold: number }
  | { say: "regain" | "miss"; count: number }
  | { say: "all" | "reached" | "below" };

export function sayingOf(standing: Standing): Saying {
  if (standing.code === "no_sessions") return { say: "none" };
  if (!standing.is_eligible) {
    if (standing.to_come > 0 && standing.regain_after) return { say: "regain", count: standing.regain_after };
    if (!standing.reachable) return { say: "unreachable", threshold: Number(standing.threshold) };
    return { say: standing.to_come > 0 ? "all" : "below" };
  }
  if (standing.to_come === 0) return { say: "reached" };
  if (!standing.reachable) return { say: "unreachable", threshold: Number(standing.threshold) };
  return standing.can_miss > 0 ? { say: "miss", count: standing.can_miss } : { say: "all" };
}

export type Tone = "good" | "wait" | "stop" | "plain";

/** Green while something may be missed, amber at the edge, red below the threshold. */
export function toneOf(standing: Standing): Tone {
  if (standing.code === "no_sessions") return "plain";
  if (!standing.is_eligible) return "stop";
  return standing.to_come > 0 && standing.can_miss === 0 ? "wait" : "good";
}
