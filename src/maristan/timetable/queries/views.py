"""Views across plans: a person's week, free rooms and teachers."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Value, When

from maristan.agenda import queries as agenda
from maristan.directory.queries import people, places
from maristan.directory.queries import planning as directory
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid
from maristan.timetable.models import SessionAllocation
from maristan.timetable.queries import sessions
from maristan.timetable.queries.surroundings import SESSION_OWNER
from maristan.timetable.queries.surroundings import holidays as facts_of_holidays
from maristan.timetable.rules.calendar import day_of_week, planned_week_start
from maristan.timetable.rules.conflict_report import OCCUPIED
from maristan.timetable.rules.states import AllocationKind, SessionStatus

SHOWN_AT_MOST = 200


def my_week(*, actor: Actor, day: date | None, now: datetime) -> dict[str, Any]:
    """The week of a day (today without one) as the actor teaches or attends it, and the next session of all."""
    here = institution()
    zone = here.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    start = planned_week_start(day or today, here.first_weekday, "?date")
    last = start + timedelta(days=6)
    mine = sessions.with_names(sessions.visible_to(actor=actor).filter(sessions.own(actor)))
    week = list(
        sessions.between(mine, start, start + timedelta(days=6), zone).order_by("starts_at", "id")[:SHOWN_AT_MOST]
    )
    coming = mine.filter(ends_at__gt=now).exclude(status=SessionStatus.CANCELLED).order_by("starts_at", "id").first()
    holidays = directory.facts(people=[], rooms=[], first=start, last=last).holidays
    free = [each for each in facts_of_holidays(holidays) if each.holds_for(*_belongs_to(actor))]
    return {
        "week_start_date": start,
        "today": today,
        "days": [
            {
                "date": each,
                "day_of_week": day_of_week(each),
                "holiday": next((day_off.name for day_off in free if day_off.touches(each, each)), None),
                "sessions": [
                    sessions.shown(row) for row in week if row.starts_at.astimezone(ZoneInfo(zone)).date() == each
                ],
            }
            for each in (start + timedelta(days=at) for at in range(7))
        ],
        "next": sessions.shown(coming) if coming is not None else None,
    }


def _belongs_to(actor: Actor) -> tuple[set[int], set[int]]:
    """Programs and batches that a student is of, by audience key."""
    keys = [key.partition(":") for key in actor.audience]
    return (
        {int(value) for kind, _, value in keys if kind == "program"},
        {int(value) for kind, _, value in keys if kind == "batch"},
    )


def _window(starts_at: datetime, ends_at: datetime) -> None:
    if not starts_at < ends_at <= starts_at + timedelta(days=1):
        raise Invalid.at("?ends_at", "bad_window", "The end is after the start, within a day.")


def _taken(
    kind: AllocationKind, starts_at: datetime, ends_at: datetime, actor: Actor, without: int | None
) -> dict[int, str]:
    """What is held in the window by live sessions: resource → label, "occupied" for a session that one may not see.

    `without` is the session that looks for another place: it does not stand in its own way. Raises `Invalid`
    (`unknown_reference`) for one that the actor may not see, whose room would be learnt otherwise.
    """
    rows = SessionAllocation.objects.filter(
        kind=kind, is_live=True, starts_at__gt=starts_at - timedelta(days=1), starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    ).values_list("resource_id", "session_id", "session__course__name", "session__topic")  # fmt: skip
    found = list(rows)
    wanted = [*(row[1] for row in found), *([without] if without is not None else [])]
    seen = set(sessions.visible_to(actor=actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if without is not None and without not in seen:
        raise Invalid.unknown("?without")
    return {
        pk: (course or topic) if session in seen else OCCUPIED
        for pk, session, course, topic in found
        if session != without
    }


def free_rooms(
    *, actor: Actor, starts_at: datetime, ends_at: datetime, capacity: int | None, feature: str, search: str,
    without: int | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Active rooms, free ones first, with what takes the others but the session `without`: five queries."""
    _window(starts_at, ends_at)
    rooms = places.places(actor=actor).filter(kind="room", is_active=True)
    if capacity is not None:
        rooms = rooms.filter(capacity__gte=capacity)
    if feature:
        rooms = places.with_feature(rooms, feature)
    if search:
        rooms = rooms.filter(name__icontains=search)
    taken = _taken(AllocationKind.ROOM, starts_at, ends_at, actor, without)
    bookings = agenda.bookings(starts_at=starts_at, ends_at=ends_at, except_kind=SESSION_OWNER)
    taken |= {each.place_id: OCCUPIED for each in bookings}
    found = [
        {
            "id": room.pk, "name": room.name, "code": room.code, "capacity": room.capacity,
            "is_free": room.pk not in taken, "label": taken.get(room.pk, ""),
        }
        for room in _free_first(rooms, taken)
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each["is_free"], each["name"]))


def _free_first(rooms: Any, taken: Collection[int]) -> Any:
    """The first 200 rooms by name, free ones before taken ones."""
    is_taken = Case(When(pk__in=list(taken), then=Value(1)), default=Value(0))
    return rooms.annotate(is_taken=is_taken).order_by("is_taken", "name", "pk")[:SHOWN_AT_MOST]


def free_teachers(
    *, actor: Actor, starts_at: datetime, ends_at: datetime, search: str, without: int | None
) -> list[dict[str, Any]]:
    """Teachers, free ones first, with what occupies the others (a session but `without`, leave): four queries."""
    _window(starts_at, ends_at)
    here = institution()
    day = starts_at.astimezone(ZoneInfo(here.time_zone)).date()
    reached = people.reached_by(actor=actor, day=day)
    rows = people.matching(people.teachers(actor=actor, day=day), search, here.country, reached=reached)
    listed = list(rows.order_by("name", "pk")[:SHOWN_AT_MOST])
    taken = _taken(AllocationKind.FACULTY, starts_at, ends_at, actor, without)
    away = {
        person: "leave"
        for _, person, _, _, _ in people.approved_leaves([row.pk for row in listed], first=day, last=day)
    }
    found = [
        {
            "id": row.pk, "name": row.name, "is_free": row.pk not in taken and row.pk not in away,
            "label": taken.get(row.pk) or away.get(row.pk, ""),
        }
        for row in listed
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each["is_free"], each["name"]))
