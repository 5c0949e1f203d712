import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { useSaid } from "../parts/facts";
import {
  type Chain,
  chainQuery,
  INSTITUTION_NOUNS,
  JOURNAL,
  type JournalLine,
  PLATFORM_NOUNS,
} from "../queries";

const route = getRouteApi("/shell/operations/journal");
const NOUNS = { platform: PLATFORM_NOUNS, institution: INSTITUTION_NOUNS };

export function JournalPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const chain = useQuery(chainQuery(search.chain));
  const nouns = chain.data ? NOUNS[chain.data.chain] : [];
  const chains = chain.data?.chains ?? [];
  return (
    <>
      <PageHeader title={t("operations.journal.title")} lead={t("operations.journal.lead")} />
      <Stack gap="lg">
        <Loaded query={chain} rows={1}>
          {(seen) => <ChainState chain={seen} />}
        </Loaded>
        <DataTable
          path={JOURNAL}
          caption={t("operations.journal.title")}
          columns={useColumns()}
          rowId={(row) => row.id}
          isExportProven
          search={search}
          filters={[
            ...(chains.length > 1
              ? [
                  {
                    name: "chain",
                    label: t("operations.journal.of"),
                    options: chains.map((value) => ({ value, label: label("operations.chain", value) })),
                    clears: ["kind"],
                  },
                ]
              : []),
            {
              name: "kind",
              label: t("operations.journal.kind"),
              options: nouns.map((value) => ({ value, label: label("operations.noun", value) })),
            },
          ]}
          empty={{
            title: t("operations.journal.empty"),
            action: (
              <ButtonLink to="/operations" variant="default">
                {t("operations.overview.title")}
              </ButtonLink>
            ),
          }}
        />
      </Stack>
    </>
  );
}

function ChainState({ chain }: { chain: Chain }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Notice tone={chain.is_broken ? "wait" : "good"} role={chain.is_broken ? "alert" : "status"}>
      <Stack gap={4}>
        <Text size="sm">
          {chain.is_broken
            ? t("operations.journal.broken", { lines: chain.broken_lines.join(" ") })
            : t("operations.journal.sealed", { number: format.number(chain.position) })}
        </Text>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {t("operations.journal.head")} <Code>{chain.digest.slice(0, 16)}</Code>
          </Text>
          {chain.sealed_to && (
            <Text size="xs" c="dimmed">
              {t("operations.journal.sealedTo")} <Moment at={chain.sealed_to} />
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {chain.checked_at ? (
              <>
                {t("operations.journal.checked")} <Moment at={chain.checked_at} />
              </>
            ) : (
              t("operations.journal.neverChecked")
            )}
          </Text>
        </Group>
      </Stack>
    </Notice>
  );
}

function useColumns(): Column<JournalLine>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const said = useSaid();
  return useMemo<Column<JournalLine>[]>(
    () => [
      {
        id: "at",
        header: t("operations.journal.at"),
        cell: (row) => <time dateTime={row.at}>{format.dateTime(row.at)}</time>,
      },
      { id: "by", header: t("operations.journal.by"), cell: (row) => <Bidi>{row.by_name}</Bidi> },
      {
        id: "kind",
        header: t("operations.journal.what"),
        cell: (row) => (
          <Stack gap={0}>
            <Text size="sm">{label("ui.journal", row.kind)}</Text>
            <Text size="xs" c="dimmed">
              <Code>
                {row.subject_kind}:{row.subject_id}
              </Code>
            </Text>
          </Stack>
        ),
      },
      {
        id: "changes",
        header: t("operations.journal.changes"),
        cell: (row) => (
          <Stack gap={0}>
            {row.reason && <Bidi>{row.reason}</Bidi>}
            {said(row).map((words) => (
              <Text key={words} size="sm">
                <Bidi>{words}</Bidi>
              </Text>
            ))}
          </Stack>
        ),
      },
      {
        id: "request",
        header: t("operations.jobs.request"),
        isExtra: true,
        cell: (row) => (row.request_id ? <Code>{row.request_id}</Code> : "–"),
      },
    ],
    [t, label, format, said],
  );
}
