import { useLabel } from "../../../i18n/label";
import { StatusBadge } from "../../../ui/StatusBadge";

export function CondonationStatus({ status }: { status: string }) {
  const label = useLabel();
  return <StatusBadge status={status} label={label("attendance.condonations.statuses", status)} />;
}
