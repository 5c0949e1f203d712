"""Reads of the agenda: one window query for entries, one for bookings."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from maristan.agenda.models import Booking, Entry

# No entry lasts longer; bounds the window by the start column alone, which forced row-level security can index.
LONGEST = timedelta(days=370)


def entries(*, audience: Iterable[str], starts_at: datetime, ends_at: datetime) -> "QuerySet[Entry]":
    """Entries that overlap [starts_at, ends_at) and are for a holder of one of the audience keys."""
    return Entry.objects.filter(
        starts_at__lt=ends_at,
        starts_at__gte=starts_at - LONGEST,
        ends_at__gt=starts_at,
        audience__overlap=list(audience),
    )


def bookings(
    *, starts_at: datetime, ends_at: datetime, places: Iterable[int] | None = None, except_kind: str = ""
) -> "QuerySet[Booking]":
    """Bookings that overlap [starts_at, ends_at), of some places or all."""
    found = Booking.objects.filter(
        starts_at__lt=ends_at, starts_at__gte=starts_at - timedelta(days=31), ends_at__gt=starts_at
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
