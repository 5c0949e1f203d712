"""Writes of the agenda: entries and bookings, always in bulk and within the owner's transaction."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from maristan.agenda.models import Booking, Entry, Feed
from maristan.agenda.rules import Hold as Hold
from maristan.agenda.rules import Shown as Shown
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotAllowed
from maristan.kernel.unjournaled import unjournaled


@unjournaled("the owner's action writes the line")
def put(*, owner_kind: str, entries: Sequence[Shown], by: Actor) -> None:
    """Show entries, replacing those of the same owners; one statement for all."""
    rows = [
        Entry(
            owner_kind=owner_kind,
            owner_id=each.owner_id,
            title=each.title,
            place=each.place,
            detail=each.detail,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            is_all_day=each.is_all_day,
            audience=list(each.audience),
            url=each.url,
            is_cancelled=each.is_cancelled,
            cancel_reason=each.cancel_reason,
            sequence=each.sequence,
        )
        for each in entries
    ]
    Entry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["institution", "owner_kind", "owner_id"],
        update_fields=[
            "title", "place", "detail", "starts_at", "ends_at", "is_all_day", "audience", "url", "is_cancelled",
            "cancel_reason", "sequence", "updated_at",
        ],
    )  # fmt: skip


@unjournaled("the owner's action writes the line")
def withdraw(*, owner_kind: str, owner_ids: Iterable[int], by: Actor) -> None:
    """Show the entries of these owners no longer."""
    Entry.objects.filter(owner_kind=owner_kind, owner_id__in=list(owner_ids)).delete()


@unjournaled("the owner's action writes the line")
def mark_cancelled(*, owner_kind: str, owners: Mapping[int, tuple[str, int]], by: Actor) -> None:
    """Keep entries in sight as cancelled; `owners` maps owner id → (reason, sequence). One read, one write."""
    rows = list(Entry.objects.filter(owner_kind=owner_kind, owner_id__in=list(owners)))
    for row in rows:
        row.is_cancelled = True
        row.cancel_reason, row.sequence = owners[row.owner_id]
        row.updated_at = clock.now()
    Entry.objects.bulk_update(rows, ["is_cancelled", "cancel_reason", "sequence", "updated_at"])


@unjournaled("the owner's action writes the line")
def hold(*, owner_kind: str, holds: Sequence[Hold], release: Iterable[int] = (), by: Actor) -> None:
    """Take places for many spans in one call, after releasing what the owners in `release` held.

    Raises `IntegrityError` on `agenda_booking_no_overlap` when a place is taken; the caller names who has it.
    """
    former = list(release)
    if former:
        Booking.objects.filter(owner_kind=owner_kind, owner_id__in=former).delete()
    Booking.objects.bulk_create(
        Booking(
            place_id=each.place_id,
            owner_kind=owner_kind,
            owner_id=each.owner_id,
            label=each.label,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
        )
        for each in holds
    )


@unjournaled("the owner's action writes the line")
def release(*, owner_kind: str, owner_ids: Iterable[int], by: Actor) -> None:
    """Free the places that these owners hold."""
    Booking.objects.filter(owner_kind=owner_kind, owner_id__in=list(owner_ids)).delete()


@transaction.atomic
def renew_feed(*, by: Actor) -> str:
    """Give the actor a new secret calendar token and revoke the one before; the token is shown only now.

    Raises `NotAllowed` for an actor who is no person.
    """
    if by.person_id is None:
        raise NotAllowed()
    Feed.objects.filter(person_id=by.person_id, revoked_at=None).update(revoked_at=clock.now())
    token = secrets.token_urlsafe(32)
    Feed.objects.create(person_id=by.person_id, token_hash=hashlib.sha256(token.encode()).hexdigest())
    journal.record("calendar_feed.created", ("person", by.person_id), by=by)
    return token


@transaction.atomic
def revoke_feed(*, by: Actor) -> None:
    """Make the actor's calendar address stop answering."""
    if Feed.objects.filter(person_id=by.person_id or 0, revoked_at=None).update(revoked_at=clock.now()):
        journal.record("calendar_feed.revoked", ("person", by.person_id), by=by)
