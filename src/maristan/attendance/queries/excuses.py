"""Excuses, and the lines that they touch."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from maristan.attendance.models import Attendance, Excuse, MarkChange, Register
from maristan.attendance.rules.excuses import ExcusableLine, LeaveSpan
from maristan.attendance.rules.states import Mark, RegisterStatus, Source
from maristan.timetable.queries import taught

REPLACED = MarkChange.objects.filter(line=OuterRef("pk"), source=Source.EXCUSE, after=Mark.EXCUSED).order_by("-pk")
STATUS = Register.objects.filter(session=OuterRef("session_id"))


def touched(*, persons: Collection[int], sessions: Collection[int] | None = None) -> "QuerySet[Any]":
    """Lines of people that an excuse may set or has set, locked, with their session's times and register."""
    wanted = Q(status=None) | Q(status=Mark.ABSENT) | Q(source=Source.EXCUSE)
    rows: QuerySet[Any] = Attendance.objects.filter(wanted, person_id__in=list(persons))
    rows = rows if sessions is None else rows.filter(session_id__in=list(sessions))
    known = taught.facts("session__", session="session_id")
    facts = {name: known[name] for name in ("of_starts_at", "of_ends_at", "of_status")}
    found: QuerySet[Any] = rows.annotate(
        **facts,
        register=Subquery(STATUS.values("status")[:1]),
        before=Subquery(REPLACED.values("before")[:1]),
    )
    return found.select_for_update(of=("self",))


def line_of(row: Any) -> ExcusableLine:
    """A line of `touched` as the rules see it."""
    return ExcusableLine(
        row.pk, row.of_starts_at, row.of_ends_at, RegisterStatus(row.register or "open"),
        Mark(row.status) if row.status else None, Source(row.source) if row.source else None,
        Mark(row.before) if row.before else None,
    )  # fmt: skip


def spans_of(persons: Iterable[int]) -> dict[int, list[LeaveSpan]]:
    """The times for which people are excused, by person: one query."""
    found: dict[int, list[LeaveSpan]] = {}
    rows = Excuse.objects.filter(person_id__in=list(persons)).values_list("person_id", "starts_at", "ends_at")
    for person, starts_at, ends_at in rows:
        found.setdefault(person, []).append((starts_at, ends_at))
    return found


def beside(lines: Sequence[Any], starts_at: Any, ends_at: Any) -> Mapping[int, dict[str, Any]]:
    """The excuse of each person of a session, by person: one query."""
    rows = Excuse.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=starts_at), person_id__in=[line.person_id for line in lines],
        starts_at__lt=ends_at,
    )  # fmt: skip
    return {row.person_id: {"id": row.pk, "reason": row.reason, "url": row.url} for row in rows}
