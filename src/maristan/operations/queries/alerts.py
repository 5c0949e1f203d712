"""Alerts as operators and auditors see them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, Value, When

from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.operations.models import Alert, Sample
from maristan.operations.rules.alert_rules import BY_NAME
from maristan.operations.rules.alerts import ALERT, AlertFacts
from maristan.operations.rules.figures import PLATFORM
from maristan.operations.rules.messages import words
from maristan.operations.rules.states import AlertStatus, Perm

GRAPH = timedelta(hours=24)
UNHEARD = timedelta(days=1)
FIELDS = (
    "rule", "subject", "severity", "status", "value", "threshold", "first_at", "last_at", "count", "acknowledged_at",
    "comment", "resolved_at",
)  # fmt: skip


def visible_to(actor: Actor) -> "QuerySet[Alert]":
    """Every alert; raises `NotAllowed` without the permission."""
    actor.demand(Perm.ALERT_VIEW)
    return Alert.objects.all()


def firing_first(rows: "QuerySet[Alert]") -> "QuerySet[Alert]":
    """What fires, what is acknowledged, what is over; the newest of each first."""
    ranks = [When(status=status.value, then=Value(place)) for place, status in enumerate(AlertStatus)]
    return rows.order_by(Case(*ranks), "-last_at", "-id")


def get(pk: int, *, actor: Actor, lock: bool = False) -> Alert:
    """One alert; raises `NotFound`, `NotAllowed`."""
    actor.demand(Perm.ALERT_VIEW)
    rows = Alert.objects.select_for_update() if lock else Alert.objects.all()
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def shown(row: Alert, *, actor: Actor, language: str) -> dict[str, Any]:
    """An alert as lists show it, in words of a language, with what may be done with it now."""
    moves = ALERT.moves(AlertFacts(AlertStatus(row.status)), actor, clock.now())
    title, step = words(row.rule, language)
    return {
        "id": row.pk,
        "title": title,
        "step": step,
        **{each: getattr(row, each) for each in FIELDS},
        "unit": BY_NAME[row.rule].unit if row.rule in BY_NAME else "count",
        "moves": [each.as_dict() for each in moves],
    }


def acknowledged_by(row: Alert) -> str:
    """The name of who acknowledged it, as the journal has it; empty where nobody did."""
    if row.acknowledged_at is None:
        return ""
    with tenancy.acting_in(None):
        lines = journal.lines_of("alert", row.pk).filter(kind="alert.acknowledged")
        return lines.values_list("by_name", flat=True).first() or ""


def values(row: Alert) -> list[dict[str, Any]]:
    """What its rule said of its subject in each minute of the last 24 hours, the oldest first; gaps are gaps."""
    found = Sample.objects.filter(minute__gt=clock.now() - GRAPH, host=row.subject or PLATFORM, name=f"rule:{row.rule}")
    return [{"at": at, "value": value} for at, value in found.order_by("minute").values_list("minute", "value")]


def to_be_heard(now: datetime) -> "QuerySet[Alert]":
    """Alerts of which somebody may have to hear: those not resolved, and those whose end was not told."""
    over = Q(resolved_at__gt=now - UNHEARD) & (Q(told_at=None) | Q(told_at__lt=F("resolved_at")))
    return Alert.objects.filter(~Q(status=AlertStatus.RESOLVED) | over).order_by("pk")


def kind_of(row: Alert) -> str:
    """What is said of an alert."""
    return "alert.resolved" if row.status == AlertStatus.RESOLVED else "alert.fired"


def params(row: Alert) -> dict[str, Any]:
    """The values of its sentences."""
    unit = BY_NAME[row.rule].unit if row.rule in BY_NAME else "count"
    url = f"/operations/alerts/{row.pk}"
    return {
        "rule": row.rule,
        "step": row.rule,
        "subject": row.subject,
        "severity": row.severity,
        "value": f"{row.value:g}",
        "threshold": f"{row.threshold:g}",
        "unit": unit,
        "since": f"{row.first_at:%Y-%m-%d %H:%M} UTC",
        "link": settings.SITE_URL + url,
    }
