"""Routes of work: what waits for the signed-in person."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import (
    ExportFormat,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    export,
    needs,
    ordered,
    page_of,
    spoken,
)
from maristan.kernel.languages import unmarked
from maristan.work import queries
from maristan.work.rules import Perm

routes = Routes()


class InboxItemOut(Out):
    """One thing that waits, in the language that `Accept-Language` asks for."""

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

    status: Annotated[Literal["open", "closed", "all"], any_case] = "open"


@routes.get("/inbox-items/", response=Page[InboxItemOut], **needs(Perm.INBOX_VIEW))
def list_inbox_items(request: HttpRequest, filters: Query[InboxFilters]) -> Any:
    """Inbox items, newest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [_shown(row, request) for row in page["results"]]}


SHOWN = ("id", "kind", "params", "url", "created_at", "closed_at")


def _shown(row: Any, request: HttpRequest) -> dict[str, Any]:
    said = queries.said(row, spoken(request))
    return {**{field: getattr(row, field) for field in SHOWN}, "title": said.title, "detail": said.body}


def _listed(request: HttpRequest, filters: InboxFilters) -> Any:
    rows = queries.matching(queries.visible_to(actor(request)), filters.search, spoken(request))
    rows = rows if filters.status == "all" else rows.filter(closed_at__isnull=filters.status == "open")
    return ordered(rows, filters.ordering or "-id", ("created_at", "kind", "title", "closed_at", "id"))


@routes.get("/inbox-items/export/", response=None, **needs(Perm.INBOX_VIEW))
def export_inbox_items(request: HttpRequest, filters: Query[InboxFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    language = spoken(request)
    columns = {
        "created_at": lambda row: row.created_at,
        "title": lambda row: unmarked(queries.said(row, language).title),
        "detail": lambda row: unmarked(queries.said(row, language).body),
        "closed_at": lambda row: row.closed_at,
    }
    return export(_listed(request, filters), wanted, name="inbox", columns=columns)
