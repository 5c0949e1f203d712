"""iCalendar files (RFC 5545) from plain events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One VEVENT; instants are aware, an all-day event ends on the day after its last."""

    uid: str
    summary: str
    starts: datetime | date
    ends: datetime | date
    stamp: datetime
    sequence: int = 0
    location: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False


def write(events: Iterable[CalendarEvent], *, name: str, zone: str) -> bytes:
    """A calendar with VTIMEZONE; cancelled events carry `STATUS:CANCELLED`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Maristan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", "PT1H", parameters={"VALUE": "DURATION"}, encode=False)
    tz = ZoneInfo(zone)
    for each in events:
        calendar.add_component(_event(each, tz))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(each: CalendarEvent, tz: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.stamp)
    event.add("sequence", each.sequence)
    event.add("summary", each.summary)
    for name, value in (("dtstart", each.starts), ("dtend", each.ends)):
        event.add(name, value.astimezone(tz) if isinstance(value, datetime) else value)
    event.add("status", "CANCELLED" if each.is_cancelled else "CONFIRMED")
    for name, text in (("location", each.location), ("description", each.description), ("url", each.url)):
        if text:
            event.add(name, text)
    return event
