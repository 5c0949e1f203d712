"""Reads of the agenda: one window query for entries, one for bookings."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from maristan.agenda.models import SHORT, Booking, Entry
from maristan.agenda.rules import Perm, Shown
from maristan.directory.queries import identity, people
from maristan.directory.queries.settings import institution
from maristan.kernel import calendars, clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound
from maristan.kernel.integrity import Owners, without_owner

LONGEST_BOOKING = timedelta(days=31)
SEEN = ("title", "place", "starts_at", "ends_at", "is_all_day", "url", "is_cancelled")


def entries(*, audience: Iterable[str], starts_at: datetime, ends_at: datetime) -> "QuerySet[Entry]":
    """Entries that overlap [starts_at, ends_at) and are for a holder of one of the audience keys.

    Bounded by the start column, which forced row-level security can index: short entries start at most `SHORT` before
    the window, the few long ones are looked for apart, in the same statement.
    """
    near = Q(is_long=False, starts_at__gte=starts_at - SHORT, starts_at__lt=ends_at)
    far = Q(is_long=True, starts_at__lt=ends_at)
    return Entry.objects.filter(near | far, ends_at__gt=starts_at, audience__overlap=list(audience))


def bookings(
    *, starts_at: datetime, ends_at: datetime, places: Iterable[int] | None = None, except_kind: str = ""
) -> "QuerySet[Booking]":
    """Bookings that overlap [starts_at, ends_at), of some places or all."""
    found = Booking.objects.filter(
        starts_at__lt=ends_at, starts_at__gte=starts_at - LONGEST_BOOKING, ends_at__gt=starts_at
    )
    if places is not None:
        found = found.filter(place_id__in=list(places))
    return found.exclude(owner_kind=except_kind) if except_kind else found


def feed_owner(token: str) -> tuple[int, int] | None:
    """(institution, person) of a live calendar token, whatever institution is in context."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT institution_id, person_id FROM agenda_feed_of(%s)", [hashed])
        row: Any = cursor.fetchone()
    return (row[0], row[1]) if row else None


def window(*, actor: Actor, first: date, last: date) -> list[Entry]:
    """The actor's entries from one local day to another; raises `Invalid` for more than 400 days."""
    actor.demand(Perm.AGENDA_VIEW)
    if not first <= last <= first + timedelta(days=400):
        raise Invalid.at("?end_date", "bad_window", "A window has 1 to 400 days.")
    zone = ZoneInfo(institution().time_zone)
    starts = datetime.combine(first, time.min, zone)
    ends = datetime.combine(last + timedelta(days=1), time.min, zone)
    return list(entries(audience=actor.audience, starts_at=starts, ends_at=ends)[:1000])


def feed(token: str) -> bytes:
    """A person's calendar from half a year back to a year ahead, as iCalendar.

    Raises `NotFound` for an unknown or revoked token, and for a person who was deactivated.
    """
    owner = feed_owner(token)
    if owner is None:
        raise NotFound()
    tenancy.enter(owner[0])
    if not people.is_active(owner[1]):
        raise NotFound()
    here = institution()
    today = clock.today(here.time_zone)
    keys = identity.audience_keys(owner[1], today)
    zone = ZoneInfo(here.time_zone)
    starts = datetime.combine(today - timedelta(days=184), time.min, zone)
    found = entries(audience=keys, starts_at=starts, ends_at=starts + timedelta(days=550))
    return calendars.write(
        (event(each, here.time_zone) for each in found), name=f"{here.name}: Maristan", zone=here.time_zone
    )


def event(entry: Entry, zone: str) -> calendars.CalendarEvent:
    """An entry as a calendar event; its identity is its owner's."""
    starts: datetime | date = entry.starts_at
    ends: datetime | date = entry.ends_at
    if entry.is_all_day:
        starts, ends = (value.astimezone(ZoneInfo(zone)).date() for value in (entry.starts_at, entry.ends_at))
    kind = entry.owner_kind.rpartition(".")[2]
    return calendars.CalendarEvent(
        uid=f"{kind}-{entry.owner_id}@{urlsplit(settings.SITE_URL).hostname}",
        summary=entry.title,
        starts=starts,
        ends=ends,
        stamp=entry.updated_at,
        sequence=entry.sequence,
        location=entry.place,
        description=entry.cancel_reason or entry.detail,
        url=settings.SITE_URL + entry.url if entry.url else "",
        is_cancelled=entry.is_cancelled,
    )


def entries_without_owner(owners: Owners) -> list[str]:
    """Entries of what is not there, as `kind:id`."""
    return without_owner(Entry.objects.values_list("owner_kind", "owner_id"), owners)


def bookings_without_owner(owners: Owners) -> list[str]:
    """Places held for what is not there, as `kind:id`."""
    return without_owner(Booking.objects.values_list("owner_kind", "owner_id"), owners)


def entries_differing(owner_kind: str, wanted: Mapping[int, Shown | None]) -> dict[int, dict[str, list[Any]]]:
    """Owners whose entry is not what they want shown (none: nothing), and what differs of it: field → [is, ought]."""
    there = {each.owner_id: each for each in Entry.objects.filter(owner_kind=owner_kind)}
    found = {pk: _differences(there.get(pk), shown) for pk, shown in wanted.items()}
    return {pk: each for pk, each in found.items() if each}


def _differences(entry: Entry | None, wanted: Shown | None) -> dict[str, list[Any]]:
    if entry is None or wanted is None:
        is_shown = [entry is not None, wanted is not None]
        return {"is_shown": is_shown} if any(is_shown) else {}
    pairs = {name: [getattr(entry, name), getattr(wanted, name)] for name in SEEN}
    pairs["audience"] = [sorted(entry.audience), sorted(wanted.audience)]
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
