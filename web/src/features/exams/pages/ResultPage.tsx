import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencilExclamation } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan, useMe } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { ProposeForm } from "../forms/ProposeForm";
import { textOf } from "../grid/cells";
import { OutcomeBadge } from "../parts/OutcomeBadge";
import { ResultStatus } from "../parts/ResultStatus";
import { ASSESSMENT, type ListedResult, REVISIONS, type Result, resultQuery, resultUrl } from "../queries";

const route = getRouteApi("/shell/assessment/results/$id");
const OVER = "wrong_status";

/** One result: what stands in each component, its moves, and the revisions before it. */
export function ResultPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const { data: result } = useSuspenseQuery(resultQuery(id));
  const saved = useSaved(ASSESSMENT);
  const [isOpen, { open, close }] = useDisclosure(false);
  const { mutateAsync } = useMove({
    url: resultUrl(result.id),
    version: result.version,
    invalidate: [[resultUrl(result.id)]],
  });
  const moves = movesOf(result.moves).filter(({ missing }) => !missing.some(({ code }) => code === OVER));
  const isOwn = result.person === me.person?.id;
  return (
    <>
      <PageHeader
        title={t("exams.result.of", { name: result.full_name, exam: result.exam_title })}
        heading={isOwn ? <Bidi>{result.exam_title}</Bidi> : <Bidi>{result.full_name}</Bidi>}
        badge={<ResultStatus status={result.status} />}
        up={
          isOwn ? (
            <AnchorLink to="/assessment/my-results">{t("exams.mine.title")}</AnchorLink>
          ) : (
            <AnchorLink to="/assessment/exams/$id/results" params={{ id: String(result.exam) }}>
              <Bidi>{result.exam_title}</Bidi>
            </AnchorLink>
          )
        }
        lead={result.reg_no && <Code>{result.reg_no}</Code>}
        actions={
          <>
            {result.may_propose && (
              <Button variant="default" leftSection={<IconPencilExclamation size={16} />} onClick={open}>
                {t("exams.correction.propose")}
              </Button>
            )}
            {moves.length > 0 && (
              <MoveButtons moves={moves} onMove={(asked) => mutateAsync(asked).finally(() => void saved())} />
            )}
          </>
        }
      />
      <Stack gap="md" maw={860}>
        {!result.is_current && <Notice tone="wait">{t("exams.result.old")}</Notice>}
        <Numbers result={result} />
        <Cells result={result} />
        {!isOwn && <Revisions result={result} />}
      </Stack>
      <FormDialog opened={isOpen} onClose={close} size="lg" title={t("exams.correction.propose")}>
        <ProposeForm
          result={result}
          onDone={(made) =>
            void navigate({ to: "/assessment/corrections/$id", params: { id: String(made.id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function Numbers({ result }: { result: Result }) {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  return (
    <Panel>
      <Facts
        items={[
          {
            label: t("exams.fields.total"),
            value: (
              <bdi dir="ltr">
                {number(Number(result.total_obtained))} / {number(Number(result.total_max))}
              </bdi>
            ),
          },
          {
            label: t("exams.fields.percentage"),
            value:
              result.percentage === null ? null : <bdi dir="ltr">{number(Number(result.percentage))} %</bdi>,
          },
          { label: t("exams.fields.letter"), value: result.letter || null },
          {
            label: t("exams.fields.outcome"),
            value: <OutcomeBadge outcome={result.final_outcome} />,
          },
          ...(result.published_at
            ? [{ label: t("exams.result.published"), value: date(result.published_at) }]
            : []),
          ...(result.revision > 1
            ? [{ label: t("exams.mine.note"), value: t("exams.result.revised", { count: result.revision }) }]
            : []),
        ]}
      />
    </Panel>
  );
}

type Cell = Result["cells"][number];

function Cells({ result }: { result: Result }) {
  const { t } = useTranslation();
  const columns = useMemo<Column<Cell>[]>(
    () => [
      { id: "name", header: t("exams.fields.component"), cell: (row) => <Bidi>{row.name}</Bidi> },
      {
        id: "marks",
        header: t("exams.fields.marks"),
        align: "end",
        cell: (row) => <bdi dir="ltr">{textOf(row)}</bdi>,
      },
      {
        id: "outcome",
        header: t("exams.fields.outcome"),
        cell: (row) => row.outcome !== "na" && <OutcomeBadge outcome={row.outcome} />,
      },
    ],
    [t],
  );
  return (
    <Panel title={t("exams.components")} flush>
      <SmallTable
        caption={t("exams.components")}
        columns={columns}
        rows={result.cells}
        rowId={(row) => row.component}
        empty={t("exams.result.noCells")}
      />
    </Panel>
  );
}

function Revisions({ result }: { result: Result }) {
  const { t } = useTranslation();
  const can = useCan();
  const { number } = useFormat();
  const revisions = useQuery({
    ...listQuery(REVISIONS, {}, { pk: result.id }),
    enabled: can("result.view_decided"),
  });
  const columns = useMemo<Column<ListedResult>[]>(
    () => [
      {
        id: "revision",
        header: t("exams.fields.revision"),
        cell: (row) => (
          <AnchorLink to="/assessment/results/$id" params={{ id: String(row.id) }}>
            {t("exams.result.revision", { number: row.revision })}
          </AnchorLink>
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
        id: "outcome",
        header: t("exams.fields.outcome"),
        cell: (row) => <OutcomeBadge outcome={row.final_outcome} />,
      },
      {
        id: "status",
        header: t("exams.fields.state"),
        cell: (row) => (row.is_current ? <ResultStatus status={row.status} /> : t("exams.result.replaced")),
      },
    ],
    [t, number],
  );
  if (!can("result.view_decided")) return null;
  return (
    <Loaded query={revisions}>
      {({ results }) =>
        results.length > 1 && (
          <Panel title={t("exams.result.revisions")} flush>
            <SmallTable
              caption={t("exams.result.revisions")}
              columns={columns}
              rows={results}
              rowId={(row) => row.id}
              empty=""
            />
          </Panel>
        )
      }
    </Loaded>
  );
}
