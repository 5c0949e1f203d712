import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl, listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Capabilities } from "../../../ui/Capabilities";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AskButton } from "../parts/AskButton";
import { LongWork } from "../parts/LongWork";
import {
  type Announced,
  type CurrentRelease,
  comparisonQuery,
  currentReleaseQuery,
  DEPLOYMENTS,
  type Deployment,
  type Difference,
  type Finding,
  RELEASES,
  type Release,
  VERIFICATIONS,
  type Verification,
} from "../queries";
import classes from "./ReleasesPage.module.css";

const RECENT = { page_size: 20 };
const LISTED = 30;
const NAMED = 5;

export function ReleasesPage() {
  const { t } = useTranslation();
  const can = useCan();
  const queries = useQueryClient();
  const [followed, setFollowed] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const current = useQuery(currentReleaseQuery);
  return (
    <>
      <PageHeader
        title={t("operations.releases.title")}
        lead={t("operations.releases.lead")}
        actions={
          can("release.verify") && (
            <AskButton
              url={VERIFICATIONS}
              label={t("operations.releases.verify")}
              onQueued={setFollowed}
              onRefused={setRefused}
            />
          )
        }
      />
      <Stack gap="lg">
        {refused !== null && <ErrorPanel error={refused} />}
        {followed && (
          <Panel title={t("operations.backups.goingOn")}>
            <LongWork
              key={followed}
              url={followed}
              onDone={() => queries.invalidateQueries({ queryKey: currentReleaseQuery.queryKey })}
            />
          </Panel>
        )}
        <Panel title={t("operations.releases.verification")} actions={<FindingsFile />} flush>
          <Loaded query={current}>{(release) => <Verdict {...release} />}</Loaded>
        </Panel>
        <Panel title={t("operations.releases.deployed")}>
          <Loaded query={current}>{(release) => <Deployed {...release} />}</Loaded>
        </Panel>
        <Deployments />
        <Releases />
      </Stack>
    </>
  );
}

function FindingsFile() {
  const { t } = useTranslation();
  return (
    <Button
      component="a"
      variant="default"
      size="compact-sm"
      href={exportUrl(VERIFICATIONS, "csv", {})}
      leftSection={<IconDownload size={16} aria-hidden="true" />}
    >
      {t("operations.releases.export")}
    </Button>
  );
}

/** The verification that counts for the build that runs, and beside it the other one that still says something. */
function Verdict({ verification, beside }: CurrentRelease) {
  const { t } = useTranslation();
  if (!verification)
    return (
      <Text size="sm" c="dimmed" p="md">
        {t("operations.releases.neverVerified")} <Code>maristan release verify</Code>
      </Text>
    );
  return (
    <>
      <Verified row={verification} />
      <Findings rows={verification.findings} />
      {beside && (
        <>
          <Verified
            row={beside}
            lead={
              beside.scope === "quick"
                ? t("operations.releases.quickSince")
                : t("operations.releases.fullBefore")
            }
          />
          {beside.findings.length > 0 && <Findings rows={beside.findings} />}
        </>
      )}
    </>
  );
}

function Verified({ row, lead }: { row: Verification; lead?: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Group gap="sm" p="md">
      {lead && <Text size="sm">{lead}</Text>}
      <StatusBadge status={row.result} label={label("operations.verification", row.result)} />
      <Text size="sm">
        <Moment at={row.at} /> · {t("operations.overview.build")} <Code>{row.build_id}</Code> ·{" "}
        {label("operations.scope", row.scope)}
      </Text>
    </Group>
  );
}

function Findings({ rows }: { rows: Finding[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const columns: Column<Finding>[] = [
    {
      id: "code",
      header: t("operations.releases.finding"),
      cell: (row) => (
        <Stack gap={2}>
          <Code>{row.code}</Code>
          <Text size="xs" c={row.severity === "fail" ? "madder" : "dimmed"}>
            {label("operations.weight", row.severity)}
          </Text>
        </Stack>
      ),
    },
    { id: "subject", header: t("operations.releases.subject"), cell: (row) => <Said>{row.subject}</Said> },
    {
      id: "expected",
      header: t("operations.releases.expected"),
      cell: (row) => <Said>{row.expected}</Said>,
    },
    {
      id: "found",
      header: t("operations.releases.found"),
      cell: (row) => <Said>{row.found}</Said>,
    },
    {
      id: "hint",
      header: t("operations.releases.hint"),
      cell: (row) => (
        <Stack gap={2}>
          <span lang="en" dir="auto">
            {row.hint || "–"}
          </span>
          {row.accepted_reason && (
            <Text size="xs" c="dimmed">
              {t("operations.releases.accepted")} {row.accepted_reason}
            </Text>
          )}
        </Stack>
      ),
    },
  ];
  return (
    <SmallTable
      isWide
      caption={t("operations.releases.findings")}
      columns={columns}
      rows={rows}
      rowId={(row) => `${row.code} ${row.subject}`}
      empty={t("operations.releases.noFinding")}
    />
  );
}

/** What a finding says of the database or the server, word for word. */
function Said({ children }: { children: string }) {
  return children ? (
    <bdi dir="ltr" className={classes.said}>
      {children}
    </bdi>
  ) : (
    "–"
  );
}

/** What is announced, each with whether it was found where it runs; the worst first. */
function Deployed({ verification, beside, capabilities }: CurrentRelease) {
  const { t } = useTranslation();
  const format = useFormat();
  const full = [verification, beside].find((each) => each?.scope === "full");
  const count = (presence: Announced["presence"]) =>
    format.number(capabilities.filter((each) => each.presence === presence).length);
  return (
    <Stack gap="sm">
      {capabilities.length > 0 && (
        <Text size="sm">
          {full ? (
            <>
              {t("operations.releases.counts", {
                found: count("found"),
                missing: count("not_found"),
                unchecked: count("not_checked"),
              })}{" "}
              · {t("operations.releases.lookedFor")} <Moment at={full.at} />
            </>
          ) : (
            t("operations.releases.notLookedFor")
          )}
        </Text>
      )}
      <Capabilities capabilities={capabilities} mark={(each) => <PresenceMark {...each} />} />
    </Stack>
  );
}

function PresenceMark({ presence, faults, unchecked }: Announced) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const word = label("operations.presence", presence);
  if (presence === "found")
    return (
      <Text size="xs" c="dimmed">
        {word}
      </Text>
    );
  if (presence === "not_checked")
    return (
      <Text size="xs" fw={600}>
        {word}{" "}
        {unchecked.length > 0
          ? unchecked.map((kind) => label("operations.contents", kind)).join(t("ui.comma"))
          : t("operations.releases.nothingNamed")}
      </Text>
    );
  return (
    <>
      <Text size="xs" c="madder" fw={600}>
        {word}
      </Text>
      {faults.slice(0, NAMED).map(({ code, subject }) => (
        <Text key={`${code} ${subject}`} size="xs" style={{ overflowWrap: "anywhere" }}>
          <bdi dir="ltr">{`${code} ${subject}`}</bdi>
        </Text>
      ))}
      {faults.length > NAMED && (
        <Text size="xs" c="dimmed">
          {t("operations.releases.more", { number: format.number(faults.length - NAMED) })}
        </Text>
      )}
    </>
  );
}

function Deployments() {
  const { t } = useTranslation();
  const label = useLabel();
  const query = useQuery(listQuery(DEPLOYMENTS, RECENT));
  const columns: Column<Deployment>[] = [
    {
      id: "kind",
      header: t("operations.deployments.kind"),
      cell: (row) => (
        <Stack gap={0}>
          {label("operations.deploymentKind", row.kind)}
          <Text size="xs" c="dimmed">
            <Code>{`${row.from_build || "–"} → ${row.to_build}`}</Code>
          </Text>
        </Stack>
      ),
    },
    {
      id: "status",
      header: t("operations.jobs.status"),
      cell: (row) => (
        <StatusBadge status={row.status} label={label("operations.deploymentStatus", row.status)} />
      ),
    },
    {
      id: "at",
      header: t("operations.processes.started"),
      cell: (row) => (
        <>
          <Moment at={row.started_at} /> · <Bidi>{row.started_by}</Bidi>
        </>
      ),
    },
    {
      id: "steps",
      header: t("operations.deployments.steps"),
      cell: (row) => (
        <details>
          <summary>{t("operations.deployments.stepCount", { count: row.steps.length })}</summary>
          <Stack gap={2}>
            {row.steps.map((step) => (
              <Text key={`${step.name} ${step.started_at}`} size="xs">
                <Code>{step.name}</Code> {label("operations.stepStatus", step.status.replace(" ", "_"))}{" "}
                <span lang="en" dir="auto">
                  {step.detail}
                </span>
              </Text>
            ))}
            {row.accepted.map(({ code, subject, reason }) => (
              <Text key={`${code} ${subject}`} size="xs">
                {t("operations.releases.accepted")} <Code>{`${code} ${subject}`}</Code> <Bidi>{reason}</Bidi>
              </Text>
            ))}
          </Stack>
        </details>
      ),
    },
  ];
  return (
    <Panel title={t("operations.deployments.title")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            isWide
            caption={t("operations.deployments.title")}
            columns={columns}
            rows={results}
            rowId={(row) => row.id}
            empty={t("operations.deployments.empty")}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function Releases() {
  const { t } = useTranslation();
  const query = useQuery(listQuery(RELEASES, RECENT));
  const columns: Column<Release>[] = [
    { id: "version", header: t("operations.overview.release"), cell: (row) => <Code>{row.version}</Code> },
    { id: "build", header: t("operations.processes.build"), cell: (row) => <Code>{row.build_id}</Code> },
    {
      id: "commit",
      header: t("operations.releases.commit"),
      cell: (row) => (row.git_sha ? <Code>{row.git_sha.slice(0, 12)}</Code> : "–"),
    },
    {
      id: "since",
      header: t("operations.releases.since"),
      cell: (row) => <Moment at={row.first_seen_at} />,
    },
  ];
  return (
    <Panel title={t("operations.releases.served")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <>
            <SmallTable
              isWide
              caption={t("operations.releases.served")}
              columns={columns}
              rows={results}
              rowId={(row) => row.id}
              empty={t("operations.releases.noRelease")}
            />
            {results.length > 1 && <Comparison releases={results} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Comparison({ releases }: { releases: Release[] }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(releases[1]?.build_id ?? "");
  const [to, setTo] = useState(releases[0]?.build_id ?? "");
  const query = useQuery(comparisonQuery(from, to));
  const builds = releases.map(({ build_id, version }) => ({
    value: build_id,
    label: `${version} ${build_id}`,
  }));
  return (
    <Stack gap="md" p="md">
      <Group gap="md">
        <NativeSelect
          label={t("operations.releases.from")}
          data={builds}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("operations.releases.to")}
          data={builds}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Group>
      <Loaded query={query}>{(rows) => <Differences rows={rows} />}</Loaded>
    </Stack>
  );
}

function Differences({ rows }: { rows: Difference[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const columns: Column<Difference>[] = [
    {
      id: "kind",
      header: t("operations.releases.what"),
      cell: (row) => label("operations.contents", row.kind),
    },
    { id: "added", header: t("operations.releases.added"), cell: (row) => <Names names={row.added} /> },
    { id: "removed", header: t("operations.releases.removed"), cell: (row) => <Names names={row.removed} /> },
  ];
  return (
    <SmallTable
      isWide
      caption={t("operations.releases.comparison")}
      columns={columns}
      rows={rows}
      rowId={(row) => row.kind}
      empty={t("operations.releases.noDifference")}
    />
  );
}

function Names({ names }: { names: string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (names.length === 0) return "–";
  return (
    <Stack gap={2}>
      {names.slice(0, LISTED).map((name) => (
        <Code key={name}>{name}</Code>
      ))}
      {names.length > LISTED && (
        <Text size="xs" c="dimmed">
          {t("operations.releases.more", { number: format.number(names.length - LISTED) })}
        </Text>
      )}
    </Stack>
  );
}
