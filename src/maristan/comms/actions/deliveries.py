"""Writes of the outbox: every mail is a row before it leaves, claimed before the hand-over, settled after it (N1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from maristan.comms.models import Delivery
from maristan.comms.queries import composers
from maristan.comms.queries import deliveries as queries
from maristan.comms.queries.deliveries import Handed
from maristan.comms.rules.delivery import CLAIMED_AT_MOST, RETRIES, retry_at
from maristan.comms.rules.states import Channel, DeliveryStatus, Mode, Perm
from maristan.kernel import clock, jobs, journal, rows, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.mail import Mail, Wanted
from maristan.kernel.unjournaled import unjournaled

SEND = "comms.send_mail"
LOCK = 0x6D61696C  # one worker at a time gathers digests of an institution
OUTBOX = "the line is its cause's"
UNKNOWN = "outcome_unknown"


@unjournaled(OUTBOX)
@transaction.atomic
def mail(*, wanted: Iterable[Wanted], by: Actor) -> None:
    """Put mails into the outbox, in the transaction of their cause. Raises `KeyError` for a kind without composer."""
    now, wanted = clock.now(), list(wanted)
    composers.must_be_known(each.kind for each in wanted)
    made = [
        Delivery(
            recipient=each.person, channel=Channel.EMAIL, kind=each.kind, params=dict(each.params),
            address=each.address, status=DeliveryStatus.PENDING, due_at=now,
        )
        for each in wanted
    ]  # fmt: skip
    if made:
        Delivery.objects.bulk_create(made, batch_size=1000)
        jobs.enqueue(SEND)


@unjournaled(OUTBOX)
@transaction.atomic
def claim(*, by: Actor) -> list[Delivery]:
    """The next mail that is due, claimed: one delivery, or all that go into one digest; empty when nothing is due."""
    now = clock.now()
    waiting = queries.due(now)
    single = waiting.filter(mode=Mode.IMMEDIATE).select_for_update(skip_locked=True, of=("self",)).first()
    if single is not None:
        return _claimed([single])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, (tenancy.current() or 0) % 2**31])
        if not cursor.fetchone()[0]:
            return []
    first = waiting.exclude(mode=Mode.IMMEDIATE).first()
    if first is None:
        return []
    return _claimed(list(waiting.exclude(mode=Mode.IMMEDIATE).filter(recipient=first.recipient)))


def _claimed(group: list[Delivery]) -> list[Delivery]:
    now = clock.now()
    Delivery.objects.filter(pk__in=[each.pk for each in group]).update(
        claimed_at=now, attempts=F("attempts") + 1, updated_at=now
    )
    for each in group:
        each.attempts += 1
    return group


@unjournaled(OUTBOX)
@transaction.atomic
def compose(*, group: Sequence[Delivery], by: Actor) -> Handed | None:
    """The mail of claimed deliveries; none for what is not wanted any more, which is settled as suppressed."""
    first = group[0]
    if first.kind:
        written: Mail | None = composers.composer(first.kind)(params=first.params, by=by)
        handed = None if written is None else Handed(first.address, written, f"mail-{first.pk}")
    elif first.mode == Mode.IMMEDIATE:
        handed = queries.single(first)
    else:
        handed = queries.digest(group)
    if handed is None:
        _settle(group, DeliveryStatus.SUPPRESSED, "not_wanted")
    return handed


@unjournaled(OUTBOX)
@transaction.atomic
def settle(*, group: Sequence[Delivery], error: str = "", is_final: bool = False, by: Actor) -> None:
    """Note what became of a mail: sent, refused for good (`is_final`), or to be tried again while tries are left."""
    if not error:
        return _settle(group, DeliveryStatus.SENT)
    again = None if is_final else retry_at(max(each.attempts for each in group), clock.now())
    if again is None:
        return _settle(group, DeliveryStatus.FAILED, error)
    Delivery.objects.filter(pk__in=[each.pk for each in group]).update(
        status=DeliveryStatus.PENDING, due_at=again, claimed_at=None, error=error[:200], updated_at=clock.now()
    )
    return None


def _settle(group: Sequence[Delivery], status: DeliveryStatus, error: str = "") -> None:
    now = clock.now()
    Delivery.objects.filter(pk__in=[each.pk for each in group]).update(
        status=status, settled_at=now, error=error[:200], updated_at=now
    )


@unjournaled(OUTBOX)
@transaction.atomic
def postpone(*, error: str, by: Actor) -> None:
    """The mail server does not answer: everything that is due has had one attempt more."""
    now = clock.now()
    for attempts in range(len(RETRIES) + 1):
        due = _unordered(queries.due(now)).filter(attempts=attempts)
        again = retry_at(attempts + 1, now)
        if again is None:
            due.update(status=DeliveryStatus.FAILED, attempts=attempts + 1, settled_at=now, error=error[:200])
        else:
            # what was tried just now is due later, and so is not among the next
            due.update(status=DeliveryStatus.PENDING, attempts=attempts + 1, due_at=again, error=error[:200])


@unjournaled(OUTBOX)
@transaction.atomic
def give_up(*, by: Actor) -> int:
    """Mails whose worker died between hand-over and settling: whether they left, only a person can find out."""
    now = clock.now()
    lost = Delivery.objects.filter(settled_at=None, claimed_at__lt=now - CLAIMED_AT_MOST)
    return _unordered(lost).update(status=DeliveryStatus.FAILED, settled_at=now, error=UNKNOWN, updated_at=now)


def _unordered(found: "QuerySet[Delivery]") -> "QuerySet[Delivery]":
    return found.order_by()


@transaction.atomic
def retry(*, pk: int, by: Actor) -> Delivery:
    """Send a mail that has failed once more, because somebody decided so.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`not_failed`).
    """
    by.demand(Perm.DELIVERY_RETRY)
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    if row.status != DeliveryStatus.FAILED:
        raise NotNow("not_failed", "Only a mail that failed is sent again.")
    former = row.error
    row.status, row.due_at, row.attempts, row.error = DeliveryStatus.PENDING, clock.now(), 0, ""
    row.claimed_at = row.settled_at = None
    row.save()
    changes = {"status": [DeliveryStatus.FAILED, row.status], "error": [former, ""]}
    journal.record("mail.retried", ("delivery", pk), by=by, changes=changes)
    jobs.enqueue(SEND)
    return row


@unjournaled(OUTBOX)
@transaction.atomic
def suppress(*, notifications: "QuerySet[Any, Any]", reason: str, by: Actor) -> None:
    """Let mails of notifications that have not left yet stay where they are."""
    waiting = Delivery.objects.filter(notification__in=notifications, settled_at=None, claimed_at=None)
    _unordered(waiting).update(status=DeliveryStatus.SUPPRESSED, settled_at=clock.now(), error=reason[:200])
