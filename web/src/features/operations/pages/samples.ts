// What the server says in the tests of these screens.

export const ME = {
  user: { id: 7, username: "olga" },
  person: null,
  institution: null,
  institutions: [],
  roles: ["operator"],
  second_factor_missing: false,
  permissions: ["operations.view", "job.view", "job.retry", "job.cancel", "maintenance.manage"],
};

export const MOVE = { label: "", needs_reason: false, warnings: [] };
export const CLOSED = {
  code: "wrong_status",
  label: "Possible from failed",
  detail: "It is active.",
  severity: "block",
  where: null,
};
export const page = (results: object[]) => ({ count: results.length, next: null, previous: null, results });

export const JOB = {
  id: 31,
  name: "kernel.import",
  queue: "documents",
  status: "active",
  attempts: 1,
  queued_at: "2026-03-02T09:00:00Z",
  changed_at: "2026-03-02T09:00:00Z",
  scheduled_at: null,
  error: null,
  request_id: null,
  percent: 75,
  moves: [{ ...MOVE, name: "retry", label: "Retry", allowed: false, missing: [CLOSED] }],
};
export const QUEUE = {
  queue: "documents",
  queued: 0,
  active: 1,
  deferred: 0,
  finished: 0,
  failed: 0,
  workers: 1,
  oldest_seconds: null,
};
