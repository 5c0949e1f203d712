"""Reads of comms."""

from django.db.models import QuerySet

from maristan.comms.models import Notification
from maristan.comms.rules import Perm
from maristan.kernel.access import Actor


def visible_to(actor: Actor) -> "QuerySet[Notification]":
    """The actor's own notifications, newest first."""
    actor.demand(Perm.NOTIFICATION_VIEW)
    return Notification.objects.filter(person_id=actor.person_id)


def unread(*, actor: Actor) -> int:
    """How many of the actor's notifications are unread."""
    return Notification.objects.filter(person_id=actor.person_id, read_at=None).count()


def to_mail(limit: int = 200) -> "QuerySet[Notification]":
    """Notifications that have not been mailed yet, oldest first, locked for this worker."""
    return Notification.objects.filter(mailed_at=None).order_by("id").select_for_update(skip_locked=True)[:limit]
