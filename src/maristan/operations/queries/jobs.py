"""The queue of jobs as operators see it: counted by queue, listed by status, never with what a job was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JobNote
from maristan.kernel.names import nearest
from maristan.operations.queries import processes, progress
from maristan.operations.rules.jobs import JOB, JobFacts, JobStatus
from maristan.operations.rules.states import Perm, ProcessKind

COUNTED = """
SELECT queue_name,
  count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS queued,
  count(*) FILTER (WHERE status = 'doing') AS active,
  count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS deferred,
  count(*) FILTER (WHERE status = 'succeeded') AS finished,
  count(*) FILTER (WHERE status = 'failed') AS failed
FROM procrastinate_jobs GROUP BY queue_name ORDER BY queue_name
"""
OLDEST = """
SELECT queue_name, extract(epoch FROM now() - min(coalesce(scheduled_at, queued.at)))
FROM procrastinate_jobs AS job
LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred') AS queued
  ON true
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name
"""


WORDS = {"doing": JobStatus.ACTIVE, "succeeded": JobStatus.FINISHED, "failed": JobStatus.FAILED}


@dataclass(frozen=True, slots=True)
class QueueStats:
    """Jobs of one queue by status, its live workers, and for how many seconds the oldest due one has waited."""

    queue: str
    queued: int
    active: int
    deferred: int
    finished: int
    failed: int
    workers: int
    oldest_seconds: float | None


def stats() -> list[QueueStats]:
    """Every queue that has jobs or a worker of its own, by name; three statements."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        counted: dict[str, list[int]] = {row[0]: list(row[1:]) for row in cursor.fetchall()}
        cursor.execute(OLDEST)
        oldest = {name: float(seconds) for name, seconds in cursor.fetchall() if seconds is not None}
    served = list(processes.live().filter(kind=ProcessKind.WORKER).values_list("queues", flat=True))
    own = {queue for queues in served for queue in queues if queue != processes.EVERY_QUEUE}
    found = []
    for queue in sorted({*counted, *own}):
        queued, active, deferred, finished, failed = counted.get(queue, [0] * 5)
        workers = sum(processes.EVERY_QUEUE in each or queue in each for each in served)
        found.append(QueueStats(queue, queued, active, deferred, finished, failed, workers, oldest.get(queue)))
    return found


def visible_to(actor: Actor) -> "QuerySet[ProcrastinateJob]":
    """Jobs that the actor may see: an operator all, an administrator those of the institution.

    Raises `NotAllowed` without the permission; whoever may see only their own sees none here, but at `/jobs/`.
    """
    reach = actor.demand(Perm.JOB_VIEW)
    rows: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.all()
    if not actor.is_operator:
        here = tenancy.current()
        rows = rows.filter(args__institution_id=here) if reach.everything and here is not None else rows.none()
    events = ProcrastinateEvent.objects.filter(job_id=OuterRef("pk")).values("job_id")
    queued = events.filter(type="deferred").annotate(last=Max("at")).values("last")
    note = JobNote.objects.filter(job_id=OuterRef("pk"))
    return rows.annotate(
        queued_at=Subquery(queued),
        changed_at=Subquery(events.annotate(last=Max("at")).values("last")),
        error=Subquery(note.values("error")),
        request_id=Subquery(note.values("request_id")),
    )


def known_queue(name: str) -> str:
    """The name, of a queue that a job is declared for or waits in; raises `NotFound` (`unknown_queue`)."""
    declared = sorted({task.queue for task in app.tasks.values()})
    if name in declared or ProcrastinateJob.objects.filter(queue_name=name).exists():
        return name
    raise NotFound("unknown_queue", f"There is no queue {name!r}; there are {nearest(name, declared, declared)}.")


def of_status(status: JobStatus, now: datetime) -> Q:
    """The condition of a status."""
    waits, later = Q(status="todo"), Q(scheduled_at__isnull=False, scheduled_at__gt=now)
    return {
        JobStatus.QUEUED: waits & ~later,
        JobStatus.DEFERRED: waits & later,
        JobStatus.ACTIVE: Q(status="doing"),
        JobStatus.FINISHED: Q(status="succeeded"),
        JobStatus.FAILED: Q(status="failed"),
        JobStatus.CANCELLED: Q(status__in=("cancelled", "aborted", "aborting")),
    }[status]


def status_of(row: ProcrastinateJob, now: datetime) -> JobStatus:
    """The status of a job as operators speak of it."""
    if row.status == "todo":
        return JobStatus.DEFERRED if row.scheduled_at is not None and row.scheduled_at > now else JobStatus.QUEUED
    return WORDS.get(row.status, JobStatus.CANCELLED)


def listed(rows: Sequence[ProcrastinateJob], *, actor: Actor) -> list[dict[str, Any]]:
    """Jobs as lists show them; `percent` is of those that run and say how far they are."""
    percents = progress.percents(rows)
    return [{**shown(each, actor=actor), "percent": percents.get(each.pk)} for each in rows]


def shown(row: ProcrastinateJob, *, actor: Actor) -> dict[str, Any]:
    """A job with what may be done with it now; what it was told stays hidden."""
    now = clock.now()
    status = status_of(row, now)
    notes = ("queued_at", "changed_at", "error", "request_id")
    return {
        "id": row.pk,
        "name": row.task_name,
        "queue": row.queue_name,
        "status": status,
        "attempts": row.attempts,
        "scheduled_at": row.scheduled_at,
        **{each: getattr(row, each, None) for each in notes},
        "moves": [each.as_dict() for each in JOB.moves(JobFacts(status, is_theirs(row, actor)), actor, now)],
    }


def is_theirs(row: ProcrastinateJob, actor: Actor) -> bool:
    """Whether the actor may queue it again or cancel it: every job is an operator's, others' is what they asked for."""
    return actor.is_operator or (actor.user_id is not None and row.args.get("user_id") == actor.user_id)


def get(pk: int, *, actor: Actor) -> ProcrastinateJob:
    """One job; raises `NotFound`."""
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found
