import { Stack, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type MoveRequest, movesOf } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { Graph } from "../parts/Graph";
import { Measure } from "../parts/Measure";
import { ALERTS, alertQuery, alertUrl, overviewQuery } from "../queries";

const route = getRouteApi("/shell/operations/alerts/$id");

export function AlertPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const queries = useQueryClient();
  const { id } = route.useParams();
  const { data: row } = useSuspenseQuery(alertQuery(id));
  const move = async ({ name, reason }: MoveRequest) => {
    try {
      await writeJson("POST", `${alertUrl(id)}moves/${name}/`, { comment: reason });
    } finally {
      // Refused too: somebody else may have been there first.
      for (const key of [alertUrl(id), ALERTS, ...overviewQuery.queryKey]) {
        await queries.invalidateQueries({ queryKey: [key] });
      }
    }
  };
  const when = (moment: string | null) => (moment ? format.dateTime(moment) : "–");
  return (
    <>
      <PageHeader
        title={row.title}
        lead={<AnchorLink to="/operations/alerts">{t("operations.alerts.title")}</AnchorLink>}
        actions={<MoveButtons moves={movesOf(row.moves).filter(({ allowed }) => allowed)} onMove={move} />}
      />
      <Stack gap="lg">
        <Panel title={t("operations.alerts.step")}>
          <Text>{row.step}</Text>
        </Panel>
        <Panel title={t("operations.alerts.graph")}>
          <Graph values={row.values} threshold={row.threshold} />
        </Panel>
        <Panel>
          <Facts
            items={[
              { label: t("operations.alerts.status"), value: <StatusBadge status={row.status} /> },
              {
                label: t("operations.alerts.severity"),
                value: label("operations.severity", row.severity),
              },
              { label: t("operations.alerts.subject"), value: <Bidi>{row.subject || "–"}</Bidi> },
              { label: t("operations.alerts.value"), value: <Measure of={row} /> },
              { label: t("operations.alerts.first"), value: when(row.first_at) },
              { label: t("operations.alerts.last"), value: when(row.last_at) },
              { label: t("operations.alerts.count"), value: format.number(row.count) },
              {
                label: t("operations.alerts.acknowledged"),
                value: (
                  <>
                    {when(row.acknowledged_at)}
                    {row.acknowledged_by && (
                      <>
                        {t("ui.comma")}
                        <Bidi>{row.acknowledged_by}</Bidi>
                      </>
                    )}
                  </>
                ),
              },
              { label: t("operations.alerts.over"), value: when(row.resolved_at) },
              { label: t("operations.alerts.comment"), value: <Bidi>{row.comment || "–"}</Bidi> },
            ]}
          />
        </Panel>
      </Stack>
    </>
  );
}
