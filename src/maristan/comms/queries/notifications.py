"""Reads of notifications."""

from django.db.models import Q, QuerySet

from maristan.comms.models import Notification
from maristan.comms.rules.states import Perm
from maristan.kernel import messages
from maristan.kernel.access import Actor
from maristan.kernel.languages import Language
from maristan.kernel.messages import Said


def visible_to(actor: Actor) -> "QuerySet[Notification]":
    """The actor's own notifications, newest first."""
    actor.demand(Perm.NOTIFICATION_VIEW)
    return Notification.objects.filter(recipient=actor.person_id or 0, is_shown=True)


def matching(rows: "QuerySet[Notification]", text: str, spoken: Language) -> "QuerySet[Notification]":
    """Those of `rows` whose title or text contains the text, as stored or as the words of their kind are read."""
    wanted = " ".join(text.split())
    if not wanted:
        return rows
    stored = Q(title__icontains=wanted) | Q(body__icontains=wanted)
    return rows.filter(stored | Q(event__in=messages.kinds_saying(wanted, spoken)))


def said(row: Notification, spoken: Language) -> Said:
    """A notification in a language."""
    return messages.said(row.event, row.params, spoken, stored=Said(row.title, row.body))


def unread(*, actor: Actor) -> int:
    """How many of the actor's notifications are unread."""
    return Notification.objects.filter(recipient=actor.person_id or 0, read_at=None, is_shown=True).count()
