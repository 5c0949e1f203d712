"""One's own lines: the sessions that one was expected in or came to, as they are marked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from maristan.attendance.models import Attendance, Register
from maristan.attendance.queries import corrections
from maristan.attendance.queries.standings import Window
from maristan.attendance.rules.corrections import RequestFacts, may_be_asked
from maristan.attendance.rules.states import Mark, Perm
from maristan.attendance.rules.windows import local_day
from maristan.directory.queries.settings import setting
from maristan.kernel.access import Actor
from maristan.timetable.queries import taught

REGISTER = Register.objects.filter(session=OuterRef("session_id"))
ORDERINGS = ("starts_at", "status", "title", "id")


def lines(*, actor: Actor, window: Window) -> "QuerySet[Any]":
    """The actor's lines in live sessions of a window that have begun, whether they count or not."""
    actor.demand(Perm.VIEW)
    starts, ends = window.span
    rows: QuerySet[Any] = Attendance.objects.filter(
        Q(expected=True) | Q(status__isnull=False), person_id=actor.person_id or 0, session__is_live=True,
        session__starts_at__gte=starts, session__starts_at__lt=ends, session__starts_at__lte=window.now,
    )  # fmt: skip
    facts = taught.facts("session__", session="session_id")
    named: QuerySet[Any] = rows.annotate(
        title=facts["of_title"],
        zone=facts["zone"],
        starts_at=F("session__starts_at"),
        ends_at=F("session__ends_at"),
        course=F("session__course_id"),
        course_name=F("session__course__name"),
        register_status=Subquery(REGISTER.values("status")[:1]),
    )
    return named


def shown(found: Sequence[Any], *, now: datetime) -> list[dict[str, Any]]:
    """Lines as they are shown, with the open correction of each and whether one may be asked for: two queries."""
    asked, days = corrections.open_beside([row.pk for row in found]), setting("attendance.correction_days")
    names = (
        "title", "starts_at", "ends_at", "course", "course_name", "expected", "status", "remarks", "register_status",
    )  # fmt: skip
    return [
        {
            "id": row.pk,
            "session": row.session_id,
            **{name: getattr(row, name) for name in names},
            "correction": asked.get(row.pk),
            "can_correct": may_be_asked(_facts(row, days, now, has_open=row.pk in asked)),
        }
        for row in found
    ]


def _facts(row: Any, days: int, now: datetime, *, has_open: bool) -> RequestFacts:
    return RequestFacts(
        status=Mark(row.status) if row.status else None,
        wanted=None,
        day=local_day(row.starts_at, row.zone),
        today=local_day(now, row.zone),
        days=days,
        has_open=has_open,
    )
