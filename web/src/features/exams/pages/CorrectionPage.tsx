import { Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { Timeline } from "../../../ui/Timeline";
import { useSaved } from "../../../ui/useSaved";
import { textOf } from "../grid/cells";
import { ASSESSMENT, type Correction, correctionQuery, correctionUrl } from "../queries";

const route = getRouteApi("/shell/assessment/corrections/$id");
const OVER = "wrong_status";
type Entry = Correction["entries"][number];

/** One correction: what it would change and why, to be decided by somebody else. */
export function CorrectionPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { id } = route.useParams();
  const { data: correction } = useSuspenseQuery(correctionQuery(id));
  const saved = useSaved(ASSESSMENT);
  const columns = useColumns();
  const { mutateAsync } = useMove({
    url: correctionUrl(correction.id),
    version: correction.version,
    invalidate: [[correctionUrl(correction.id)]],
  });
  const moves = movesOf(correction.moves).filter(({ missing }) => !missing.some(({ code }) => code === OVER));
  return (
    <>
      <PageHeader
        title={t("exams.correction.of", { name: correction.full_name })}
        heading={<Bidi>{correction.full_name}</Bidi>}
        badge={
          <StatusBadge
            status={correction.status}
            label={label("exams.correctionStatus", correction.status)}
          />
        }
        up={<AnchorLink to="/assessment/corrections">{t("exams.correction.title")}</AnchorLink>}
        lead={
          <>
            <AnchorLink to="/assessment/results/$id" params={{ id: String(correction.result) }}>
              <Bidi>{correction.exam_title}</Bidi>
            </AnchorLink>{" "}
            · <Code>{correction.reg_no}</Code>
          </>
        }
        actions={
          moves.length > 0 && (
            <MoveButtons
              moves={moves}
              primary={moves.find(({ allowed, name }) => allowed && name === "approve")?.name ?? "none"}
              onMove={(asked) => mutateAsync(asked).finally(() => void saved())}
            />
          )
        }
      />
      <Stack gap="md" maw={760}>
        <Panel title={t("exams.correction.changes")} flush>
          <SmallTable
            caption={t("exams.correction.changes")}
            columns={columns}
            rows={correction.entries}
            rowId={(row) => row.component}
            empty=""
          />
        </Panel>
        <Panel title={t("ui.moves.reason")}>
          <Bidi>{correction.reason}</Bidi>
        </Panel>
        <Panel title={t("exams.correction.history")}>
          <History correction={correction} />
        </Panel>
      </Stack>
    </>
  );
}

function useColumns(): Column<Entry>[] {
  const { t } = useTranslation();
  return useMemo<Column<Entry>[]>(
    () => [
      { id: "name", header: t("exams.fields.component"), cell: (row) => <Bidi>{row.name}</Bidi> },
      {
        id: "before",
        header: t("exams.correction.before"),
        align: "end",
        cell: (row) => <bdi dir="ltr">{textOf(row.before) || "–"}</bdi>,
      },
      {
        id: "after",
        header: t("exams.correction.after"),
        align: "end",
        cell: (row) => (
          <strong>
            <bdi dir="ltr">{textOf(row.after) || "–"}</bdi>
          </strong>
        ),
      },
    ],
    [t],
  );
}

function History({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { created_at, requested_by_name, decided_at, decided_by_name, status, answer } = correction;
  const proposed = {
    id: "proposed",
    at: created_at,
    who: requested_by_name,
    title: t("exams.correction.proposed"),
    detail: null,
  };
  const decided = decided_at && {
    id: "decided",
    at: decided_at,
    who: decided_by_name ?? "",
    title: label("exams.correctionStatus", status),
    detail: answer ? <Bidi>{answer}</Bidi> : null,
  };
  return <Timeline entries={decided ? [decided, proposed] : [proposed]} />;
}
