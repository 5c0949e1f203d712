"""Routes of one's own lines."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.attendance.api.standings import WindowFilters, window_of
from maristan.attendance.queries import own as queries
from maristan.attendance.rules.states import Mark, Perm
from maristan.kernel import clock
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Out,
    Page,
    PlainPaging,
    Routes,
    actor,
    any_case,
    export,
    needs,
    ordered,
    page_of,
)

routes = Routes()


class OwnLine(Out):
    """One session of one's own: how it is marked, and what is asked about it."""

    id: int
    session: int
    title: str | None
    starts_at: datetime
    ends_at: datetime
    course: int | None
    course_name: str | None
    expected: bool
    status: str | None
    remarks: str
    register_status: str | None
    correction: dict[str, Any] | None
    can_correct: bool


class OwnLineFilters(PlainPaging, WindowFilters):
    """Filters of the list."""

    ordering: Annotated[str, Field(max_length=100)] = ""
    course: Id | None = None
    status: Annotated[Mark, any_case] | None = None


def _listed(request: HttpRequest, filters: OwnLineFilters) -> Any:
    found = queries.lines(actor=actor(request), window=window_of(request, filters))
    wanted = {"session__course_id": filters.course, "status": filters.status}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-starts_at", queries.ORDERINGS)


@routes.get("/mine/sessions/", response=Page[OwnLine], **needs(Perm.VIEW))
def list_own_lines(request: HttpRequest, filters: Query[OwnLineFilters]) -> Any:
    """One's own sessions that have begun, the latest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(list(page["results"]), now=clock.now())}


COLUMNS: dict[str, Any] = {
    name: lambda row, name=name: getattr(row, name)
    for name in ("title", "starts_at", "ends_at", "course_name", "status", "remarks", "register_status")
}


@routes.get("/mine/sessions/export/", response=None, **needs(Perm.VIEW))
def export_own_lines(request: HttpRequest, filters: Query[OwnLineFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(_listed(request, filters), wanted, name="my_sessions", columns=COLUMNS)
