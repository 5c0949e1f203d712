"""What waits for somebody: weeks to verify and to publish, and live sessions that something stands against."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.directory.queries import holders, leaves, places
from maristan.kernel.access import Actor
from maristan.timetable.models import Session, SessionTeacher, WeekCell, WeekPlan
from maristan.timetable.queries import sessions
from maristan.timetable.queries.surroundings import holidays
from maristan.timetable.rules.sessions import selected
from maristan.timetable.rules.states import CellStatus, Perm, SessionStatus, WeekStatus

AHEAD = timedelta(days=14)
LAST_DAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Hit:
    """Live sessions to come that a leave, a holiday or a closed room stands against."""

    cause: int
    name: str
    first: date
    last: date
    count: int
    programs: frozenset[int]
    subject: int


def unverified(today: date, ids: Collection[int] | None = None) -> "QuerySet[WeekPlan]":
    """Drafts with content whose week is not over and starts within 14 days."""
    filled = WeekCell.objects.filter(week_plan=OuterRef("pk"), status=CellStatus.SCHEDULED)
    rows = _not_over(WeekStatus.DRAFT, today, ids).filter(Exists(filled), week_start_date__lte=today + AHEAD)
    return rows.select_related("batch__program", "institution")


def unpublished(today: date, ids: Collection[int] | None = None) -> "QuerySet[WeekPlan]":
    """Verified plans whose week is not over."""
    return _not_over(WeekStatus.VERIFIED, today, ids).select_related("batch__program", "institution")


def _not_over(status: WeekStatus, today: date, ids: Collection[int] | None) -> "QuerySet[WeekPlan]":
    rows = WeekPlan.objects.filter(status=status, week_start_date__gte=today - LAST_DAY)
    return rows if ids is None else rows.filter(pk__in=ids)


def departments_of(plans: Collection[int]) -> dict[int, set[int]]:
    """Departments taught in each plan, by its cells or their courses."""
    found: dict[int, set[int]] = {}
    rows = WeekCell.objects.filter(week_plan_id__in=plans, status=CellStatus.SCHEDULED)
    for plan, own, of_course in rows.values_list("week_plan_id", "department_id", "course__department_id").distinct():
        found.setdefault(plan, set()).update(each for each in (own, of_course) if each is not None)
    return found


def hit_by_leave(ids: Iterable[int], *, actor: Actor, now: datetime, zone: str) -> list[Hit]:
    """Leaves of these that are approved, with what their person would have taught."""
    approved = leaves.visible_to(actor=actor, day=now.date()).filter(pk__in=list(ids), status="approved")
    found = []
    for leave in approved:
        further = SessionTeacher.objects.filter(session=OuterRef("pk"), person_id=leave.person_id)
        rows = _coming(now).filter(Q(faculty_id=leave.person_id) | Q(Exists(further)))
        last = leave.end_date or leave.start_date + timedelta(days=366)
        found.append(
            (leave.pk, leave.person.name, leave.person_id, sessions.between(rows, leave.start_date, last, zone))
        )
    return _hits(found, zone)


def hit_by_holiday(ids: Iterable[int], *, actor: Actor, now: datetime, zone: str) -> list[Hit]:
    """Holidays of these with the sessions in their scope."""
    hits = []
    for row in places.holidays(actor=actor).filter(pk__in=list(ids)):
        holiday = holidays([(row.pk, row.name, row.start_date, row.end_date, row.scope_kind, row.scope_id)])[0]
        coming = sessions.touching(_coming(now), row.start_date, row.end_date, zone)
        facts = [sessions.facts_of(each, zone) for each in sessions.with_names(coming)]
        hit = selected(holiday, facts)
        if hit:
            programs = frozenset[int]().union(*(each.programs for each in hit))
            hits.append(Hit(row.pk, row.name, hit[0].day, hit[-1].day, len(hit), programs, row.pk))
    return hits


def hit_by_room(ids: Iterable[int], *, actor: Actor, now: datetime, zone: str) -> list[Hit]:
    """Rooms of these that are inactive, with the sessions planned in them."""
    closed = places.places(actor=actor).filter(pk__in=list(ids), is_active=False)
    return _hits([(room.pk, room.name, room.pk, _coming(now).filter(room_id=room.pk)) for room in closed], zone)


def _coming(now: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(starts_at__gt=now, status=SessionStatus.SCHEDULED)


def _hits(found: Iterable[tuple[int, str, int, "QuerySet[Session]"]], zone: str) -> list[Hit]:
    hits = []
    for cause, name, subject, rows in found:
        each: list[Any] = list(rows.order_by("starts_at").values_list("starts_at", "academic_period__program_id"))
        if each:
            programs = frozenset(program for _, program in each)
            first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (each[0][0], each[-1][0]))
            hits.append(Hit(cause, name, first, last, len(each), programs, subject))
    return hits


def amenders(programs: Iterable[int]) -> tuple[str, ...]:
    """Audience keys of those who may amend the published weeks of programs."""
    return tuple(sorted({key for program in programs for key in holders.keys(Perm.WEEK_AMEND, program=program)}))
