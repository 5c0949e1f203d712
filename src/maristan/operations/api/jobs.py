"""Routes of jobs: the queue, what runs by schedule, and how much of each there is."""

from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from maristan.kernel import clock
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Instant,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.operations.actions import jobs as actions
from maristan.operations.api.progress import LongWork, queued
from maristan.operations.queries import jobs as queries
from maristan.operations.queries import schedules
from maristan.operations.rules.jobs import JobStatus
from maristan.operations.rules.states import Perm

routes = Routes()
FIELDS = ("id", "name", "queue", "status", "attempts", "queued_at", "changed_at", "scheduled_at", "error", "request_id")


class QueuedJobOut(Out):
    """A job of the queue; what it was told stays hidden, of its fault only the kind is kept.

    `percent` is told of a job that runs and counts what it does.
    """

    id: int
    name: str
    queue: str
    status: JobStatus
    attempts: int
    queued_at: datetime | None
    changed_at: datetime | None
    scheduled_at: datetime | None
    error: str | None
    request_id: str | None
    percent: int | None
    moves: list[MoveOut]


class QueueOut(Out):
    """One queue: jobs by status, live workers, and the wait of the oldest due job in seconds."""

    queue: str
    queued: int
    active: int
    deferred: int
    finished: int
    failed: int
    workers: int
    oldest_seconds: float | None


class QueuesOut(Out):
    """Every queue."""

    results: list[QueueOut]


class PeriodicOut(Out):
    """What runs by schedule: a cron, or a time of day (`02:00`, `sun 03:30`, `off`), of a zone.

    `is_overdue` as the alert judges it.
    """

    name: str
    schedule: str
    zone: str
    next_at: datetime | None
    last_at: datetime | None
    last_outcome: str
    last_error: str
    last_seconds: float | None
    is_overdue: bool


class PeriodicsOut(Out):
    """Everything that runs by schedule."""

    results: list[PeriodicOut]


class PeriodicQueued(LongWork):
    """It is queued; where to look how far it is."""

    name: str


class JobFilters(Paging):
    """Filters of the list; `from` and `to` say when a job was queued, the latter not included."""

    queue: str = ""
    name: str = ""
    status: Annotated[JobStatus, any_case] | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    before: Annotated[Instant | None, Field(alias="to")] = None


def _listed(request: HttpRequest, filters: JobFilters) -> Any:
    found = queries.visible_to(actor(request))
    if filters.queue:
        found = found.filter(queue_name=queries.known_queue(filters.queue))
    span = {"queued_at__gte": filters.since, "queued_at__lt": filters.before}
    found = found.filter(**{name: at for name, at in span.items() if at is not None})
    if filters.name:
        found = found.filter(task_name=filters.name)
    if filters.search:
        found = found.filter(task_name__icontains=filters.search)
    if filters.status is not None:
        found = found.filter(queries.of_status(filters.status, clock.now()))
    return ordered(found, filters.ordering or "-id", ("id", "attempts", "scheduled_at"))


@routes.get("jobs/", response=Page[QueuedJobOut], **needs(Perm.JOB_VIEW))
def list_queued_jobs(request: HttpRequest, filters: Query[JobFilters]) -> Any:
    """Jobs, newest first."""
    found = page_of(request, _listed(request, filters), filters)
    return {**found, "results": queries.listed(found["results"], actor=actor(request))}


@routes.get("jobs/export/", response=None, **needs(Perm.JOB_VIEW))
def export_queued_jobs(request: HttpRequest, filters: Query[JobFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    by = actor(request)
    columns = {name: _of(name, by) for name in FIELDS}
    return export(_listed(request, filters), wanted, name="jobs", columns=columns)


def _of(name: str, by: Any) -> Any:
    get = itemgetter(name)
    return lambda row: get(queries.shown(row, actor=by))


@routes.get("jobs/stats/", response=QueuesOut, **needs(Perm.VIEW))
def job_stats(request: HttpRequest) -> Any:
    """Every queue with its figures."""
    actor(request).demand(Perm.VIEW)
    return {"results": queries.stats()}


@routes.get("jobs/{int:pk}/", response=QueuedJobOut, **needs(Perm.JOB_VIEW))
def get_queued_job(request: HttpRequest, pk: Id) -> Any:
    """One job."""
    return _one(request, pk)


@routes.post("jobs/{int:pk}/moves/{str:name}/", response=QueuedJobOut, **needs(Perm.JOB_VIEW))
def move_queued_job(request: HttpRequest, pk: Id, name: str) -> Any:
    """Queue it again, or cancel it."""
    actions.move(pk=pk, name=name, by=actor(request))
    return _one(request, pk)


def _one(request: HttpRequest, pk: int) -> Any:
    return queries.listed([queries.get(pk, actor=actor(request))], actor=actor(request))[0]


@routes.get("periodic/", response=PeriodicsOut, **needs(Perm.VIEW))
def list_periodic(request: HttpRequest) -> Any:
    """What runs by schedule, when it ran and how it ended."""
    actor(request).demand(Perm.VIEW)
    return {"results": schedules.periodic()}


@routes.post("periodic/{str:name}/run/", response={202: PeriodicQueued}, **needs(Perm.JOB_RETRY))
def run_periodic(request: HttpRequest, name: str) -> Any:
    """Run it now."""
    job_id = actions.run_now(name=name, by=actor(request))
    return Status(202, {"name": name, **queued(job_id)})
