import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import type { Attempt } from "../queries";

/** What came of an attempt: the status that was answered, or why none was. */
export function OutcomeWords({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const { status_code, error_code, latency_ms } = attempt;
  const said = error_code ? label("webhooks.error", error_code) : "";
  if (status_code === null) return said;
  const answered = t("webhooks.answered", { status: status_code, latency: number(latency_ms) });
  return said ? `${answered} ${said}` : answered;
}
