"""Routes of work: what waits for the signed-in person."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import Out, Page, Paging, Routes, actor, needs, page_of
from maristan.work import queries
from maristan.work.rules import Perm

routes = Routes()


class InboxItemOut(Out):
    """One thing that waits."""

    id: int
    kind: str
    title: str
    detail: str
    params: dict[str, Any]
    url: str
    created_at: datetime
    closed_at: datetime | None


class InboxFilters(Paging):
    """Filters of the list."""

    status: Literal["open", "closed", "all"] = "open"


@routes.get("/inbox-items/", response=Page[InboxItemOut], **needs(Perm.INBOX_VIEW))
def list_inbox_items(request: HttpRequest, filters: Query[InboxFilters]) -> Any:
    """Inbox items, newest first."""
    rows = queries.visible_to(actor(request))
    wanted = rows if filters.status == "all" else rows.filter(closed_at__isnull=filters.status == "open")
    return page_of(request, wanted, filters)
