import { Badge } from "@mantine/core";
import { useLabel } from "../i18n/label";
import classes from "./StatusBadge.module.css";

type Tone = "calm" | "good" | "wait" | "stop" | "plain";

const TONES: Record<string, Tone> = {
  acknowledged: "wait",
  active: "good",
  approved: "good",
  avoid: "wait",
  below_threshold: "stop",
  cancelled: "stop",
  damaged: "stop",
  committed: "good",
  committing: "calm",
  completed: "calm",
  condoned: "calm",
  eligible: "good",
  fail: "stop",
  failed: "stop",
  finalized: "good",
  firing: "stop",
  finished: "good",
  frozen: "good",
  graduated: "calm",
  granted: "good",
  issued: "good",
  live: "good",
  needs_operator: "stop",
  needs_review: "wait",
  not_verified: "stop",
  dead: "stop",
  deferred: "wait",
  on_leave: "wait",
  marking: "wait",
  open: "good",
  overdue: "wait",
  pass: "good",
  passed: "good",
  pending: "wait",
  prefer: "good",
  previewed: "wait",
  previewing: "calm",
  proven: "good",
  published: "good",
  proposed: "wait",
  refused: "stop",
  rejected: "stop",
  requested: "wait",
  revoked: "stop",
  rolled_back: "wait",
  resolved: "good",
  retrying: "wait",
  running: "calm",
  scheduled: "calm",
  sending: "calm",
  sent: "good",
  succeeded: "good",
  succeeded_with_warnings: "wait",
  submitted: "wait",
  superseded: "wait",
  suspended: "stop",
  unavailable: "stop",
  under_review: "wait",
  upcoming: "calm",
  verified: "calm",
  verified_with_warnings: "wait",
  waived: "calm",
};

/** A workflow state: colour and dot for the glance, the word for everybody. */
export function StatusBadge({ status, label }: { status: string; label?: string }) {
  const labelOf = useLabel();
  const tone = TONES[status.toLowerCase()] ?? "plain";
  return (
    <Badge
      variant="outline"
      className={classes.badge}
      data-tone={tone}
      leftSection={<span className={classes.dot} />}
    >
      {label ?? labelOf("ui.status", status.toLowerCase())}
    </Badge>
  );
}
