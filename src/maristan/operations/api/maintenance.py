"""Routes of maintenance: what is planned, what is on, and what everybody is told of it."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.kernel import clock
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Instant,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.operations.actions import maintenance as actions
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules.maintenance import MAINTENANCE
from maristan.operations.rules.states import MaintenanceLevel, Perm, WindowStatus

routes = Routes()
Level = Annotated[MaintenanceLevel, any_case]
Message = Annotated[str, Field(max_length=500)]
FIELDS = ("level", "message", "planned_from", "until", "started_at", "ended_at", "by")


class MaintenanceOut(Out):
    """A maintenance window."""

    id: int
    level: MaintenanceLevel
    message: str
    planned_from: datetime
    until: datetime
    started_at: datetime | None
    ended_at: datetime | None
    by: str
    version: int
    status: WindowStatus


class MaintenancePage(MaintenanceOut):
    """With what may be done with it now."""

    moves: list[MoveOut]


class MaintenanceIn(In):
    """A window: from now, or from a moment to come; it ends by hand, `until` is what people are told.

    Without `until` that is half an hour after it begins.
    """

    level: Level = MaintenanceLevel.FULL
    message: Message = ""
    planned_from: Instant | None = Field(None, alias="from")
    until: Instant | None = None


class MaintenancePatch(In):
    """The fields to change while it is on."""

    level: Level = MaintenanceLevel.FULL
    message: Message = ""
    until: Instant | None = None


class MaintenanceFilters(Paging):
    """Filters of the list."""

    is_over: bool | None = None


def _listed(request: HttpRequest, filters: MaintenanceFilters) -> Any:
    found = queries.visible_to(actor(request))
    if filters.is_over is not None:
        found = found.filter(ended_at__isnull=not filters.is_over)
    if filters.search:
        found = found.filter(message__icontains=filters.search)
    return ordered(found, filters.ordering or "-planned_from", ("planned_from", "until", "id"))


def _page(row: Any, request: HttpRequest) -> dict[str, Any]:
    moves = MAINTENANCE.moves(queries.facts(row), actor(request), clock.now())
    return {**queries.shown(row), "moves": [each.as_dict() for each in moves]}


@routes.get("maintenance/", response=Page[MaintenanceOut], **needs(Perm.MAINTENANCE_MANAGE))
def list_windows(request: HttpRequest, filters: Query[MaintenanceFilters]) -> Any:
    """Windows, newest first."""
    found = page_of(request, _listed(request, filters), filters)
    return {**found, "results": [queries.shown(each) for each in found["results"]]}


@routes.get("maintenance/export/", response=None, **needs(Perm.MAINTENANCE_MANAGE))
def export_windows(request: HttpRequest, filters: Query[MaintenanceFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(
        _listed(request, filters), wanted, name="maintenance", columns={each: attrgetter(each) for each in FIELDS}
    )


@routes.post("maintenance/", response={201: MaintenancePage}, **needs(Perm.MAINTENANCE_MANAGE))
def begin_or_plan(request: HttpRequest, body: MaintenanceIn) -> Any:
    """Announce a window, or begin at once when no start is named."""
    by = actor(request)
    if body.planned_from is None:
        return created(_page(actions.begin(level=body.level, message=body.message, until=body.until, by=by), request))
    planned = actions.plan(
        level=body.level, message=body.message, planned_from=body.planned_from, until=body.until, by=by
    )
    return created(_page(planned, request))


@routes.get("maintenance/{int:pk}/", response=MaintenancePage, **needs(Perm.MAINTENANCE_MANAGE))
def get_window(request: HttpRequest, pk: Id) -> Any:
    """One window with its moves."""
    return _page(queries.get(pk, actor=actor(request)), request)


@routes.patch("maintenance/{int:pk}/", response=MaintenancePage, **needs(Perm.MAINTENANCE_MANAGE))
def change_window(request: HttpRequest, pk: Id, body: MaintenancePatch) -> Any:
    """Another level, message or end while it is on."""
    values = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    return _page(actions.change(pk=pk, values=values, by=actor(request)), request)


@routes.post("maintenance/{int:pk}/moves/{str:name}/", response=MaintenancePage, **needs(Perm.MAINTENANCE_MANAGE))
def move_window(request: HttpRequest, pk: Id, name: str) -> Any:
    """Start, end or withdraw."""
    return _page(actions.move(pk=pk, name=name, by=actor(request)), request)
