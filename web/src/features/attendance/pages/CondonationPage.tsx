import { Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { Timeline } from "../../../ui/Timeline";
import { useSaved } from "../../../ui/useSaved";
import { CondonationStatus } from "../parts/CondonationStatus";
import { Percent } from "../parts/Percent";
import { ATTENDANCE, type Condonation, condonationQuery, condonationUrl } from "../queries";
import { movesNow } from "../register/judge";
import classes from "./CorrectionPage.module.css";

const route = getRouteApi("/shell/attendance/condonations/$id");

export function CondonationPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: condonation } = useSuspenseQuery(condonationQuery(id));
  const saved = useSaved(ATTENDANCE);
  const { mutateAsync } = useMove({
    url: condonationUrl(condonation.id),
    version: condonation.version,
    invalidate: [[condonationUrl(condonation.id)]],
  });
  const moves = movesNow(movesOf(condonation.moves));
  const main = moves.find(({ allowed, name }) => allowed && name === "grant")?.name ?? "none";
  return (
    <>
      <PageHeader
        title={t("attendance.condonations.of", { name: condonation.full_name })}
        heading={<Bidi>{condonation.full_name}</Bidi>}
        badge={<CondonationStatus status={condonation.status} />}
        up={<AnchorLink to="/attendance/condonations">{t("attendance.condonations.title")}</AnchorLink>}
        lead={<Bidi>{condonation.list_title}</Bidi>}
        actions={
          moves.length > 0 && (
            <MoveButtons
              moves={moves}
              primary={main}
              onMove={(asked) => mutateAsync(asked).finally(() => void saved())}
            />
          )
        }
      />
      <Stack gap="md" maw={760}>
        <About condonation={condonation} />
        <Panel title={t("attendance.corrections.history")}>
          <History condonation={condonation} />
        </Panel>
      </Stack>
    </>
  );
}

function About({ condonation }: { condonation: Condonation }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { reg_no, percentage, threshold, shortfall, reason, list_id, list_title, status } = condonation;
  return (
    <Panel title={t("attendance.corrections.about")}>
      <p className={classes.reason}>
        <Bidi>{reason}</Bidi>
      </p>
      <Facts
        items={[
          { label: t("attendance.register.regNo"), value: reg_no ? <Code>{reg_no}</Code> : null },
          {
            label: t("attendance.standings.percentage"),
            value: (
              <Percent percentage={percentage} threshold={threshold} eligible={status === "granted"} isNear />
            ),
          },
          {
            label: t("attendance.standings.threshold"),
            value: <bdi dir="ltr">{number(Number(threshold))} %</bdi>,
          },
          {
            label: t("attendance.condonations.shortfall"),
            value: t("attendance.condonations.missing", { points: number(Number(shortfall)) }),
          },
          {
            label: t("attendance.lists.list"),
            value: (
              <AnchorLink to="/attendance/eligibility-lists/$id" params={{ id: String(list_id) }}>
                <Bidi>{list_title}</Bidi>
              </AnchorLink>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function History({ condonation }: { condonation: Condonation }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { requested_at, requested_by_name, decided_at, decided_by_name, status, answer } = condonation;
  const asked = {
    id: "asked",
    at: requested_at,
    who: requested_by_name,
    title: t("attendance.condonations.asked"),
    detail: null,
  };
  const decided = decided_at && {
    id: "decided",
    at: decided_at,
    who: decided_by_name ?? "",
    title: label("attendance.condonations.statuses", status),
    detail: answer ? <Bidi>{answer}</Bidi> : null,
  };
  return <Timeline entries={decided ? [decided, asked] : [asked]} />;
}
