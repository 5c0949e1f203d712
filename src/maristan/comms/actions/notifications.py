"""Writes of notifications: telling people, once each, in the application and by mail."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from maristan.comms.models import Notification
from maristan.comms.queries.preferences import Wishes, wishes
from maristan.comms.rules.delivery import READ_KEPT, UNREAD_KEPT, timing
from maristan.comms.rules.states import Channel, DeliveryStatus, Mode
from maristan.comms.rules.states import Message as Message
from maristan.comms.rules.states import Priority as Priority
from maristan.directory.queries.people import reachable
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel import messages as texts
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.languages import unmarked
from maristan.kernel.unjournaled import unjournaled

SEND = "comms.send_mail"
AT_ONCE = 1000
COLUMNS = """recipient bigint, event text, family text, priority text, title text, body text, params jsonb, url text,
  dedupe_key text, is_shown boolean, mode text, mail_status text, due_at timestamptz, address text, error text"""
# The messages that were not told before, and for each of them what becomes of it over each channel.
TELL = f"""
WITH wanted AS (SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r({COLUMNS})),
told AS (
  INSERT INTO comms_notification (institution_id, created_at, updated_at, recipient, event, family, priority, title,
    body, params, url, dedupe_key, is_shown)
  SELECT %(institution)s, %(now)s, %(now)s, recipient, event, family, priority, title, body, params, url, dedupe_key,
    is_shown FROM wanted
  ON CONFLICT ON CONSTRAINT comms_notification_once DO NOTHING
  RETURNING id, recipient, dedupe_key
), shown AS (
  INSERT INTO comms_delivery (institution_id, created_at, updated_at, notification_id, recipient, channel, kind, params,
    address, mode, status, due_at, attempts, settled_at, error)
  SELECT %(institution)s, %(now)s, %(now)s, t.id, t.recipient, 'in_app', '', '{{}}'::jsonb, '', 'immediate',
    CASE WHEN w.is_shown THEN 'sent' ELSE 'suppressed' END, %(now)s, 0, %(now)s, ''
  FROM told t JOIN wanted w USING (recipient, dedupe_key)
  UNION ALL
  SELECT %(institution)s, %(now)s, %(now)s, t.id, t.recipient, 'email', '', '{{}}'::jsonb, w.address, w.mode,
    w.mail_status, w.due_at, 0, CASE WHEN w.mail_status = 'suppressed' THEN %(now)s::timestamptz END, w.error
  FROM told t JOIN wanted w USING (recipient, dedupe_key) WHERE w.mail_status IS NOT NULL
  RETURNING status, channel
)
SELECT (SELECT count(*) FROM told), EXISTS (SELECT FROM shown WHERE status = 'pending')
"""  # noqa: S608 - put together from constants


@unjournaled("a message repeats a journal line; it is none itself")
@transaction.atomic
def notify(*, messages: Mapping[int, Message], by: Actor) -> int:
    """Tell each person (person id → message) once; gives how many were told now. Mail follows as a job.

    Nobody is told who is inactive, or of what they did themselves, unless the message `answers` them. Three statements
    for each 1,000 people. Raises `ValueError` for an event that is not declared, or one that lacks a parameter.
    """
    cause = by.caused_by if by.person_id is None else by.person_id
    wanted = [(person, each) for person, each in messages.items() if person != cause or each.answers]
    if not wanted:
        return 0
    here, now, told, is_due = institution(), clock.now(), 0, False
    for start in range(0, len(wanted), AT_ONCE):
        chunk = dict(wanted[start : start + AT_ONCE])
        ways = reachable(chunk)
        chosen = wishes(ways, families={texts.family(each.event) for each in chunk.values()}, zone=here.time_zone)
        composed = _Composed(here.locale)
        rows = [
            _row(person, chunk[person], composed(chunk[person]), way.email, chosen[person], now)
            for person, way in ways.items()
        ]
        new, due = _tell(rows, now)
        told, is_due = told + new, is_due or due
    if is_due:
        jobs.enqueue(SEND)
    return told


@unjournaled("a message repeats a journal line; it is none itself")
def notify_each(*, messages: Iterable[tuple[int, Message]], by: Actor) -> int:
    """Tell people several messages (person id, message), in rounds of one for each person; gives how many were told."""
    rounds: list[dict[int, Message]] = []
    heard: Counter[int] = Counter()
    for person, message in messages:
        if heard[person] == len(rounds):
            rounds.append({})
        rounds[heard[person]][person] = message
        heard[person] += 1
    return sum(notify(messages=each, by=by) for each in rounds)


class _Composed:
    """What is kept: besides the parameters, the sentences in the institution's language, which are searched."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.last: tuple[Message, dict[str, Any]] | None = None

    def __call__(self, message: Message) -> dict[str, Any]:
        if self.last is None or self.last[0] is not message:  # the same message goes to many
            said = texts.compose(message.event, message.params, self.locale)
            self.last = (
                message,
                {
                    "event": message.event,
                    "family": texts.family(message.event),
                    "priority": message.priority,
                    "title": unmarked(said.title)[:255],
                    "body": unmarked(said.body),
                    "params": message.params,
                    "url": message.url,
                    "dedupe_key": message.once,
                },
            )
        return self.last[1]


def _row(
    person: int, message: Message, said: Mapping[str, Any], address: str, chosen: Wishes, now: datetime
) -> dict[str, Any]:
    family = said["family"]
    usual = Mode.DAILY if texts.is_digested(message.event) else Mode.IMMEDIATE
    mode = chosen.mode(family, Channel.EMAIL, usual)
    due = timing(mode=mode, family=family, priority=message.priority, quiet=chosen.quiet, zone=chosen.zone, now=now)
    lost = not address and due.status is not DeliveryStatus.SUPPRESSED
    return {
        **said,
        "recipient": person,
        "is_shown": chosen.mode(family, Channel.IN_APP, Mode.IMMEDIATE) is not Mode.OFF,
        "mode": mode,
        "mail_status": (DeliveryStatus.SUPPRESSED if lost else due.status) if message.mails else None,
        "due_at": due.due_at,
        "address": address,
        "error": "no_address" if lost else "",
    }


def _tell(rows: list[dict[str, Any]], now: datetime) -> tuple[int, bool]:
    if not rows:
        return 0, False
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"rows": orjson.dumps(rows).decode(), "institution": tenancy.current(), "now": now})
        told, is_due = cursor.fetchone()
    return told, is_due


@unjournaled("reading is not a change of anybody's record")
@transaction.atomic
def read(*, pk: int, by: Actor) -> Notification:
    """Mark one of the actor's notifications as read; raises `NotFound`."""
    found = Notification.objects.filter(pk=pk, recipient=by.person_id or 0).first()
    if found is None:
        raise NotFound()
    if found.read_at is None:
        found.read_at = clock.now()
        found.save(update_fields=["read_at"])
    return found


@unjournaled("reading is not a change of anybody's record")
@transaction.atomic
def mark_read(*, ids: Collection[int] | None, by: Actor) -> int:
    """Mark these of the actor's notifications as read, or all of them; gives how many were unread."""
    rows = Notification.objects.filter(recipient=by.person_id or 0, read_at=None)
    return (rows if ids is None else rows.filter(pk__in=list(ids))).update(read_at=clock.now())


@unjournaled("what is old is forgotten by a rule, not by anybody")
@transaction.atomic
def forget(*, by: Actor) -> int:
    """Delete notifications read half a year or told a year ago; gives how many."""
    now = clock.now()
    old = Notification.objects.filter(created_at__lt=now - UNREAD_KEPT) | Notification.objects.filter(
        read_at__lt=now - READ_KEPT
    )
    return old.delete()[1].get("comms.Notification", 0)
