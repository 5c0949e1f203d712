import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import type { ListedAlert } from "../queries";

type Measured = Pick<ListedAlert, "value" | "threshold" | "unit">;

/** What a rule saw, against its threshold, with their unit. */
export function Measure({ of: { value, threshold, unit } }: { of: Measured }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const pair = t("operations.alerts.pair", {
    value: format.number(value),
    threshold: format.number(threshold),
  });
  return (
    <span>
      <bdi dir="ltr">{pair}</bdi> {unit === "count" ? null : label("operations.unit", unit)}
    </span>
  );
}
