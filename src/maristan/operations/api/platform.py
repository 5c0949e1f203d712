"""Routes about what runs."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import ExportFormat, Out, Page, Paging, Routes, actor, export, needs, ordered, page_of
from maristan.operations.queries import overview, processes
from maristan.operations.rules.states import (
    MaintenanceLevel,
    Perm,
    ProcessKind,
    RestoreOutcome,
    VerificationResult,
    VerificationScope,
)

routes = Routes()


class MaintenanceNow(Out):
    """Whether maintenance is on."""

    is_on: bool
    level: MaintenanceLevel | None
    until: datetime | None


class LastVerification(Out):
    """What the last verification of the build that runs found."""

    result: VerificationResult
    at: datetime
    build_id: str
    scope: VerificationScope


class LastDrill(Out):
    """How the last drill ended, and how many seconds it took."""

    outcome: RestoreOutcome
    at: datetime
    seconds: float


class LastBackup(Out):
    """The newest proven set."""

    name: str | None
    proven_at: datetime | None
    age_hours: float | None
    offsite_at: datetime | None
    drill: LastDrill | None


class JobFigures(Out):
    """Jobs that wait, run and failed; the wait of the oldest due one in seconds."""

    queued: int
    active: int
    failed_24h: int
    oldest_seconds: float | None


class ProcessFigures(Out):
    """Live processes; those whose build, or code on disk, is not that of the one that answers."""

    web: int
    worker: int
    differing_build: int


class AlertFigures(Out):
    """Alerts that are not resolved, and when somebody last looked for any (none within an hour: null)."""

    critical: int
    warning: int
    evaluated_at: datetime | None


class DiskOut(Out):
    """A volume, and how much of it is used (0 to 1)."""

    path: str
    used_ratio: float


class TileLimits(Out):
    """Above what an alert fires: the age of the newest proven set in hours, and used shares of a volume (0 to 1)."""

    backup_hours: float
    disk_ratio: float
    disk_full_ratio: float


class OverviewOut(Out):
    """The state of the platform as it was `at`."""

    version: str
    build: str
    env: str
    at: datetime
    started_at: datetime | None
    maintenance: MaintenanceNow
    health: dict[str, Any]
    verification: LastVerification | None
    backup: LastBackup
    jobs: JobFigures
    processes: ProcessFigures
    alerts: AlertFigures
    disks: list[DiskOut]
    limits: TileLimits


@routes.get("overview/", response=OverviewOut, **needs(Perm.VIEW))
def get_overview(request: HttpRequest) -> Any:
    """Everything at one glance."""
    return overview.overview(actor=actor(request))


FIELDS = ("kind", "host", "pid", "version", "build_id", "code_build_id", "started_at", "last_seen_at")


class ProcessOut(Out):
    """One running process, or one that was seen within a day; `rss_bytes` is its memory."""

    id: int
    kind: ProcessKind
    host: str
    pid: int
    version: str
    build_id: str
    code_build_id: str
    started_at: datetime
    last_seen_at: datetime
    listen: list[str]
    queues: list[str]
    rss_bytes: int


class ProcessFilters(Paging):
    """Filters of the list."""

    kind: ProcessKind | None = None


def _listed(request: HttpRequest, filters: ProcessFilters) -> Any:
    found = processes.visible_to(actor(request))
    if filters.search:
        found = found.filter(host__icontains=filters.search)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return ordered(found, filters.ordering or "-last_seen_at", ("kind", "host", "started_at", "last_seen_at", "id"))


@routes.get("processes/", response=Page[ProcessOut], **needs(Perm.PROCESS_VIEW))
def list_processes(request: HttpRequest, filters: Query[ProcessFilters]) -> Any:
    """What runs, and what ended within a day."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("processes/export/", response=None, **needs(Perm.PROCESS_VIEW))
def export_processes(request: HttpRequest, filters: Query[ProcessFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(
        _listed(request, filters), wanted, name="processes", columns={each: attrgetter(each) for each in FIELDS}
    )
