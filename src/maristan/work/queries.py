"""Reads of work."""

from django.db.models import QuerySet

from maristan.kernel.access import Actor
from maristan.work.models import InboxItem
from maristan.work.rules import Perm


def visible_to(actor: Actor) -> "QuerySet[InboxItem]":
    """Items whose audience key the actor holds."""
    actor.demand(Perm.INBOX_VIEW)
    return InboxItem.objects.filter(audience__in=actor.audience)


def open_count(*, actor: Actor) -> int:
    """How many items wait for the actor."""
    return InboxItem.objects.filter(audience__in=actor.audience, closed_at=None).count()
