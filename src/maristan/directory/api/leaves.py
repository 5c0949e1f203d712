"""Routes of leave."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from maristan.directory.actions import leaves as actions
from maristan.directory.api.shapes import LeaveKind, LeaveStatus, Named, Reason
from maristan.directory.queries import leaves as queries
from maristan.directory.queries import settings
from maristan.directory.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    MoveIn,
    MoveOut,
    Out,
    Page,
    Paging,
    PlainPaging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
    versioned,
)
from maristan.kernel.timelines import LINE_COLUMNS, LineOut

routes = Routes()


class LeaveOut(Out):
    """An absence asked for, with the moves that are open."""

    id: int
    person: Named
    kind: str
    start_date: date
    end_date: date | None
    reason: str
    status: str
    counts_toward_graduation: bool
    suspends_study: bool
    requested_by: Named | None
    decided_by: Named | None
    decided_at: datetime | None
    decision_note: str
    attachment: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    moves: list[MoveOut]


class LeaveDetail(LeaveOut):
    """An absence with how many live sessions fall into it; null where nobody plans sessions."""

    sessions_affected: int | None


class LeaveIn(In):
    """Leave to be asked for, one's own unless a person is named; without `end_date` it is ongoing."""

    person: Id | None = None
    kind: LeaveKind
    start_date: Day
    end_date: Day | None = None
    reason: Reason = ""
    counts_toward_graduation: bool = True
    suspends_study: bool | None = None


class LeaveEnd(MoveIn):
    """The last day of a leave."""

    date: Day


class LeaveFilters(Paging):
    """Filters of the list; `on` is a day that the leave covers."""

    person: Id | None = None
    kind: LeaveKind | None = None
    status: LeaveStatus | None = None
    on: Day | None = None


def _listed(request: HttpRequest, filters: LeaveFilters) -> Any:
    found = queries.visible_to(actor=actor(request), day=settings.local_today())
    for field in ("person", "kind", "status"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.on is not None:
        found = queries.covering(found, filters.on)
    if filters.search:
        found = found.filter(person__name__icontains=filters.search)
    return ordered(found, filters.ordering or "-start_date", ("start_date", "end_date", "status", "person__name", "id"))


def _one(leave: Any, by: Actor, response: HttpResponse) -> Any:
    versioned(response, leave.version)
    shown = queries.shown([leave], actor=by, today=settings.local_today())[0]
    return {**shown, "sessions_affected": queries.sessions_affected(leave)}


@routes.get("/leaves/", response=Page[LeaveOut], **needs(Perm.LEAVE_VIEW))
def list_leaves(request: HttpRequest, filters: Query[LeaveFilters]) -> Any:
    """Leave of oneself and of those whose leave one keeps."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(page["results"], actor=actor(request), today=settings.local_today())}


@routes.get("/leaves/export/", response=None, **needs(Perm.LEAVE_VIEW))
def export_leaves(request: HttpRequest, filters: Query[LeaveFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "kind": lambda row: row.kind,
        "start_date": lambda row: row.start_date,
        "end_date": lambda row: row.end_date,
        "status": lambda row: row.status,
        "reason": lambda row: row.reason,
    }
    return export(_listed(request, filters), wanted, name="leaves", columns=columns)


@routes.post("/leaves/", response={201: LeaveDetail}, **needs(Perm.LEAVE_REQUEST))
def request_leave(request: HttpRequest, body: LeaveIn, response: HttpResponse) -> Any:
    """Ask for leave."""
    by = actor(request)
    return created(_one(actions.request(values=body.dict(), by=by), by, response))


@routes.get("/leaves/{int:pk}/", response=LeaveDetail, **needs(Perm.LEAVE_VIEW))
def get_leave(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One leave."""
    by = actor(request)
    return _one(rows.one(queries.visible_to(actor=by, day=settings.local_today()), pk), by, response)


def _timeline(request: HttpRequest, pk: int) -> Any:
    found = rows.one(queries.visible_to(actor=actor(request), day=settings.local_today()), pk)
    return queries.timeline(found)


@routes.get("/leaves/{int:pk}/timeline/", response=Page[LineOut], **needs(Perm.LEAVE_VIEW))
def get_leave_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to a leave, newest first."""
    return page_of(request, _timeline(request, pk), paging)


@routes.get("/leaves/{int:pk}/timeline/export/", response=None, **needs(Perm.LEAVE_VIEW))
def export_leave_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    return export(_timeline(request, pk), wanted, name="timeline", columns=LINE_COLUMNS)


@routes.post("/leaves/{int:pk}/moves/approve/", response=LeaveDetail, **needs(Perm.LEAVE_DECIDE))
def approve_leave(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Approve leave."""
    by = actor(request)
    return _one(
        actions.move(pk=pk, name="approve", reason=body.reason, version=expected_version(request), by=by), by, response
    )


@routes.post("/leaves/{int:pk}/moves/reject/", response=LeaveDetail, **needs(Perm.LEAVE_DECIDE))
def reject_leave(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Reject leave, with a reason."""
    by = actor(request)
    return _one(
        actions.move(pk=pk, name="reject", reason=body.reason, version=expected_version(request), by=by), by, response
    )


@routes.post("/leaves/{int:pk}/moves/cancel/", response=LeaveDetail, **needs(Perm.LEAVE_REQUEST))
def cancel_leave(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Cancel leave."""
    by = actor(request)
    return _one(
        actions.move(pk=pk, name="cancel", reason=body.reason, version=expected_version(request), by=by), by, response
    )


@routes.post("/leaves/{int:pk}/moves/end/", response=LeaveDetail, **needs(Perm.LEAVE_DECIDE))
def end_leave(request: HttpRequest, pk: Id, body: LeaveEnd, response: HttpResponse) -> Any:
    """Set the last day of leave."""
    by = actor(request)
    return _one(
        actions.move(
            pk=pk, name="end", reason=body.reason, last_day=body.date, version=expected_version(request), by=by
        ),
        by,
        response,
    )
