import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { ListedEndpoint } from "../queries";

type Props = { endpoint: Pick<ListedEndpoint, "last_success_at" | "last_failure_at" | "failures"> };

/** When something last arrived, or failed to. */
export function LastOutcome({ endpoint }: Props) {
  const { t } = useTranslation();
  const { ago, dateTime } = useFormat();
  const { last_success_at: success, last_failure_at: failure, failures } = endpoint;
  if (failure && (!success || failure > success)) {
    return (
      <Text component="span" size="sm" c="madder" title={dateTime(failure)}>
        {t("webhooks.outcome.failed", { ago: ago(failure), count: Math.max(failures, 1) })}
      </Text>
    );
  }
  if (!success) return t("webhooks.outcome.none");
  return <span title={dateTime(success)}>{t("webhooks.outcome.arrived", { ago: ago(success) })}</span>;
}
