import { Group, Stack } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { ExamStatus } from "../parts/ExamStatus";
import { Funnel } from "../parts/Funnel";
import { OutcomeBadge } from "../parts/OutcomeBadge";
import { Papers } from "../parts/Papers";
import { PublishAt } from "../parts/PublishAt";
import { ResultStatus } from "../parts/ResultStatus";
import { StatisticsPanel } from "../parts/StatisticsPanel";
import {
  examQuery,
  type ListedResult,
  OUTCOMES,
  RESULT_STATUSES,
  RESULTS,
  statisticsQuery,
} from "../queries";

const route = getRouteApi("/shell/assessment/exams/$id/results");
const HIDDEN = 404;

/** The results of an exam on their way to the learners, and what the class obtained. */
export function ResultsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { id } = route.useParams();
  const search = route.useSearch();
  const { data: exam } = useSuspenseQuery(examQuery(id));
  const statistics = useQuery(statisticsQuery(id));
  const columns = useColumns();
  const isHidden = statistics.error && asProblem(statistics.error).status === HIDDEN;
  return (
    <>
      <PageHeader
        title={t("exams.results.titled", { title: exam.title })}
        badge={<ExamStatus status={exam.status} />}
        up={
          <AnchorLink to="/assessment/exams/$id" params={{ id }}>
            <Bidi>{exam.title}</Bidi>
          </AnchorLink>
        }
        actions={
          <Group gap="xs">
            <ButtonLink to="/assessment/exams/$id/marks" params={{ id }} variant="default">
              {t("exams.grid.title")}
            </ButtonLink>
            <Papers exam={exam} />
          </Group>
        }
      />
      <Stack gap="lg">
        <Funnel exam={exam} />
        <PublishAt exam={exam} />
        <DataTable
          path={RESULTS}
          caption={t("exams.results.title")}
          columns={columns}
          rowId={(row) => row.id}
          rowLink={(row) => linkOptions({ to: "/assessment/results/$id", params: { id: String(row.id) } })}
          search={search}
          fixed={{ exam: exam.id }}
          filters={[
            {
              name: "status",
              label: t("exams.fields.state"),
              options: RESULT_STATUSES.map((value) => ({
                value,
                label: label("exams.resultStatus", value),
              })),
            },
            {
              name: "final_outcome",
              label: t("exams.fields.outcome"),
              options: OUTCOMES.map((value) => ({ value, label: label("exams.outcome", value) })),
            },
          ]}
          empty={{
            title: t("exams.results.empty"),
            detail: t("exams.results.emptyDetail"),
            action: (
              <ButtonLink to="/assessment/exams/$id" params={{ id }} variant="default">
                {t("exams.grid.toExam")}
              </ButtonLink>
            ),
          }}
        />
        {!isHidden && <Loaded query={statistics}>{(found) => <StatisticsPanel statistics={found} />}</Loaded>}
      </Stack>
    </>
  );
}

function useColumns(): Column<ListedResult>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  return useMemo<Column<ListedResult>[]>(
    () => [
      {
        id: "person",
        header: t("exams.fields.candidate"),
        sort: "full_name",
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "total",
        header: t("exams.fields.total"),
        align: "end",
        cell: (row) => (
          <bdi dir="ltr">
            {number(Number(row.total_obtained))} / {number(Number(row.total_max))}
          </bdi>
        ),
      },
      {
        id: "percentage",
        header: t("exams.fields.percentage"),
        sort: "percentage",
        align: "end",
        cell: (row) =>
          row.percentage === null ? "–" : <bdi dir="ltr">{number(Number(row.percentage))} %</bdi>,
      },
      { id: "letter", header: t("exams.fields.letter"), cell: (row) => row.letter },
      {
        id: "outcome",
        header: t("exams.fields.outcome"),
        sort: "final_outcome",
        cell: (row) => <OutcomeBadge outcome={row.final_outcome} />,
      },
      {
        id: "status",
        header: t("exams.fields.state"),
        sort: "status",
        cell: (row) => <ResultStatus status={row.status} />,
      },
      {
        id: "revision",
        header: t("exams.fields.revision"),
        align: "end",
        isExtra: true,
        cell: (row) => number(row.revision),
      },
    ],
    [t, number],
  );
}
