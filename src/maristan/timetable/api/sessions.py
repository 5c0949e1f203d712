"""Routes of sessions."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.answers import Shaped
from maristan.kernel.api import (
    FIRST_DAY,
    LAST_DAY,
    Day,
    ExportFormat,
    Id,
    In,
    Instant,
    Missing,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)
from maristan.timetable.actions import sessions as actions
from maristan.timetable.queries import sessions as queries
from maristan.timetable.rules.states import Perm, SessionKind, SessionSource, SessionStatus

routes = Routes()


class Named(Out):
    """Somebody or something by name."""

    id: int
    name: str


class SessionOut(Shaped):
    """A session with the names that screens show."""

    id: int
    academic_period: int
    academic_period_name: str
    group: int | None
    groups: list[Named]
    faculty: int | None
    faculty_name: str
    teachers: list[Named]
    department: int
    department_name: str
    section: int | None
    section_name: str
    course: int | None
    course_code: str
    course_name: str
    title: str
    room: int | None
    room_name: str
    kind: str
    topic: str
    note: str
    starts_at: datetime
    ends_at: datetime
    status: str
    source: str
    cancel_reason: str
    cancelled_at: datetime | None
    has_attendance: bool
    week_plan: int | None
    week_cell: int | None
    version: int
    created_at: datetime
    updated_at: datetime


class SessionPage(SessionOut):
    """A session with what it teaches of the syllabus, and what may be done with it now."""

    syllabus_items: list[Named]
    moves: list[MoveOut]
    can_annotate: bool
    can_delete: bool


class SessionMoved(SessionPage):
    """A session after a move, and the warnings that came with it."""

    warnings: list[Missing]


UNSET = datetime(1, 1, 1, tzinfo=UTC)  # a default that is never read: only what was sent is
Kind = Annotated[SessionKind, any_case]
Status = Annotated[SessionStatus, any_case]
Source = Annotated[SessionSource, any_case]
Topic = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=2000)]
Items = Annotated[list[Id], Field(max_length=100)]


class SessionIn(In):
    """A session outside a week; instants carry an offset."""

    academic_period: Id
    department: Id | None = None
    group: Id | None = None
    groups: list[Id] | None = None
    section: Id | None = None
    course: Id | None = None
    faculty: Id | None = None
    co_faculty: list[Id] = []
    faculty_name: Annotated[str, Field(max_length=100)] = ""
    room: Id | None = None
    kind: Kind = SessionKind.LECTURE
    topic: Topic = ""
    note: Note = ""
    syllabus_items: Items = []
    starts_at: Instant
    ends_at: Instant


class SessionPatch(In):
    """The fields to change."""

    academic_period: Id = 0
    department: Id = 0
    group: Id | None = None
    groups: list[Id] = []
    section: Id | None = None
    course: Id | None = None
    faculty: Id | None = None
    co_faculty: list[Id] = []
    faculty_name: Annotated[str, Field(max_length=100)] = ""
    room: Id | None = None
    kind: Kind = SessionKind.LECTURE
    topic: Topic = ""
    note: Note = ""
    syllabus_items: Items = []
    starts_at: Instant = UNSET
    ends_at: Instant = UNSET


class CancelIn(In):
    """Why a session is cancelled."""

    reason: str | None = None


class SubstituteIn(In):
    """Who teaches instead, and why."""

    faculty: Id
    reason: str | None = None


class RelocateIn(In):
    """Where it takes place instead, and why."""

    room: Id
    reason: str | None = None


class SessionFilters(Paging):
    """Filters of the list; dates are local days."""

    course: Id | None = None
    section: Id | None = None
    group: Id | None = None
    batch: Id | None = None
    faculty: Id | None = None
    room: Id | None = None
    department: Id | None = None
    academic_period: Id | None = None
    week_plan: Id | None = None
    status: Status | None = None
    source: Source | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    changed_since: Instant | None = None


SAME = ("course", "section", "room", "department", "academic_period", "status", "source")


def _listed(request: HttpRequest, filters: SessionFilters) -> Any:
    rows = queries.visible_to(actor=actor(request))
    wanted = {name: getattr(filters, name) for name in SAME}
    rows = queries.filtered(
        rows.filter(**{name: value for name, value in wanted.items() if value is not None}),
        group=filters.group,
        batch=filters.batch,
        faculty=filters.faculty,
        week_plan=filters.week_plan,
        changed_since=filters.changed_since,
        text=filters.search,
    )
    if filters.start_date or filters.end_date:
        rows = queries.between(
            rows,
            filters.start_date or FIRST_DAY,
            filters.end_date or LAST_DAY,
            institution().time_zone,
        )
    return ordered(rows, filters.ordering or "starts_at", ("starts_at", "ends_at", "updated_at", "status", "id"))


@routes.get("/sessions/", response=Page[SessionOut], **needs(Perm.SESSION_VIEW))
def list_sessions(request: HttpRequest, filters: Query[SessionFilters]) -> Any:
    """Published and direct sessions that the reader may see."""
    page = page_of(request, queries.with_names(_listed(request, filters)), filters)
    return {**page, "results": [queries.shown(row) for row in page["results"]]}


def _column(name: str, row: Any) -> Any:
    value = queries.shown(row)[name]
    return ", ".join(each["name"] for each in value) if isinstance(value, list) else value


@routes.get("/sessions/export/", response=None, **needs(Perm.SESSION_VIEW))
def export_sessions(request: HttpRequest, filters: Query[SessionFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = (
        "starts_at", "ends_at", "title", "topic", "teachers", "faculty_name", "groups", "section_name", "room_name",
        "department_name", "kind", "status", "cancel_reason",
    )  # fmt: skip
    columns = {name: partial(_column, name) for name in names}
    return export(queries.with_names(_listed(request, filters)), wanted, name="sessions", columns=columns)


@routes.post("/sessions/", response={201: SessionPage}, **needs(Perm.SESSION_MANAGE))
def create_session(request: HttpRequest, body: SessionIn, response: HttpResponse) -> Any:
    """Create a session outside a week."""
    values = {name: value for name, value in body.dict().items() if value is not None or name == "room"}
    return created(_page(request, actions.create(values=values, by=actor(request)).pk, response))


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = queries.page(pk, actor=actor(request), now=clock.now())
    versioned(response, found["version"])
    return found


@routes.get("/sessions/{int:pk}/", response=SessionPage, **needs(Perm.SESSION_VIEW))
def get_session(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One session."""
    return _page(request, pk, response)


@routes.patch("/sessions/{int:pk}/", response=SessionPage, **needs(Perm.SESSION_MANAGE))
def update_session(request: HttpRequest, pk: Id, body: SessionPatch, response: HttpResponse) -> Any:
    """Change a direct session, or annotate one's own planned one."""
    actions.update(pk=pk, version=expected_version(request), values=body.dict(exclude_unset=True), by=actor(request))
    return _page(request, pk, response)


@routes.delete("/sessions/{int:pk}/", response={204: None}, **needs(Perm.SESSION_MANAGE))
def delete_session(request: HttpRequest, pk: Id) -> Any:
    """Delete a direct session that has not started."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


def _move(request: HttpRequest, response: HttpResponse, pk: int, name: str, reason: str | None, to: int | None) -> Any:
    warnings = actions.move(pk=pk, name=name, reason=reason, to=to, by=actor(request))
    found = queries.page(pk, actor=actor(request), now=clock.now())
    versioned(response, found["version"])
    return {**found, "warnings": [each.as_dict() for each in warnings]}


@routes.post("/sessions/{int:pk}/moves/cancel/", response=SessionMoved, **needs(Perm.SESSION_MANAGE))
def cancel(request: HttpRequest, pk: Id, body: CancelIn, response: HttpResponse) -> Any:
    """Cancel a session with a reason."""
    return _move(request, response, pk, "cancel", body.reason, None)


@routes.post("/sessions/{int:pk}/moves/substitute/", response=SessionMoved, **needs(Perm.SESSION_MANAGE))
def substitute(request: HttpRequest, pk: Id, body: SubstituteIn, response: HttpResponse) -> Any:
    """Give a session another teacher."""
    return _move(request, response, pk, "substitute", body.reason, body.faculty)


@routes.post("/sessions/{int:pk}/moves/relocate/", response=SessionMoved, **needs(Perm.SESSION_MANAGE))
def relocate(request: HttpRequest, pk: Id, body: RelocateIn, response: HttpResponse) -> Any:
    """Give a session another room."""
    return _move(request, response, pk, "relocate", body.reason, body.room)
