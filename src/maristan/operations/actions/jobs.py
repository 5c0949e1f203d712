"""Jobs queued again, cancelled and forgotten."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from maristan.kernel import clock, tenancy
from maristan.kernel import jobs as kernel_jobs
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotAllowed, NotFound, NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import asking, chain, holding
from maristan.operations.queries import jobs as queries
from maristan.operations.queries import schedules
from maristan.operations.rules.jobs import JOB, JobFacts, JobStatus
from maristan.operations.rules.states import Perm

KINDS = {"retry": "job.retried", "cancel": "job.cancelled"}
FINISHED_KEPT, FAILED_KEPT, OFTEN_KEPT = "30 days", "90 days", "1 day"

FORGET = """
WITH old AS (
  SELECT job.id FROM procrastinate_jobs AS job
  JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id) AS last ON true
  WHERE last.at < now() - CASE WHEN job.status = 'failed' THEN %(failed)s::interval
    WHEN job.task_name = ANY(%(frequent)s) THEN %(often)s::interval ELSE %(finished)s::interval END
    AND job.status NOT IN ('todo', 'doing')
  LIMIT 10000
), unlinked AS (UPDATE procrastinate_periodic_defers SET job_id = NULL WHERE job_id IN (SELECT id FROM old)),
noted AS (DELETE FROM kernel_jobnote WHERE job_id IN (SELECT id FROM old))
SELECT array_agg(id) FROM old
"""


def move(*, pk: int, name: str, by: Actor) -> None:
    """Queue a failed or cancelled job again, or cancel one that waits.

    Raises `NotFound`, `NotAllowed` and `NotNow`; whoever was faster wins, and the other one is told so.
    """
    if name not in KINDS:
        raise NotFound()
    row = queries.get(pk, actor=by)
    facts = JobFacts(queries.status_of(row, clock.now()), queries.is_theirs(row, by))
    by.demand(JOB.transition(name).permission)
    if not facts.is_theirs:
        raise NotAllowed.without(JOB.transition(name).permission)
    JOB.check(facts, name, by, clock.now())
    with tenancy.acting_in(None):
        if name == "retry":
            done = _queue_again(pk)
        else:
            done = app.job_manager.cancel_job_by_id(pk)
        if not done:
            raise NotNow("not_now", "Somebody was faster.", missing=[])
        changes = {"status": [facts.status, JOB.transition(name).target], "job": row.task_name}
        chain.record(kind=KINDS[name], subject=("job", pk), by=by, changes=changes)


def _queue_again(pk: int) -> bool:
    """From whatever end it came to; its attempts count on."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_jobnote SET losses = 0, error = '' WHERE job_id = %s", [pk])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = NULL, abort_requested = false"
            " WHERE id = %s AND status IN ('failed', 'cancelled', 'aborted')",
            [pk],
        )
        return bool(cursor.rowcount)


ASKED: Mapping[str, Callable[..., int]] = {
    schedules.BACKUP: asking.create_backup,
    schedules.DRILL: asking.run_drill,
}


def run_now(*, name: str, by: Actor) -> int:
    """Queue a job of the schedule at once, and give it; one that waits already is enough.

    Backup and drill are asked for as by hand. Raises `NotFound`, `NotAllowed`; for those two also `NotNow` (`busy`,
    `no_proven_set`).
    """
    by.demand(Perm.JOB_RETRY)
    if name not in kernel_jobs.periodic_jobs and name not in ASKED:
        raise NotFound()
    with tenancy.acting_in(None):
        job_id = ASKED[name](by=by) if name in ASKED else kernel_jobs.run_now(name)
        chain.record(kind="job.retried", subject=("job", name), by=by, changes={"status": ["", JobStatus.QUEUED]})
    return job_id


def release_restored(*, by: Actor) -> int:
    """Let what a restore held go its way: jobs, mails and events; gives how many. As the owner."""
    by.demand(Perm.JOB_RETRY)
    with tenancy.acting_in(None), connection.cursor() as cursor:
        count = 0
        for each in holding.WAITING.values():
            cursor.execute(each.release)
            count += cursor.rowcount
        if count:
            chain.record(kind="job.released", subject=("job", "restored"), by=by, changes={"count": count})
    return count


@unjournaled("jobs that ended long ago are forgotten by their age alone")
def prune(*, by: Actor) -> int:
    """Forget jobs that ended: finished ones after 30 days (what runs more often than daily a day), failed after 90."""
    times: dict[str, Any] = {
        "failed": FAILED_KEPT,
        "finished": FINISHED_KEPT,
        "often": OFTEN_KEPT,
        "frequent": kernel_jobs.frequent(),
    }
    count = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(FORGET, times)
            found = cursor.fetchone()[0]
            if not found:
                return count
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [found])
            count += len(found)
