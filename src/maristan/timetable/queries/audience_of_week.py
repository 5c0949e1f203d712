"""Whom a publication, an amendment or a cancelled session concerns: person ids, found from groups and sections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.queries import roster
from maristan.timetable.models import Session
from maristan.timetable.queries import named, sessions, surroundings
from maristan.timetable.queries.surroundings import Names
from maristan.timetable.rules.publication import COMPARED, FieldChange, PublicationDiff
from maristan.timetable.rules.states import SessionStatus


def told(diff: PublicationDiff, names: Names) -> list[dict[str, Any]]:
    """What an amendment did to each session, with names for the message and ids of whom it concerns, old or new."""
    return [
        {
            "action": line.action,
            "session": line.session,
            "date": line.date,
            "starts_at": line.starts_at,
            "ends_at": line.ends_at,
            "title": names.courses.get(line.content.course or 0, "") or line.content.topic,
            "room": names.rooms.get(line.content.room or 0, ""),
            "changes": [named.change(each, names) for each in line.changes],
            "people": sorted(line.touched.people),
            "groups": sorted(line.touched.groups),
            "sections": sorted(line.touched.sections),
        }
        for line in diff.lines()
    ]


def people_of(lines: Sequence[Mapping[str, Any]]) -> list[set[int]]:
    """Everybody whom each line (`people`, `groups`, `sections`, `date`) concerns: two queries for all of them."""
    days = [each["date"] if isinstance(each["date"], date) else date.fromisoformat(each["date"]) for each in lines]
    if not days:
        return []
    found = roster.attending(
        groups={group for each in lines for group in each["groups"]},
        sections={section for each in lines for section in each["sections"]},
        first=min(days),
        last=max(days),
    )
    return [
        {*each["people"], *found.people(groups=each["groups"], sections=each["sections"], day=day)}
        for each, day in zip(lines, days, strict=True)
    ]


def lines_of_sessions(ids: Iterable[int], zone: str) -> list[dict[str, Any]]:
    """Sessions as lines that say whom they concern: one query."""
    rows: Any = sessions.with_names(Session.objects.filter(pk__in=list(ids))).order_by("starts_at", "id")
    return [
        {
            "session": row.pk,
            "date": row.starts_at.astimezone(ZoneInfo(zone)).date(),
            "starts_at": row.starts_at.isoformat(),
            "title": sessions.title_of(row),
            "room": row.room_name or "",
            "source": row.source,
            "people": sorted(content.teachers),
            "groups": sorted(content.attending_groups),
            "sections": [content.section] if content.section else [],
        }
        for row, content in ((row, sessions.content_of(row)) for row in rows)
    ]


def named_changes(changes: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """The fields of a journal line that people are told about, with names in place of ids: two queries."""
    found = [FieldChange(name, *_pair(value)) for name, value in changes.items() if name in COMPARED]
    ids: dict[str, set[int]] = {kind: set() for kind in set(named.ID_FIELDS.values())}
    for each in found:
        if each.field in named.ID_FIELDS:
            sides = [side if isinstance(side, tuple) else (side,) for side in (each.old, each.new)]
            ids[named.ID_FIELDS[each.field]] |= {pk for side in sides for pk in side if pk is not None}
    names = surroundings.names_of(ids, day)
    return [named.change(each, names) for each in found]


def _pair(value: Sequence[Any]) -> tuple[Any, Any]:
    old, new = (tuple(side) if isinstance(side, list) else side for side in value)
    return old, new


def live_sessions_of(plan: int) -> list[int]:
    """Ids of a plan's live sessions."""
    rows = Session.objects.filter(occurrence__week_plan_id=plan).exclude(status=SessionStatus.CANCELLED)
    return list(rows.values_list("pk", flat=True))


def people_of_sessions(ids: Iterable[int], zone: str) -> set[int]:
    """Teachers and students of these sessions."""
    return set[int]().union(*people_of(lines_of_sessions(ids, zone)))
