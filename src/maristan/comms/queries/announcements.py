"""Reads of announcements: those that one writes, and the board of those that still hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from maristan.comms.models import Announcement
from maristan.comms.rules.announcements import ANNOUNCEMENT, AnnouncementFacts
from maristan.comms.rules.states import AnnouncementStatus, Perm
from maristan.directory.queries import audiences, people
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock
from maristan.kernel.access import Actor

SAMPLE = 10


def visible_to(*, actor: Actor) -> "QuerySet[Announcement]":
    """Every announcement for those who may reach everybody, else one's own, newest first."""
    reach = actor.demand(Perm.ANNOUNCEMENT_SEND)
    rows = Announcement.objects.all()
    return rows if reach.everything else rows.filter(created_by=actor.person_id or 0)


def board(*, actor: Actor, now: datetime) -> "QuerySet[Announcement]":
    """Announcements sent to an audience that the actor belongs to today, while they hold."""
    actor.demand(Perm.NOTIFICATION_VIEW)
    holds = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    reached = Announcement.objects.filter(holds, status__in=(AnnouncementStatus.SENDING, AnnouncementStatus.SENT))
    return audiences.open_to(reached, actor)


def recipients(row: Announcement) -> "QuerySet[Any]":
    """Who belongs to the audience today, but the sender."""
    return audiences.members(audiences.read(row.audience), local_today()).exclude(pk=row.created_by or 0)


def facts(row: Announcement, *, actor: Actor) -> AnnouncementFacts:
    """What the rules look at; who belongs to it is counted until it is sent, when the row says so."""
    counted = row.recipients_count
    return AnnouncementFacts(
        status=AnnouncementStatus(row.status),
        publish_at=row.publish_at,
        expires_at=row.expires_at,
        recipients=recipients(row).count() if counted is None else counted,
        beyond=audiences.beyond(audiences.read(row.audience), actor, Perm.ANNOUNCEMENT_SEND),
    )


def page(row: Announcement, *, actor: Actor) -> dict[str, Any]:
    """An announcement with what may be done with it now."""
    moves = ANNOUNCEMENT.moves(facts(row, actor=actor), actor, clock.now())
    return {**shown(row), "moves": [each.as_dict() for each in moves]}


def shown(row: Announcement) -> dict[str, Any]:
    """An announcement as lists show it."""
    fields = (
        "title", "body", "category", "priority", "audience", "send_email", "publish_at", "expires_at", "status",
        "created_by_name", "sent_at", "recipients_count", "version", "created_at", "updated_at",
    )  # fmt: skip
    return {"id": row.pk, **{field: getattr(row, field) for field in fields}}


def preview(clauses: Sequence[Sequence[str]], *, actor: Actor) -> dict[str, Any]:
    """How many belong to an audience today besides the actor, who is not told, and ten of them by name.

    Raises `Invalid` (`audience_empty`, `unknown_audience_key`), `NotAllowed` (`audience_out_of_scope`).
    """
    audience = audiences.must_be_known(clauses)
    audiences.must_be_within(audience, actor, Perm.ANNOUNCEMENT_SEND)
    found = audiences.members(audience, local_today()).exclude(pk=actor.person_id or 0)
    named = people.names_of(list(found.order_by("pk").values_list("pk", flat=True)[:SAMPLE]))
    return {"count": found.count(), "sample": sorted(named.values())}


def matching(found: "QuerySet[Announcement]", text: str) -> "QuerySet[Announcement]":
    """Those whose title or text contains the text."""
    wanted = " ".join(text.split())
    return found.filter(Q(title__icontains=wanted) | Q(body__icontains=wanted)) if wanted else found
