import { useTranslation } from "react-i18next";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { ListedEndpoint } from "../queries";

type Props = { endpoint: Pick<ListedEndpoint, "enabled" | "failing_since"> };

/** Whether events leave for it, and whether they arrive. */
export function EndpointState({ endpoint }: Props) {
  const { t } = useTranslation();
  if (!endpoint.enabled) return <StatusBadge status="inactive" label={t("webhooks.state.off")} />;
  if (endpoint.failing_since) return <StatusBadge status="failed" label={t("webhooks.state.failing")} />;
  return <StatusBadge status="active" label={t("webhooks.state.on")} />;
}
