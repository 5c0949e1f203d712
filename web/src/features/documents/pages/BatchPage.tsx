import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useServerWords } from "../../../i18n/serverWords";
import { AudienceWords } from "../../../ui/audience/AudienceWords";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { type Column, DataTable } from "../../../ui/DataTable";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { JobProgress } from "../../../ui/JobProgress";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { BATCH_LINES, type BatchLine, batchQuery, batchUrl, DOCUMENTS } from "../queries";

const route = getRouteApi("/shell/documents/batches/$id");

/** Transcripts for an audience: how far it has come, who was left out and why, and the archive. */
export function BatchPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { id } = route.useParams();
  const { data: batch } = useSuspenseQuery(batchQuery(id));
  const saved = useSaved(DOCUMENTS);
  const columns = useColumns();
  return (
    <>
      <PageHeader
        title={t("documents.batch.title")}
        lead={<AudienceWords audience={batch.audience} />}
        up={<AnchorLink to="/documents">{t("documents.title")}</AnchorLink>}
        actions={
          batch.has_file && (
            <Button
              component="a"
              href={`${batchUrl(batch.id)}file/`}
              download
              leftSection={<IconDownload size={16} aria-hidden="true" />}
            >
              {t("documents.batch.archive")}
            </Button>
          )
        }
      />
      <Columns
        side={
          <Panel title={t("documents.about")}>
            <Facts
              items={[
                { label: t("documents.batch.total"), value: number(batch.total) },
                { label: t("documents.batch.issued"), value: number(batch.issued) },
                { label: t("documents.batch.skipped"), value: number(batch.skipped) },
                { label: t("documents.batch.email"), value: t(batch.sends_email ? "ui.yes" : "ui.no") },
                { label: t("documents.batch.by"), value: <Bidi>{batch.asked_by_name}</Bidi> },
              ]}
            />
          </Panel>
        }
      >
        {batch.job_id !== null && batch.finished_at === null && (
          <Panel>
            <JobProgress jobId={batch.job_id} onDone={() => void saved()} />
          </Panel>
        )}
        <DataTable
          path={BATCH_LINES}
          params={{ pk: batch.id }}
          caption={t("documents.batch.title")}
          columns={columns}
          rowId={(row) => row.id}
          search={route.useSearch()}
          empty={{ title: t("documents.batch.empty"), action: null }}
        />
      </Columns>
    </>
  );
}

function useColumns(): Column<BatchLine>[] {
  const { t } = useTranslation();
  const words = useServerWords();
  return useMemo<Column<BatchLine>[]>(
    () => [
      {
        id: "learner",
        header: t("documents.fields.learner"),
        sort: "full_name",
        cell: (row) => <Bidi>{row.full_name}</Bidi>,
      },
      {
        id: "number",
        header: t("documents.fields.number"),
        cell: (row) => row.number && <Code>{row.number}</Code>,
      },
      {
        id: "why",
        header: t("documents.batch.why"),
        sort: "code",
        cell: (row) =>
          row.code ? words(row.code, row.detail) : row.is_done ? "" : t("documents.batch.waiting"),
      },
    ],
    [t, words],
  );
}
