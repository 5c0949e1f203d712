import { useLabel } from "../../../i18n/label";
import { StatusBadge } from "../../../ui/StatusBadge";

export function ResultStatus({ status }: { status: string }) {
  const label = useLabel();
  return <StatusBadge status={status} label={label("exams.resultStatus", status)} />;
}
