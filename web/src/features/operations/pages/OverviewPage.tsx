import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Moment } from "../../../ui/Moment";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import {
  alertTone,
  backupOf,
  backupTone,
  diskTone,
  firingOf,
  releaseOf,
  troubleOf,
  verificationTone,
} from "../parts/standing";
import { Tile, Tiles } from "../parts/Tile";
import { type Overview, overviewQuery } from "../queries";

const PROCESSES = linkOptions({ to: "/operations/processes", search: {} });
const FAILED = linkOptions({ to: "/operations/jobs", search: { status: "failed" } });
const FIRING = linkOptions({ to: "/operations/alerts", search: {} });
const MAINTENANCE = linkOptions({ to: "/operations/maintenance", search: {} });
const RELEASES = linkOptions({ to: "/operations/releases" });
const BACKUPS = linkOptions({ to: "/operations/backups", search: {} });

export function OverviewPage() {
  const { t } = useTranslation();
  const query = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title={t("operations.overview.title")} lead={t("operations.overview.lead")} />
      <Loaded query={query} rows={6}>
        {(seen) => <Seen seen={seen} isOld={query.isError} />}
      </Loaded>
    </>
  );
}

function Seen({ seen, isOld }: { seen: Overview; isOld: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return (
    <Stack gap="lg">
      {isOld && (
        <Notice>
          {t("operations.overview.lost")} <Moment at={seen.at} />
        </Notice>
      )}
      <Standing seen={seen} isOld={isOld} />
      {!isOld && (
        <Text size="sm" c="dimmed">
          {t("operations.overview.measured")} <Moment at={seen.at} />
        </Text>
      )}
      <Tiles isOld={isOld}>
        <Health seen={seen} />
        <Alerts seen={seen} />
        <Tile
          label={t("operations.overview.release")}
          figure={<Code>{seen.version}</Code>}
          tone={verificationTone(seen.verification)}
          link={RELEASES}
        >
          {seen.verification ? (
            <>
              {label("operations.verification", seen.verification.result)} ·{" "}
              <Moment at={seen.verification.at} />
            </>
          ) : (
            t("operations.overview.neverVerified")
          )}{" "}
          · {t("operations.overview.build")} <Code>{seen.build}</Code>
        </Tile>
        <Backup seen={seen} />
        <Jobs seen={seen} />
        <Tile
          label={t("operations.overview.processes")}
          figure={`${format.number(seen.processes.web)} + ${format.number(seen.processes.worker)}`}
          tone={seen.processes.worker === 0 ? "stop" : seen.processes.differing_build > 0 ? "wait" : "good"}
          link={PROCESSES}
        >
          {seen.processes.differing_build > 0
            ? t("operations.overview.differing", { number: format.number(seen.processes.differing_build) })
            : t("operations.overview.webAndWorkers")}
        </Tile>
        <Maintenance seen={seen} />
        {seen.disks.map((disk) => (
          <Tile
            key={disk.path}
            label={t("operations.overview.disk")}
            figure={`${format.number(Math.round(disk.used_ratio * 100))} %`}
            tone={diskTone(disk.used_ratio, seen.limits)}
            link={FIRING}
          >
            <Code>{disk.path}</Code>
          </Tile>
        ))}
      </Tiles>
    </Stack>
  );
}

/** One sentence of figures; before it what keeps people from being served. */
function Standing({ seen, isOld }: { seen: Overview; isOld: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const { version, alerts } = seen;
  const hours = seen.backup.age_hours ?? 0;
  const release = {
    verified: t("operations.standing.verified", { version }),
    verified_with_warnings: t("operations.standing.warned", { version }),
    not_verified: t("operations.standing.differs", { version }),
    unverified: t("operations.standing.unverified", { version }),
  }[releaseOf(seen)];
  const backup = {
    proven: t("operations.standing.proven", { number: format.number(Math.round(hours)) }),
    fresh: t("operations.standing.fresh"),
    unproven: t("operations.standing.unproven"),
  }[backupOf(seen)];
  const firing = {
    fires: t("operations.standing.fires", {
      critical: format.number(alerts.critical),
      warnings: format.number(alerts.warning),
    }),
    unwatched: t("operations.standing.unwatched"),
    calm: t("operations.standing.calm"),
  }[firingOf(seen)];
  const trouble = troubleOf(seen);
  return (
    <Text size="lg" role="status" {...(isOld ? { c: "dimmed" } : {})}>
      {trouble && `${label("operations.trouble", trouble)} `}
      {t("operations.standing.said", { release, backup, alerts: firing })}
    </Text>
  );
}

function Health({ seen }: { seen: Overview }) {
  const { t } = useTranslation();
  const isWell = seen.health.status === "ok";
  const { redis, cache } = seen.health as { redis?: unknown; cache?: unknown };
  return (
    <Tile
      label={t("operations.overview.health")}
      figure={isWell ? t("operations.overview.well") : t("operations.overview.degraded")}
      tone={isWell ? "good" : "stop"}
      link={PROCESSES}
    >
      {cache === "error" || redis === "fail" ? t("operations.overview.cacheAway") : null}
      {seen.started_at && (
        <>
          {t("operations.overview.since")} <Moment at={seen.started_at} />
        </>
      )}
    </Tile>
  );
}

function Alerts({ seen: { alerts } }: { seen: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const critical = t("operations.overview.critical", { number: format.number(alerts.critical) });
  const warnings = t("operations.overview.warnings", { number: format.number(alerts.warning) });
  const words = [...(alerts.critical ? [critical] : []), ...(alerts.warning ? [warnings] : [])];
  return (
    <Tile
      label={t("operations.overview.alerts")}
      figure={words.join(" · ") || t("operations.overview.nothingFires")}
      tone={alertTone(alerts)}
      link={FIRING}
    >
      {alerts.evaluated_at ? (
        <>
          {t("operations.overview.lookedAt")} <Moment at={alerts.evaluated_at} />
        </>
      ) : (
        t("operations.overview.neverLooked")
      )}
    </Tile>
  );
}

function Backup({ seen: { backup, limits } }: { seen: Overview }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return (
    <Tile
      label={t("operations.overview.backup")}
      figure={
        backup.age_hours === null
          ? t("operations.overview.none")
          : t("operations.overview.hours", { number: format.number(Math.round(backup.age_hours)) })
      }
      tone={backupTone(backup, limits)}
      link={BACKUPS}
    >
      {backup.drill ? (
        <>
          {t("operations.overview.drill")} {label("operations.outcome", backup.drill.outcome)} ·{" "}
          <Moment at={backup.drill.at} />
        </>
      ) : (
        t("operations.overview.noDrill")
      )}
    </Tile>
  );
}

function Jobs({ seen: { jobs } }: { seen: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Tile
      label={t("operations.overview.jobs")}
      figure={format.number(jobs.queued + jobs.active)}
      tone={jobs.failed_24h > 0 ? "wait" : "good"}
      link={FAILED}
    >
      {t("operations.overview.failed", { number: format.number(jobs.failed_24h) })}
    </Tile>
  );
}

function Maintenance({ seen: { maintenance } }: { seen: Overview }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Tile
      label={t("operations.overview.maintenance")}
      figure={
        maintenance.level
          ? label("operations.level", maintenance.level)
          : t("operations.overview.noMaintenance")
      }
      tone={maintenance.is_on ? "wait" : "good"}
      link={MAINTENANCE}
    >
      {maintenance.until && (
        <>
          {t("operations.overview.until")} <Moment at={maintenance.until} />
        </>
      )}
    </Tile>
  );
}
