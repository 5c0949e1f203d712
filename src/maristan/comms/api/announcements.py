"""Routes of announcements and of the board on which they are read."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.comms.actions import announcements as actions
from maristan.comms.queries import announcements as queries
from maristan.comms.rules.states import AnnouncementStatus, Perm, Priority
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    FIRST_DAY,
    Audience,
    ExportFormat,
    Id,
    In,
    Instant,
    MoveIn,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
EARLIEST = datetime.combine(FIRST_DAY, time.min, UTC)
Title = Annotated[str, Field(min_length=1, max_length=200)]
Body = Annotated[str, Field(min_length=1, max_length=10_000)]
Category = Annotated[str, Field(max_length=64)]


class AnnouncementOut(Out):
    """An announcement: plain text with Markdown marks, and whom it is for."""

    id: int
    title: str
    body: str
    category: str
    priority: Priority
    audience: list[list[str]]
    send_email: bool
    publish_at: datetime | None
    expires_at: datetime | None
    status: AnnouncementStatus
    created_by_name: str
    sent_at: datetime | None
    recipients_count: int | None
    version: int
    created_at: datetime
    updated_at: datetime


class AnnouncementPage(AnnouncementOut):
    """With what may be done with it now."""

    moves: list[MoveOut]


class AnnouncementIn(In):
    """A draft; whoever holds all keys of one alternative of the audience is told."""

    title: Title
    body: Body
    category: Category = ""
    priority: Priority = Priority.NORMAL
    audience: Audience
    send_email: bool = True
    publish_at: Instant | None = None
    expires_at: Instant | None = None


class AnnouncementPatch(In):
    """The fields to change."""

    title: Title = ""
    body: Body = ""
    category: Category = ""
    priority: Priority = Priority.NORMAL
    audience: Audience = []
    send_email: bool = True
    publish_at: Instant | None = None
    expires_at: Instant | None = None


class AudienceIn(In):
    """An audience to be counted."""

    audience: Audience


class PreviewOut(Out):
    """How many belong to it today, and ten of them."""

    count: int
    sample: list[str]


class BoardOut(Out):
    """An announcement as its audience reads it."""

    id: int
    title: str
    body: str
    category: str
    priority: Priority
    created_by_name: str
    sent_at: datetime
    expires_at: datetime | None


class AnnouncementFilters(Paging):
    """Filters of the list."""

    status: AnnouncementStatus | None = None
    category: str = ""


def _listed(request: HttpRequest, filters: AnnouncementFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.category:
        found = found.filter(category=filters.category)
    return ordered(found, filters.ordering or "-id", ("created_at", "sent_at", "title", "status", "id"))


def _one(row: Any, request: HttpRequest, response: HttpResponse) -> Any:
    versioned(response, row.version)
    return queries.page(row, actor=actor(request))


@routes.get("/announcements/", response=Page[AnnouncementOut], **needs(Perm.ANNOUNCEMENT_SEND))
def list_announcements(request: HttpRequest, filters: Query[AnnouncementFilters]) -> Any:
    """Announcements that one may send, newest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/announcements/export/", response=None, **needs(Perm.ANNOUNCEMENT_SEND))
def export_announcements(request: HttpRequest, filters: Query[AnnouncementFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "title": lambda row: row.title,
        "category": lambda row: row.category,
        "status": lambda row: row.status,
        "sent_at": lambda row: row.sent_at,
        "recipients_count": lambda row: row.recipients_count,
    }
    return export(_listed(request, filters), wanted, name="announcements", columns=columns)


@routes.post("/announcements/", response={201: AnnouncementPage}, **needs(Perm.ANNOUNCEMENT_SEND))
def create_announcement(request: HttpRequest, body: AnnouncementIn, response: HttpResponse) -> Any:
    """Draft an announcement."""
    return created(_one(actions.create(values=body.dict(), by=actor(request)), request, response))


@routes.post("/announcements/preview-audience/", response=PreviewOut, **needs(Perm.ANNOUNCEMENT_SEND))
def preview_audience(request: HttpRequest, body: AudienceIn) -> Any:
    """How many an audience reaches, before anything is sent."""
    return queries.preview(body.audience, actor=actor(request))


@routes.get("/announcements/{int:pk}/", response=AnnouncementPage, **needs(Perm.ANNOUNCEMENT_SEND))
def get_announcement(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One announcement."""
    return _one(rows.one(queries.visible_to(actor=actor(request)), pk), request, response)


@routes.patch("/announcements/{int:pk}/", response=AnnouncementPage, **needs(Perm.ANNOUNCEMENT_SEND))
def update_announcement(request: HttpRequest, pk: Id, body: AnnouncementPatch, response: HttpResponse) -> Any:
    """Change a draft."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), request, response)


@routes.delete("/announcements/{int:pk}/", response={204: None}, **needs(Perm.ANNOUNCEMENT_SEND))
def delete_announcement(request: HttpRequest, pk: Id) -> Any:
    """Delete a draft."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


def _moved(request: HttpRequest, pk: int, name: str, body: MoveIn, response: HttpResponse) -> Any:
    by = actor(request)
    actions.move(pk=pk, name=name, version=expected_version(request), reason=body.reason, by=by)
    return _one(rows.one(queries.visible_to(actor=by), pk), request, response)


@routes.post("/announcements/{int:pk}/moves/schedule/", response=AnnouncementPage, **needs(Perm.ANNOUNCEMENT_SEND))
def schedule_announcement(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Let a draft be sent at its time."""
    return _moved(request, pk, "schedule", body, response)


@routes.post("/announcements/{int:pk}/moves/send/", response=AnnouncementPage, **needs(Perm.ANNOUNCEMENT_SEND))
def send_announcement(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Send an announcement now; telling its audience goes on in the background."""
    return _moved(request, pk, "send", body, response)


@routes.post("/announcements/{int:pk}/moves/cancel/", response=AnnouncementPage, **needs(Perm.ANNOUNCEMENT_SEND))
def cancel_announcement(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Call off an announcement; mails that left already stay sent."""
    return _moved(request, pk, "cancel", body, response)


def _board(request: HttpRequest, filters: Paging) -> Any:
    found = queries.matching(queries.board(actor=actor(request), now=clock.now()), filters.search)
    return ordered(found, filters.ordering or "-sent_at", ("sent_at", "title", "id"))


@routes.get("/board/", response=Page[BoardOut], **needs(Perm.NOTIFICATION_VIEW))
def board(request: HttpRequest, filters: Query[Paging]) -> Any:
    """What was announced to the signed-in person and still holds, newest first."""
    return page_of(request, _board(request, filters), filters)


@routes.get("/board/{int:pk}/", response=BoardOut, **needs(Perm.NOTIFICATION_VIEW))
def get_from_board(request: HttpRequest, pk: Id) -> Any:
    """One announcement as its audience reads it, while it holds."""
    return rows.one(queries.board(actor=actor(request), now=clock.now()), pk)


@routes.get("/board/export/", response=None, **needs(Perm.NOTIFICATION_VIEW))
def export_board(request: HttpRequest, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The board as a file."""
    columns = {
        "title": lambda row: row.title,
        "body": lambda row: row.body,
        "category": lambda row: row.category,
        "created_by_name": lambda row: row.created_by_name,
        "sent_at": lambda row: row.sent_at,
    }
    return export(_board(request, filters), wanted, name="board", columns=columns)
