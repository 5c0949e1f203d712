// What operators look at: the platform, never anybody's records.
import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer, Row } from "../../api/types";

export const ALERTS = "/api/v1/operations/alerts/";
export const JOBS = "/api/v1/operations/jobs/";
export const PROCESSES = "/api/v1/operations/processes/";
export const WINDOWS = "/api/v1/operations/maintenance/";
export const BACKUPS = "/api/v1/operations/backups/";
export const DRILLS = "/api/v1/operations/drills/";
export const DEPLOYMENTS = "/api/v1/operations/deployments/";
export const RELEASES = "/api/v1/operations/releases/";
export const VERIFICATIONS = "/api/v1/operations/verifications/";
export const SETTINGS = "/api/v1/operations/settings/";
export const JOURNAL = "/api/v1/operations/journal/";

export type Overview = Answer<"/api/v1/operations/overview/", "get">;
export type Alert = Answer<"/api/v1/operations/alerts/{pk}/", "get">;
export type ListedAlert = Row<typeof ALERTS>;
export type Job = Row<typeof JOBS>;
export type Process = Row<typeof PROCESSES>;
export type Window = Answer<"/api/v1/operations/maintenance/{pk}/", "get">;
export type ListedWindow = Row<typeof WINDOWS>;
export type Queue = Answer<"/api/v1/operations/jobs/stats/", "get">["results"][number];
export type Scheduled = Answer<"/api/v1/operations/periodic/", "get">["results"][number];

export const ALERT_STATUSES = ["firing", "acknowledged", "resolved"] as const;
export const SEVERITIES = ["critical", "warning"] as const;
export type Backup = Row<typeof BACKUPS>;
export type Drill = Row<typeof DRILLS>;
export type Deployment = Row<typeof DEPLOYMENTS>;
export type Release = Row<typeof RELEASES>;
export type CurrentRelease = Answer<"/api/v1/operations/releases/current/", "get">;
export type Announced = CurrentRelease["capabilities"][number];
export type Verification = NonNullable<CurrentRelease["verification"]>;
export type Finding = Verification["findings"][number];
export type JournalLine = Row<typeof JOURNAL>;
export type Chain = Answer<"/api/v1/operations/journal/chain/", "get">;
export type SettingInEffect = Answer<"/api/v1/operations/settings/", "get">["results"][number];
export type Difference = Answer<"/api/v1/operations/releases/comparison/", "get">["results"][number];
export type Progressed = Answer<"/api/v1/operations/progress/{pk}/", "get">;

export const CHAINS = ["platform", "institution"] as const;
export const SET_STATUSES = ["running", "created", "proven", "damaged", "failed", "removed"] as const;
/** What lines of the platform's journal are about. */
export const PLATFORM_NOUNS = [
  "account",
  "alert",
  "backup",
  "health",
  "integrity",
  "job",
  "maintenance",
  "operator",
  "release",
  "smoke",
] as const;
/** What people look for most in the journal of an institution. */
export const INSTITUTION_NOUNS = [
  "account",
  "announcement",
  "application",
  "condonation",
  "enrolment",
  "exam",
  "health",
  "holiday",
  "impersonation",
  "import",
  "invitation",
  "leave",
  "maintenance",
  "mark_correction",
  "membership",
  "person",
  "register",
  "request",
  "result",
  "result_correction",
  "session_occurrence",
  "setting",
  "student",
  "transcript",
  "week_plan",
] as const;
export const JOB_STATUSES = ["queued", "active", "deferred", "finished", "failed", "cancelled"] as const;
/** Those that tell the platform that they live. */
export const PROCESS_KINDS = ["web", "worker"] as const;
export const LEVELS = ["read_only", "full"] as const;

export const EVERY_HALF_MINUTE = 30_000;

export const overviewQuery = queryOptions({
  queryKey: ["/api/v1/operations/overview/"],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/operations/overview/", { signal })),
  refetchInterval: EVERY_HALF_MINUTE,
});

export const currentReleaseQuery = queryOptions({
  queryKey: [`${RELEASES}current/`],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/operations/releases/current/", { signal })),
  refetchInterval: EVERY_HALF_MINUTE,
});

export const queuesQuery = queryOptions({
  queryKey: [`${JOBS}stats/`],
  queryFn: async ({ signal }) => (await ok(client.GET("/api/v1/operations/jobs/stats/", { signal }))).results,
  refetchInterval: EVERY_HALF_MINUTE,
});

export const scheduleQuery = queryOptions({
  queryKey: ["/api/v1/operations/periodic/"],
  queryFn: async ({ signal }) => (await ok(client.GET("/api/v1/operations/periodic/", { signal }))).results,
  refetchInterval: EVERY_HALF_MINUTE,
});

export const progressUrl = (id: number) => `/api/v1/operations/progress/${id}/`;

export const windowUrl = (id: number | string) => `${WINDOWS}${id}/`;

export function windowQuery(id: number | string) {
  return queryOptions({
    queryKey: [windowUrl(id)],
    queryFn: ({ signal }) =>
      ok(
        client.GET("/api/v1/operations/maintenance/{pk}/", { params: { path: { pk: Number(id) } }, signal }),
      ),
  });
}

export const alertUrl = (id: number | string) => `${ALERTS}${id}/`;

export function alertQuery(id: number | string) {
  return queryOptions({
    queryKey: [alertUrl(id)],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/operations/alerts/{pk}/", { params: { path: { pk: Number(id) } }, signal })),
    refetchInterval: EVERY_HALF_MINUTE,
  });
}

export const settingsQuery = queryOptions({
  queryKey: [SETTINGS],
  queryFn: async ({ signal }) => (await ok(client.GET("/api/v1/operations/settings/", { signal }))).results,
});

/** Without a name the chain that the reader usually searches. */
export function chainQuery(name?: string) {
  const chain = CHAINS.find((each) => each === name) ?? "";
  return queryOptions({
    queryKey: [`${JOURNAL}chain/`, chain],
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/operations/journal/chain/", { params: { query: { chain } }, signal })),
  });
}

/** Two builds beside each other; without names the newest and the one before it. */
export function comparisonQuery(from: string, to: string) {
  return queryOptions({
    queryKey: [`${RELEASES}comparison/`, from, to],
    queryFn: async ({ signal }) =>
      (
        await ok(
          client.GET("/api/v1/operations/releases/comparison/", { params: { query: { from, to } }, signal }),
        )
      ).results,
  });
}
