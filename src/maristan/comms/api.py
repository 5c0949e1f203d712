"""Routes of comms: a person's own notifications."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.comms import actions, queries
from maristan.comms.rules import Perm
from maristan.kernel.api import (
    ExportFormat,
    Id,
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
    title: str
    body: str
    params: dict[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None


class NotificationFilters(Paging):
    """Filters of the list."""

    unread: bool | None = None


class ReadAllOut(Out):
    """How many became read."""

    read: int


@routes.get("/notifications/", response=Page[NotificationOut], **needs(Perm.NOTIFICATION_VIEW))
def list_notifications(request: HttpRequest, filters: Query[NotificationFilters]) -> Any:
    """The signed-in person's notifications, newest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [_shown(row, request) for row in page["results"]]}


SHOWN = ("id", "event", "params", "url", "created_at", "read_at")


def _shown(row: Any, request: HttpRequest) -> dict[str, Any]:
    said = queries.said(row, spoken(request))
    return {**{field: getattr(row, field) for field in SHOWN}, "title": said.title, "body": said.body}


def _listed(request: HttpRequest, filters: NotificationFilters) -> Any:
    rows = queries.matching(queries.visible_to(actor(request)), filters.search, spoken(request))
    rows = rows if filters.unread is None else rows.filter(read_at__isnull=filters.unread)
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


@routes.post("/notifications/read-all/", response=ReadAllOut, **needs(Perm.NOTIFICATION_VIEW))
def read_all(request: HttpRequest) -> Any:
    """Mark all as read."""
    return {"read": actions.read_all(by=actor(request))}


@routes.post("/notifications/{int:pk}/read/", response=NotificationOut, **needs(Perm.NOTIFICATION_VIEW))
def read(request: HttpRequest, pk: Id) -> Any:
    """Mark one as read."""
    actor(request).demand(Perm.NOTIFICATION_VIEW)
    return _shown(actions.read(pk=pk, by=actor(request)), request)
