"""Sessions as iCalendar events: the same identity everywhere, so that a later copy replaces an earlier one."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from maristan.kernel.calendars import CalendarEvent, write
from maristan.timetable.models import Session
from maristan.timetable.queries import sessions
from maristan.timetable.queries.documents.words import Words
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.states import SessionStatus


def of_sessions(rows: Iterable[Session], *, name: str, zone: str) -> bytes:
    """A calendar of published sessions; cancelled ones are in it as cancelled."""
    return write((_event(row) for row in rows), name=name, zone=zone)


def of_draft(context: WeekInContext, words: Words, *, name: str, at: datetime) -> bytes:
    """A calendar of what a plan intends, each event marked as a draft."""
    return write(_intended(context, words, at), name=f"{words.say('draft')}: {name}", zone=words.zone)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _event(row: Session) -> CalendarEvent:
    shown = sessions.shown(row)
    is_cancelled = row.status == SessionStatus.CANCELLED
    audience = [shown["section_name"]] if shown["section"] else [each["name"] for each in shown["groups"]]
    return CalendarEvent(
        uid=f"session-{row.pk}@{_host()}",
        summary=shown["title"],
        starts=row.starts_at,
        ends=row.ends_at,
        stamp=row.updated_at,
        sequence=row.version,
        location=shown["room_name"],
        description=_lines(
            shown["cancel_reason"] if is_cancelled else "",
            shown["topic"] if shown["course"] else "",
            ", ".join(audience),
            ", ".join(each["name"] for each in shown["teachers"]) or shown["faculty_name"],
            shown["note"],
        ),
        url=f"{settings.SITE_URL}/timetable/sessions/{row.pk}",
        is_cancelled=is_cancelled,
    )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _intended(context: WeekInContext, words: Words, at: datetime) -> Iterator[CalendarEvent]:
    names: Any = context.names
    for each in plan_sessions(context.week, context.surroundings):
        if each.interval is None or each.cell is None:
            continue
        content = each.content
        teachers = [names.people.get(pk, "") for pk in content.teachers] or [content.faculty_name]
        yield CalendarEvent(
            uid=f"cell-{each.cell.id}-{each.day:%Y%m%d}@{_host()}",
            summary=f"{words.say('draft')}: {names.courses.get(content.course or 0, '') or content.topic}",
            starts=each.interval[0],
            ends=each.interval[1],
            stamp=at,
            sequence=context.plan.version,
            location=names.rooms.get(content.room or 0, ""),
            description=_lines(
                ", ".join(names.groups.get(pk, "") for pk in content.groups), ", ".join(filter(None, teachers))
            ),
            url=f"{settings.SITE_URL}/timetable/weeks/{context.plan.pk}",
        )
