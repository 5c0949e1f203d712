import { useLabel } from "../../../i18n/label";
import { StatusBadge } from "../../../ui/StatusBadge";

/** Whether somebody may sit, in words: the code of a standing or a line. */
export function CodeBadge({ code }: { code: string }) {
  const label = useLabel();
  return <StatusBadge status={code} label={label("attendance.code", code)} />;
}
