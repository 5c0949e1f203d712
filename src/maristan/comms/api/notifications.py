"""Routes of comms: a person's own notifications."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.comms.actions import notifications as actions
from maristan.comms.queries import notifications as queries
from maristan.comms.rules.states import Family, Perm
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    export,
    needs,
    ordered,
    page_of,
    spoken,
)
from maristan.kernel.languages import unmarked

routes = Routes()


class NotificationOut(Out):
    """One message, in the language that `Accept-Language` asks for; `params` are the values in its sentences."""

    id: int
    event: str
    family: str
    priority: str
    title: str
    body: str
    params: dict[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None


class NotificationFilters(Paging):
    """Filters of the list."""

    unread: bool | None = None
    family: Family | None = None


class MarkReadIn(In):
    """Which of one's own notifications were read: these, or `all` of them."""

    ids: Annotated[list[Id], Field(max_length=1000)] = []
    all: bool = False


class MarkedOut(Out):
    """How many became read."""

    marked: int


class UnreadOut(Out):
    """How many are unread."""

    unread: int


@routes.get("/notifications/", response=Page[NotificationOut], **needs(Perm.NOTIFICATION_VIEW))
def list_notifications(request: HttpRequest, filters: Query[NotificationFilters]) -> Any:
    """The signed-in person's notifications, newest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [_shown(row, request) for row in page["results"]]}


SHOWN = ("id", "event", "family", "priority", "params", "url", "created_at", "read_at")


def _shown(row: Any, request: HttpRequest) -> dict[str, Any]:
    said = queries.said(row, spoken(request))
    return {**{field: getattr(row, field) for field in SHOWN}, "title": said.title, "body": said.body}


def _listed(request: HttpRequest, filters: NotificationFilters) -> Any:
    rows = queries.matching(queries.visible_to(actor(request)), filters.search, spoken(request))
    rows = rows if filters.unread is None else rows.filter(read_at__isnull=filters.unread)
    rows = rows if filters.family is None else rows.filter(family=filters.family)
    return ordered(rows, filters.ordering or "-id", ("created_at", "title", "read_at", "id"))


@routes.get("/notifications/export/", response=None, **needs(Perm.NOTIFICATION_VIEW))
def export_notifications(request: HttpRequest, filters: Query[NotificationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    language = spoken(request)
    columns = {
        "created_at": lambda row: row.created_at,
        "title": lambda row: unmarked(queries.said(row, language).title),
        "body": lambda row: unmarked(queries.said(row, language).body),
        "read_at": lambda row: row.read_at,
    }
    return export(_listed(request, filters), wanted, name="notifications", columns=columns)


@routes.post("/notifications/mark-read/", response=MarkedOut, **needs(Perm.NOTIFICATION_VIEW))
def mark_read(request: HttpRequest, body: MarkReadIn) -> Any:
    """Mark these, or all, as read."""
    return {"marked": actions.mark_read(ids=None if body.all else body.ids, by=actor(request))}


@routes.get("/notifications/unread-count/", response=UnreadOut, **needs(Perm.NOTIFICATION_VIEW))
def unread_count(request: HttpRequest) -> Any:
    """How many are unread."""
    actor(request).demand(Perm.NOTIFICATION_VIEW)
    return {"unread": queries.unread(actor=actor(request))}


@routes.post("/notifications/{int:pk}/read/", response=NotificationOut, **needs(Perm.NOTIFICATION_VIEW))
def read(request: HttpRequest, pk: Id) -> Any:
    """Mark one as read."""
    actor(request).demand(Perm.NOTIFICATION_VIEW)
    return _shown(actions.read(pk=pk, by=actor(request)), request)
