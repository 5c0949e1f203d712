"""Routes of the outbox: what became of every mail."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.comms.actions import deliveries as actions
from maristan.comms.queries import deliveries as queries
from maristan.comms.rules.states import DeliveryStatus, Mode, Perm
from maristan.kernel.api import ExportFormat, Id, Out, Page, Paging, Routes, actor, export, needs, ordered, page_of

routes = Routes()


class DeliveryOut(Out):
    """A mail: what it says in short, to whom it went, and what became of it."""

    id: int
    kind: str
    title: str
    recipient: int | None
    address: str
    mode: Mode
    status: DeliveryStatus
    due_at: datetime
    attempts: int
    settled_at: datetime | None
    error: str
    created_at: datetime

    @staticmethod
    def resolve_title(row: Any) -> str:
        """The title of the notification, nothing for a mail without one."""
        return str(row.notification.title) if row.notification_id else ""

    @staticmethod
    def resolve_kind(row: Any) -> str:
        """The event that was told of, or what kind of mail it is."""
        return str(row.kind or row.notification.event)


class DeliveryFilters(Paging):
    """Filters of the list; days are of when the mail was wanted."""

    status: DeliveryStatus | None = None
    recipient: Id | None = None
    date_from: date | None = None
    date_to: date | None = None


def _listed(request: HttpRequest, filters: DeliveryFilters) -> Any:
    found = queries.matching(
        queries.visible_to(actor=actor(request)), filters.search, first=filters.date_from, last=filters.date_to
    )
    for field in ("status", "recipient"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    return ordered(found, filters.ordering or "-id", ("created_at", "due_at", "status", "id"))


@routes.get("/deliveries/", response=Page[DeliveryOut], **needs(Perm.DELIVERY_VIEW))
def list_deliveries(request: HttpRequest, filters: Query[DeliveryFilters]) -> Any:
    """Every mail of the institution, newest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/deliveries/export/", response=None, **needs(Perm.DELIVERY_VIEW))
def export_deliveries(request: HttpRequest, filters: Query[DeliveryFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "created_at": lambda row: row.created_at,
        "kind": DeliveryOut.resolve_kind,
        "title": DeliveryOut.resolve_title,
        "address": lambda row: row.address,
        "status": lambda row: row.status,
        "attempts": lambda row: row.attempts,
        "settled_at": lambda row: row.settled_at,
        "error": lambda row: row.error,
    }
    return export(_listed(request, filters), wanted, name="deliveries", columns=columns)


@routes.post("/deliveries/{int:pk}/retry/", response=DeliveryOut, **needs(Perm.DELIVERY_RETRY))
def retry(request: HttpRequest, pk: Id) -> Any:
    """Send a mail that has failed once more."""
    return actions.retry(pk=pk, by=actor(request))
