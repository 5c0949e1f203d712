"""Writes of comms: telling people, once each, in the application and by mail."""

from collections.abc import Collection, Mapping

from django.db import transaction

from maristan.comms.models import Notification
from maristan.comms.rules import Message as Message
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, jobs
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.languages import unmarked
from maristan.kernel.messages import compose
from maristan.kernel.unjournaled import unjournaled


@unjournaled("a message repeats a journal line; it is none itself")
@transaction.atomic
def notify(*, messages: Mapping[int, Message], by: Actor) -> int:
    """Tell each person (person id → message) once; gives how many were told now. Mail follows as a job.

    Raises `ValueError` for an event that is not declared, or one that lacks a parameter.
    """
    if not messages:
        return 0
    locale = institution().locale
    rows = [_row(person_id, message, locale) for person_id, message in messages.items()]
    before = Notification.objects.filter(once__in={row.once for row in rows}).count()
    Notification.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    told = Notification.objects.filter(once__in={row.once for row in rows}).count() - before
    if told:
        jobs.enqueue("comms.send_mail")
    return told


def _row(person_id: int, message: Message, locale: str) -> Notification:
    """What is kept: besides the parameters, the sentences in the institution's language, which are searched."""
    said = compose(message.event, message.params, locale)
    return Notification(
        person_id=person_id,
        event=message.event,
        title=unmarked(said.title)[:255],
        body=unmarked(said.body)[:1000],
        params=message.params,
        url=message.url,
        once=message.once,
    )


@unjournaled("reading is not a change of anybody's record")
@transaction.atomic
def read(*, pk: int, by: Actor) -> Notification:
    """Mark one of the actor's notifications as read; raises `NotFound`."""
    found = Notification.objects.filter(pk=pk, person_id=by.person_id or 0).first()
    if found is None:
        raise NotFound()
    if found.read_at is None:
        found.read_at = clock.now()
        found.save(update_fields=["read_at"])
    return found


@unjournaled("reading is not a change of anybody's record")
@transaction.atomic
def read_all(*, by: Actor) -> int:
    """Mark all of the actor's notifications as read; gives how many were unread."""
    return Notification.objects.filter(person_id=by.person_id or 0, read_at=None).update(read_at=clock.now())


@unjournaled("a message repeats a journal line; it is none itself")
def mark_mailed(*, ids: Collection[int], refused: Mapping[int, str], by: Actor) -> None:
    """Note which notifications went out by mail, and why others never will (notification id → reason)."""
    Notification.objects.filter(pk__in=ids).update(mailed_at=clock.now())
    for pk, reason in refused.items():
        Notification.objects.filter(pk=pk).update(mail_error=reason[:200] or "refused")
