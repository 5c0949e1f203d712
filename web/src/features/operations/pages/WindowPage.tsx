import { Group, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useMoveName } from "../../../ui/useMoveName";
import { overviewQuery, WINDOWS, windowQuery, windowUrl } from "../queries";

const route = getRouteApi("/shell/operations/maintenance/$id");
// The level is changed by beginning anew; on this page a window starts, ends or is withdrawn.
const HERE = new Set(["start", "end", "withdraw"]);

export function WindowPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const nameOf = useMoveName();
  const { id } = route.useParams();
  const { data: row } = useSuspenseQuery(windowQuery(id));
  const move = useMove({
    url: windowUrl(id),
    version: row.version,
    invalidate: [[windowUrl(id)], [WINDOWS], [...overviewQuery.queryKey], [...meQuery.queryKey]],
  });
  const moves = movesOf(row.moves).filter(({ name }) => HERE.has(name));
  const end = moves.find(({ name, allowed }) => name === "end" && allowed);
  const when = (moment: string | null) => (moment ? format.dateTime(moment) : "–");
  return (
    <>
      <PageHeader
        title={label("operations.level", row.level)}
        lead={<AnchorLink to="/operations/maintenance">{t("operations.maintenance.title")}</AnchorLink>}
        actions={
          <Group gap="xs">
            <MoveButtons moves={moves.filter((each) => each !== end)} onMove={move.mutateAsync} />
            {end && (
              <ConfirmButton
                variant="filled"
                title={t("operations.maintenance.endTitle")}
                question={t("operations.maintenance.endBody")}
                confirm={nameOf(end)}
                act={() => move.mutateAsync({ name: end.name })}
              >
                {nameOf(end)}
              </ConfirmButton>
            )}
          </Group>
        }
      />
      <Stack gap="lg">
        <Panel>
          <Facts
            items={[
              {
                label: t("operations.jobs.status"),
                value: (
                  <StatusBadge status={row.status} label={label("operations.windowStatus", row.status)} />
                ),
              },
              { label: t("operations.maintenance.from"), value: when(row.planned_from) },
              { label: t("operations.maintenance.until"), value: when(row.until) },
              { label: t("operations.maintenance.started"), value: when(row.started_at) },
              { label: t("operations.maintenance.ended"), value: when(row.ended_at) },
              { label: t("operations.maintenance.message"), value: <Bidi>{row.message || "–"}</Bidi> },
              { label: t("operations.maintenance.by"), value: <Bidi>{row.by}</Bidi> },
            ]}
          />
        </Panel>
      </Stack>
    </>
  );
}
