"""Routes of deployments and rollbacks: what was run; they are begun on the machine alone."""

from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import ExportFormat, Out, Page, Paging, Routes, actor, export, needs, ordered, page_of
from maristan.operations.queries import deployments as queries
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus, Perm

routes = Routes()
FIELDS = (
    "run_id", "kind", "from_build", "to_build", "status", "exit_code", "started_at", "finished_at", "started_by",
    "host", "set_name", "report",
)  # fmt: skip


class DeploymentStep(Out):
    """One step: how it ended (`running`, `done`, `failed` or `not checked`), and what it found."""

    name: str
    status: str
    detail: str
    started_at: datetime
    finished_at: datetime | None


class AcceptedFinding(Out):
    """A finding that somebody answered for when the run was begun or resumed, and why."""

    code: str
    subject: str
    reason: str


class DeploymentOut(Out):
    """One run that put a release into service, or took one back."""

    id: int
    run_id: UUID
    kind: DeploymentKind
    from_build: str
    to_build: str
    status: DeploymentStatus
    exit_code: int | None
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    host: str
    set_name: str
    report: str
    steps: list[DeploymentStep]
    accepted: list[AcceptedFinding]


class DeploymentFilters(Paging):
    """Filters of the list."""

    kind: DeploymentKind | None = None
    status: DeploymentStatus | None = None
    build: str = ""


def _listed(request: HttpRequest, filters: DeploymentFilters) -> Any:
    found = queries.visible_to(actor(request))
    if filters.search:
        found = found.filter(started_by__icontains=filters.search)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.build:
        found = found.filter(to_build=filters.build)
    return ordered(found, filters.ordering or "-started_at", ("started_at", "kind", "status", "to_build", "id"))


@routes.get("deployments/", response=Page[DeploymentOut], **needs(Perm.RELEASE_VIEW))
def list_deployments(request: HttpRequest, filters: Query[DeploymentFilters]) -> Any:
    """What was put into service and taken back, newest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("deployments/export/", response=None, **needs(Perm.RELEASE_VIEW))
def export_deployments(request: HttpRequest, filters: Query[DeploymentFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns: dict[str, Any] = {each: attrgetter(each) for each in FIELDS}
    columns["steps"] = lambda row: "; ".join(f"{each['name']}: {each['status']}" for each in row.steps)
    columns["accepted"] = lambda row: "; ".join(map("{code}:{subject}={reason}".format_map, row.accepted))
    return export(_listed(request, filters), wanted, name="deployments", columns=columns)
