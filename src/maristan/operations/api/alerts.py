"""Routes of alerts."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from ninja import Query

from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    MoveOut,
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
from maristan.operations.actions import alerts as actions
from maristan.operations.queries import alerts as queries
from maristan.operations.rules.states import AlertSeverity, AlertStatus, Perm

routes = Routes()
ORDERS = ("rule", "severity", "first_at", "last_at", "count", "id")


class AlertOut(Out):
    """A rule whose condition holds or held, and what to do first; `value` and `threshold` are in `unit`."""

    id: int
    rule: str
    title: str
    step: str
    subject: str
    severity: AlertSeverity
    status: AlertStatus
    value: float
    threshold: float
    unit: str
    first_at: datetime
    last_at: datetime
    count: int
    acknowledged_at: datetime | None
    comment: str
    resolved_at: datetime | None
    moves: list[MoveOut]


class ValueOut(Out):
    """What a rule said at a minute."""

    at: datetime
    value: float


class AlertPage(AlertOut):
    """With who acknowledged it, and what its rule said in the last 24 hours; minutes of which nothing is known are left
    out."""

    acknowledged_by: str
    values: list[ValueOut]


class AlertMoveIn(In):
    """A move with what is known or done."""

    comment: str | None = None


class AlertFilters(Paging):
    """Filters of the list."""

    status: AlertStatus | None = None
    severity: AlertSeverity | None = None
    rule: str = ""


def _listed(request: HttpRequest, filters: AlertFilters) -> Any:
    found = queries.visible_to(actor(request))
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.severity is not None:
        found = found.filter(severity=filters.severity)
    if filters.rule:
        found = found.filter(rule=filters.rule)
    if filters.search:
        found = found.filter(subject__icontains=filters.search)
    return ordered(found, filters.ordering, ORDERS) if filters.ordering else queries.firing_first(found)


@routes.get("alerts/", response=Page[AlertOut], **needs(Perm.ALERT_VIEW))
def list_alerts(request: HttpRequest, filters: Query[AlertFilters]) -> Any:
    """Alerts, firing ones first."""
    found = page_of(request, _listed(request, filters), filters)
    return {**found, "results": [_shown(each, request) for each in found["results"]]}


@routes.get("alerts/export/", response=None, **needs(Perm.ALERT_VIEW))
def export_alerts(request: HttpRequest, filters: Query[AlertFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {each: attrgetter(each) for each in queries.FIELDS}
    return export(_listed(request, filters), wanted, name="alerts", columns=columns)


@routes.get("alerts/{int:pk}/", response=AlertPage, **needs(Perm.ALERT_VIEW))
def get_alert(request: HttpRequest, pk: Id) -> Any:
    """One alert with its graph."""
    return _page(queries.get(pk, actor=actor(request)), request)


@routes.post("alerts/{int:pk}/moves/{str:name}/", response=AlertPage, **needs(Perm.ALERT_ACKNOWLEDGE))
def move_alert(request: HttpRequest, pk: Id, name: str, body: AlertMoveIn) -> Any:
    """Acknowledge or close."""
    return _page(actions.move(pk=pk, name=name, comment=body.comment, by=actor(request)), request)


def _shown(row: Any, request: HttpRequest) -> dict[str, Any]:
    return queries.shown(row, actor=actor(request), language=spoken(request).code)


def _page(row: Any, request: HttpRequest) -> dict[str, Any]:
    return {**_shown(row, request), "acknowledged_by": queries.acknowledged_by(row), "values": queries.values(row)}
