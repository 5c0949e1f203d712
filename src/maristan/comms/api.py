"""Routes of comms: a person's own notifications."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.comms import actions, queries
from maristan.comms.rules import Perm
from maristan.kernel.api import Id, Out, Page, Paging, Routes, actor, needs, page_of

routes = Routes()


class NotificationOut(Out):
    """One message; `event` and `params` let a screen say it in another language."""

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
    rows = queries.visible_to(actor(request))
    return page_of(request, rows if filters.unread is None else rows.filter(read_at__isnull=filters.unread), filters)


@routes.post("/notifications/read-all/", response=ReadAllOut, **needs(Perm.NOTIFICATION_VIEW))
def read_all(request: HttpRequest) -> Any:
    """Mark all as read."""
    return {"read": actions.read_all(by=actor(request))}


@routes.post("/notifications/{int:pk}/read/", response=NotificationOut, **needs(Perm.NOTIFICATION_VIEW))
def read(request: HttpRequest, pk: Id) -> Any:
    """Mark one as read."""
    actor(request).demand(Perm.NOTIFICATION_VIEW)
    return actions.read(pk=pk, by=actor(request))
