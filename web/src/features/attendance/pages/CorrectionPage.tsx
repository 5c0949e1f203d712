import { Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
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
import { StatusBadge } from "../../../ui/StatusBadge";
import { Timeline } from "../../../ui/Timeline";
import { useSaved } from "../../../ui/useSaved";
import { CorrectionFile } from "../parts/CorrectionFile";
import { ATTENDANCE, type Correction, correctionQuery, correctionUrl } from "../queries";
import { movesNow } from "../register/judge";
import classes from "./CorrectionPage.module.css";

const route = getRouteApi("/shell/attendance/corrections/$id");

export function CorrectionPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { id } = route.useParams();
  const { data: correction } = useSuspenseQuery(correctionQuery(id));
  const saved = useSaved(ATTENDANCE);
  const { mutateAsync } = useMove({
    url: correctionUrl(correction.id),
    version: correction.version,
    invalidate: [[correctionUrl(correction.id)]],
  });
  const moves = movesNow(movesOf(correction.moves));
  const main = moves.find(({ allowed, name }) => allowed && name !== "withdraw")?.name ?? "none";
  return (
    <>
      <PageHeader
        title={t("attendance.corrections.of", { name: correction.full_name })}
        heading={<Bidi>{correction.full_name}</Bidi>}
        badge={<StatusBadge status={correction.status} />}
        up={<AnchorLink to="/attendance/corrections">{t("attendance.corrections.title")}</AnchorLink>}
        lead={
          <>
            <Bidi>{correction.title}</Bidi>, {format.day(correction.starts_at)},{" "}
            <bdi dir="ltr">{format.time(correction.starts_at)}</bdi>
          </>
        }
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
        <About correction={correction} />
        <Panel title={t("attendance.corrections.history")}>
          <History correction={correction} />
        </Panel>
      </Stack>
    </>
  );
}

function About({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const me = useMe();
  const { reg_no, present_status, wanted, reason, session } = correction;
  const isOwn = correction.person === me.person?.id;
  return (
    <Panel title={t("attendance.corrections.about")}>
      <p className={classes.reason}>
        <Bidi>{reason}</Bidi>
      </p>
      <Facts
        items={[
          { label: t("attendance.register.regNo"), value: reg_no ? <Code>{reg_no}</Code> : null },
          {
            label: t("attendance.corrections.markNow"),
            value: label("ui.status", present_status ?? "unmarked"),
          },
          { label: t("attendance.ask.wanted"), value: <strong>{label("ui.status", wanted)}</strong> },
          {
            label: t("attendance.corrections.session"),
            value:
              can("attendance.mark", "attendance.decide") && !isOwn ? (
                <AnchorLink to="/attendance/sessions/$id" params={{ id: String(session) }}>
                  {t("attendance.corrections.openRegister")}
                </AnchorLink>
              ) : (
                <AnchorLink to="/timetable/sessions/$sessionId" params={{ sessionId: String(session) }}>
                  {t("attendance.register.session")}
                </AnchorLink>
              ),
          },
        ]}
      />
      <CorrectionFile correction={correction} />
    </Panel>
  );
}

function History({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { requested_at, requested_by_name, decided_at, decided_by_name, status, answer, wanted } = correction;
  const asked = {
    id: "asked",
    at: requested_at,
    who: requested_by_name,
    title: t("attendance.corrections.wanted", { mark: label("ui.status", wanted) }),
    detail: null,
  };
  const decided = decided_at && {
    id: "decided",
    at: decided_at,
    who: decided_by_name ?? "",
    title: label("ui.status", status),
    detail: answer ? <Bidi>{answer}</Bidi> : null,
  };
  return (
    <>
      <Timeline entries={decided ? [decided, asked] : [asked]} />
      {!decided && answer && (
        <p className={classes.answer}>
          <Bidi>{answer}</Bidi>
        </p>
      )}
    </>
  );
}
