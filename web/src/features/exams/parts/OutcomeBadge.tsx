import { useLabel } from "../../../i18n/label";
import { StatusBadge } from "../../../ui/StatusBadge";

/** Passed, failed, or not to be said yet. */
export function OutcomeBadge({ outcome }: { outcome: string }) {
  const label = useLabel();
  return <StatusBadge status={outcome} label={label("exams.outcome", outcome)} />;
}
