"""Routes of backup sets and drills; restoring, removing and fetching a set need the machine."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from maristan.kernel.api import (
    ExportFormat,
    In,
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
from maristan.operations.actions import asking as actions
from maristan.operations.api.progress import LongWork, queued
from maristan.operations.queries import sets as queries
from maristan.operations.rules.states import (
    MediaMode,
    Perm,
    RestoreKind,
    RestoreOutcome,
    SetFormat,
    SetReason,
    SetStatus,
)

routes = Routes()
RUN_FIELDS = (
    "kind", "set_name", "started_at", "finished_at", "outcome", "seconds", "tables_compared", "rows_compared",
    "files_compared", "started_by", "report",
)  # fmt: skip


class KeptOut(Out):
    """Why a set stays: `newest_proven`, `day`, `week`, `month`, `younger`, ..., and which one."""

    code: str
    which: str


class BackupOut(Out):
    """A set; `kept` is empty for one that the next retention removes."""

    id: int
    name: str
    reason: SetReason
    status: SetStatus
    created_at: datetime
    created_by: str
    format: SetFormat
    encrypted: bool
    pinned: bool
    size_bytes: int
    database_bytes: int
    media: MediaMode
    media_bytes: int
    media_files: int
    version: str
    build_id: str
    postgres_version: str
    proven_at: datetime | None
    prove_seconds: float | None
    tables_compared: int
    mismatches: int
    offsite_at: datetime | None
    removed_at: datetime | None
    error_code: str
    kept: list[KeptOut]
    restore_command: str
    moves: list[MoveOut]


class BackupIn(In):
    """Why it is made: by hand; the other reasons are those of the schedule and of commands."""

    reason: Annotated[Literal["manual"], any_case] = "manual"


class BackupFilters(Paging):
    """Filters of the list; removed sets are left out unless asked for."""

    status: Annotated[SetStatus, any_case] | None = None


class RestoreRunOut(Out):
    """A drill, restore or proof."""

    id: int
    kind: RestoreKind
    set_name: str
    started_at: datetime
    finished_at: datetime
    outcome: RestoreOutcome
    tables_compared: int
    rows_compared: int
    files_compared: int
    mismatches: list[str]
    seconds: float
    started_by: str
    report: str


class DrillFilters(Paging):
    """Filters of the list."""

    kind: Annotated[RestoreKind, any_case] = RestoreKind.DRILL
    outcome: Annotated[RestoreOutcome, any_case] | None = None
    set_name: Annotated[str, Field(max_length=120)] = ""


def _sets(request: HttpRequest, filters: BackupFilters) -> Any:
    found = queries.visible_to(actor(request))
    if filters.search:
        found = found.filter(name__icontains=filters.search)
    found = found.filter(status=filters.status) if filters.status else found.exclude(status=SetStatus.REMOVED)
    return ordered(found, filters.ordering or "-created_at", ("name", "created_at", "size_bytes", "proven_at", "id"))


@routes.get("backups/", response=Page[BackupOut], **needs(Perm.BACKUP_VIEW))
def list_backups(request: HttpRequest, filters: Query[BackupFilters]) -> Any:
    """Sets, newest first."""
    found, by = page_of(request, _sets(request, filters), filters), actor(request)
    why = queries.reasons()
    return {**found, "results": [queries.shown(each, why, actor=by) for each in found["results"]]}


@routes.get("backups/export/", response=None, **needs(Perm.BACKUP_VIEW))
def export_backups(request: HttpRequest, filters: Query[BackupFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns: dict[str, Any] = {each: attrgetter(each) for each in queries.SHOWN if each != "id"}
    why = queries.reasons()
    columns["kept"] = lambda row: "; ".join(why.get(row.name, ()))
    return export(_sets(request, filters), wanted, name="backups", columns=columns)


@routes.post("backups/", response={202: LongWork}, **needs(Perm.BACKUP_CREATE))
def ask_backup(request: HttpRequest, body: BackupIn) -> Any:
    """Make a set and prove it."""
    return Status(202, queued(actions.create_backup(by=actor(request))))


@routes.post("backups/{str:name}/moves/verify/", response={202: LongWork}, **needs(Perm.BACKUP_VERIFY))
def ask_proof(request: HttpRequest, name: str) -> Any:
    """Check every byte of a set, restore it beside the live database and compare."""
    return Status(202, queued(actions.verify_backup(name=name, by=actor(request))))


def _runs(request: HttpRequest, filters: DrillFilters) -> Any:
    found = queries.restores(actor=actor(request)).filter(kind=filters.kind)
    if filters.search:
        found = found.filter(set_name__icontains=filters.search)
    if filters.set_name:
        found = found.filter(set_name=filters.set_name)
    if filters.outcome is not None:
        found = found.filter(outcome=filters.outcome)
    return ordered(found, filters.ordering or "-started_at", ("started_at", "seconds", "outcome", "id"))


@routes.get("drills/", response=Page[RestoreRunOut], **needs(Perm.DRILL_VIEW))
def list_drills(request: HttpRequest, filters: Query[DrillFilters]) -> Any:
    """Drills, newest first; by `kind` also restores and proofs."""
    return page_of(request, _runs(request, filters), filters)


@routes.get("drills/export/", response=None, **needs(Perm.DRILL_VIEW))
def export_drills(request: HttpRequest, filters: Query[DrillFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns: dict[str, Any] = {each: attrgetter(each) for each in RUN_FIELDS}
    columns["mismatches"] = lambda row: "; ".join(row.mismatches)
    return export(_runs(request, filters), wanted, name="drills", columns=columns)


@routes.post("drills/", response={202: LongWork}, **needs(Perm.DRILL_RUN))
def ask_drill(request: HttpRequest) -> Any:
    """Restore a proven set beside the live database, for practice."""
    return Status(202, queued(actions.run_drill(by=actor(request))))
