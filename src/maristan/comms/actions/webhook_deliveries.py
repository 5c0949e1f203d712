"""Events on their way: put in line once for each endpoint, claimed before the call, settled after it (B1, B5, B7)."""

import random
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from maristan.comms.actions import webhook_calls, webhook_troubles
from maristan.comms.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from maristan.comms.queries import webhooks as queries
from maristan.comms.queries.webhooks import Handed
from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.states import WebhookStatus
from maristan.comms.rules.webhooks import Outcome
from maristan.kernel import clock, jobs, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled

SEND = "comms.send_webhooks"
SUBJECT = "webhook"
ITS_CAUSE = "the line is its cause's"


@unjournaled(ITS_CAUSE)
@transaction.atomic
def fan_out(*, line_id: int, by: Actor) -> None:
    """Put a journal line in line for every endpoint subscribed to it, once, however often this runs."""
    line = JournalLine.objects.get(pk=line_id)
    endpoints = queries.subscribed(line.kind)
    if not endpoints:
        return
    event, now = queries.event(line), clock.now()
    chosen = [each for each in endpoints if rules.passes(each.filters, event.attributes)]
    already = queries.in_line([each.pk for each in chosen], now)
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                endpoint=each, event_id=event.id, event_type=event.kind, body=event.body, next_attempt_at=now
            )
            for each in chosen
        ],
        ignore_conflicts=True,
    )
    for each in chosen:
        # Where more is due, those who send it go on with this; the run of each minute finds what they left.
        if already.get(each.pk, 0) < rules.IN_FLIGHT:
            jobs.enqueue(SEND, endpoint_id=each.pk)


@unjournaled(ITS_CAUSE)
@transaction.atomic
def claim(*, endpoint: int, by: Actor) -> Handed | None:
    """Take the next delivery that is due for an endpoint; none where nothing is, or enough requests are under way.

    What a dead worker took is taken over: whether it arrived is not known, and its id tells the receiver.
    """
    now = clock.now()
    to = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint, enabled=True).first()
    if to is None or queries.in_hand(endpoint, now) >= rules.in_flight(to.failing_since):
        return None
    row = queries.due(endpoint, now).first()
    if row is None:
        return None
    if row.claimed_at is not None:
        _note(row, Outcome(error_code=rules.UNKNOWN), row.claimed_at)
    WebhookDelivery.objects.filter(pk=row.pk).update(
        claimed_at=now, attempts=row.attempts, tries=row.tries, updated_at=now
    )
    return queries.handed(row, to, now)


def _note(row: WebhookDelivery, outcome: Outcome, at: datetime) -> DeliveryAttempt:
    """One attempt more of a row that the caller saves."""
    row.attempts += 1
    row.tries += 1
    return DeliveryAttempt.objects.create(
        delivery=row, n=row.attempts, at=at, ip=outcome.ip, status_code=outcome.status_code,
        latency_ms=outcome.latency_ms, error_code=outcome.error_code, response_excerpt=outcome.excerpt,
    )  # fmt: skip


@unjournaled(ITS_CAUSE)
@transaction.atomic
def settle(*, handed: Handed, outcome: Outcome, by: Actor) -> None:
    """Note what came of an attempt; one that was cancelled or taken over meanwhile is changed by success alone."""
    to = WebhookEndpoint.objects.select_for_update().get(pk=handed.endpoint)
    row = WebhookDelivery.objects.select_for_update().get(pk=handed.delivery)
    is_held = row.status in rules.OPEN and row.claimed_at == handed.claimed_at
    _note(row, outcome, handed.claimed_at)
    if outcome.succeeded and row.status in rules.OPEN:
        _finish(row, WebhookStatus.SUCCEEDED)
    elif is_held:
        _after_failure(row, outcome)
    row.save(update_fields=["status", "attempts", "tries", "next_attempt_at", "claimed_at", "settled_at", "updated_at"])
    is_dead = is_held and row.status == WebhookStatus.DEAD
    webhook_troubles.note(endpoint=to, outcome=outcome, is_dead=is_dead, by=by)
    if row.status in rules.OPEN and is_held:
        jobs.enqueue(SEND, at=row.next_attempt_at, endpoint_id=to.pk)


def _finish(row: WebhookDelivery, status: WebhookStatus) -> None:
    row.status, row.settled_at = status.value, clock.now()
    row.next_attempt_at = row.claimed_at = None


def _after_failure(row: WebhookDelivery, outcome: Outcome) -> None:
    now = clock.now()
    shift = random.uniform(-1, 1)  # noqa: S311 - spreads repetitions, keeps no secret
    again = rules.retry_at(row.tries, now, shift=shift, retry_after=rules.asked_to_wait(outcome, now))
    if again is None:
        return _finish(row, WebhookStatus.DEAD)
    row.status, row.next_attempt_at, row.claimed_at = WebhookStatus.RETRYING.value, again, None
    return None


@transaction.atomic
def test(*, pk: int, by: Actor) -> WebhookDelivery:
    """Send an endpoint an event of its own now, enabled or not; it is tried this once. Raises `NotFound`, `NotAllowed`.

    The call is made before the transaction ends, so that its outcome is the answer; nothing is locked meanwhile.
    """
    endpoint = rows.one(queries.visible_to(actor=by), pk)
    line = journal.record(rules.TEST, (SUBJECT, pk), by=by)
    event, now = queries.event(line), clock.now()
    row = WebhookDelivery.objects.create(
        endpoint=endpoint, event_id=event.id, event_type=event.kind, body=event.body, next_attempt_at=now,
        claimed_at=now,
    )  # fmt: skip
    outcome = webhook_calls.call(handed=queries.handed(row, endpoint, now), by=by)
    _note(row, outcome, now)
    _finish(row, WebhookStatus.SUCCEEDED if outcome.succeeded else WebhookStatus.DEAD)
    row.save()
    if outcome.succeeded:
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
        webhook_troubles.note(endpoint=endpoint, outcome=outcome, is_dead=False, by=by)
    return row


@transaction.atomic
def redeliver(*, pk: int, by: Actor) -> WebhookDelivery:
    """Send the same bytes under the same id once more.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`invalid_transition_from_<status>`, `endpoint_disabled`, `body_erased`).
    """
    row = rows.one(queries.deliveries(actor=by), pk)
    _must_be_enabled(WebhookEndpoint.objects.select_for_update().get(pk=row.endpoint_id))
    row = rows.one(queries.deliveries(actor=by), pk, lock=True)
    if row.status not in rules.AGAIN:
        raise NotNow(f"invalid_transition_from_{row.status}", "Only what is settled is sent again.")
    if row.body is None:
        raise NotNow("body_erased", "What it said was kept for 30 days.")
    before = row.status
    _put_in_line([row.pk])
    changes = {"delivery": pk, "event": row.event_type, "status": [before, WebhookStatus.PENDING.value]}
    journal.record("webhook.redelivered", (SUBJECT, row.endpoint_id), by=by, changes=changes)
    jobs.enqueue(SEND, endpoint_id=row.endpoint_id)
    row.refresh_from_db()
    return row


@transaction.atomic
def redeliver_dead(*, pk: int, first: date, last: date, by: Actor) -> int:
    """Send everything once more that died on its way to an endpoint, put in line on a local day of [first, last].

    Gives how much. Raises `NotFound`, `NotAllowed`, `NotNow` (`endpoint_disabled`).
    """
    endpoint = rows.one(queries.visible_to(actor=by), pk, lock=True)
    _must_be_enabled(endpoint)
    dead = queries.deliveries(actor=by).filter(endpoint=endpoint, status=WebhookStatus.DEAD, body__isnull=False)
    found = list(
        queries.between(dead, first, last).order_by().exclude(event_type=rules.TEST).values_list("pk", flat=True)
    )
    _put_in_line(found)
    changes = {"count": len(found), "first": first.isoformat(), "last": last.isoformat()}
    journal.record("webhook.redelivered", (SUBJECT, pk), by=by, changes=changes)
    for _ in range(min(len(found), rules.IN_FLIGHT)):
        jobs.enqueue(SEND, endpoint_id=pk)
    return len(found)


def _must_be_enabled(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled:
        raise NotNow("endpoint_disabled", "Enable the endpoint first.")


def _put_in_line(ids: Sequence[int]) -> None:
    now = clock.now()
    WebhookDelivery.objects.filter(pk__in=ids).order_by().update(
        status=WebhookStatus.PENDING, tries=0, next_attempt_at=now, settled_at=None, updated_at=now
    )


@unjournaled("what is old is forgotten by a rule, not by anybody")
@transaction.atomic
def forget(*, by: Actor) -> None:
    """Erase what events said after 30 days, that they were sent after 180, and what is left of deleted endpoints."""
    now = clock.now()
    old = WebhookDelivery.objects.filter(created_at__lt=now - rules.BODY_KEPT, body__isnull=False).order_by()
    old.filter(status__in=rules.OPEN).update(
        status=WebhookStatus.DEAD, settled_at=now, next_attempt_at=None, claimed_at=None, body=None
    )
    old.update(body=None)
    WebhookDelivery.objects.filter(created_at__lt=now - rules.DELIVERY_KEPT).delete()
    WebhookEndpoint.objects.filter(deleted_at__lt=now - rules.DELIVERY_KEPT, deliveries=None).delete()
