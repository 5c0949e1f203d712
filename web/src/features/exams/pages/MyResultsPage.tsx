import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { movesOf } from "../../../api/moves";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { OutcomeBadge } from "../parts/OutcomeBadge";
import { MY_RESULTS, type OwnResult, transcriptQuery } from "../queries";

const route = getRouteApi("/shell/assessment/my-results");

/** One's own results, from publication on. */
export function MyResultsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t("exams.mine.title")} lead={t("exams.mine.lead")} actions={<Transcript />} />
      <DataTable
        path={MY_RESULTS}
        caption={t("exams.mine.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/assessment/results/$id", params: { id: String(row.id) } })}
        search={search}
        isSearchable={false}
        empty={{
          title: t("exams.mine.empty"),
          detail: t("exams.mine.emptyDetail"),
          action: <AnchorLink to="/assessment/exams">{t("exams.title")}</AnchorLink>,
        }}
      />
    </>
  );
}

/** The way to a transcript, or what stands in it. */
function Transcript() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({ ...transcriptQuery(), enabled: can("document.issue") });
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const moves = movesOf([data]).map((move) => ({ ...move, label: t("exams.mine.transcript") }));
  return (
    <MoveButtons moves={moves} onMove={() => navigate({ to: "/documents", search: { ask: "transcript" } })} />
  );
}

function useColumns(): Column<OwnResult>[] {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  return useMemo<Column<OwnResult>[]>(
    () => [
      {
        id: "exam",
        header: t("exams.fields.exam"),
        cell: (row) => <Bidi>{row.exam_title}</Bidi>,
      },
      {
        id: "course",
        header: t("exams.fields.course"),
        cell: (row) =>
          row.course_code && (
            <>
              <Code>{row.course_code}</Code> <Bidi>{row.course_name}</Bidi>
            </>
          ),
      },
      {
        id: "when",
        header: t("exams.fields.when"),
        cell: (row) => date(row.exam_scheduled_at),
      },
      {
        id: "total",
        header: t("exams.fields.total"),
        align: "end",
        cell: (row) => (
          <bdi dir="ltr">
            {number(Number(row.total_obtained))} / {number(Number(row.total_max))}
            {row.percentage !== null && ` (${number(Number(row.percentage))} %)`}
          </bdi>
        ),
      },
      {
        id: "letter",
        header: t("exams.fields.letter"),
        cell: (row) => <strong>{row.letter}</strong>,
      },
      {
        id: "outcome",
        header: t("exams.fields.outcome"),
        cell: (row) => <OutcomeBadge outcome={row.final_outcome} />,
      },
      {
        id: "note",
        header: t("exams.mine.note"),
        cell: (row) =>
          row.revision > 1 &&
          t("exams.mine.corrected", { day: date(row.published_at ?? row.exam_scheduled_at) }),
      },
    ],
    [t, number, date],
  );
}
