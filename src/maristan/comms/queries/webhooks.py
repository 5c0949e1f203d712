"""Reads of webhooks: endpoints, what is on its way to them, and what an event says."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from maristan.comms.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.states import Perm
from maristan.directory.queries.settings import institution
from maristan.kernel import encryption, events
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine

PURPOSE = "webhook secrets"


@dataclass(frozen=True, slots=True)
class Handed:
    """A delivery that a worker took: where its bytes go, and the ciphertexts of the secrets that sign them."""

    delivery: int
    endpoint: int
    url: str
    event_id: str
    body: bytes
    secrets: tuple[str, ...]
    claimed_at: datetime


def visible_to(*, actor: Actor) -> "QuerySet[WebhookEndpoint]":
    """Every endpoint of the institution, by name, for those who manage them."""
    actor.demand(Perm.WEBHOOK_MANAGE)
    return WebhookEndpoint.objects.filter(deleted_at=None)


def deliveries(*, actor: Actor) -> "QuerySet[WebhookDelivery]":
    """Everything sent to endpoints that are there, newest first; without the bytes, which no list shows."""
    actor.demand(Perm.WEBHOOK_MANAGE)
    return WebhookDelivery.objects.filter(endpoint__deleted_at=None).defer("body")


def matching(found: "QuerySet[WebhookEndpoint]", text: str) -> "QuerySet[WebhookEndpoint]":
    """Those whose name or address contains the text."""
    wanted = " ".join(text.split())
    return found.filter(Q(name__icontains=wanted) | Q(url__icontains=wanted)) if wanted else found


def between(found: "QuerySet[WebhookDelivery]", first: date | None, last: date | None) -> "QuerySet[WebhookDelivery]":
    """Those put in line on a local day of [first, last]."""
    zone = ZoneInfo(institution().time_zone) if first or last else None
    if first is not None:
        found = found.filter(created_at__gte=datetime.combine(first, time.min, zone))
    if last is not None:
        found = found.filter(created_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    return found


def attempts(delivery: WebhookDelivery) -> list[DeliveryAttempt]:
    """Its attempts, the first one first."""
    return list(DeliveryAttempt.objects.filter(delivery=delivery).order_by("n"))


def secrets_shown(row: WebhookEndpoint) -> list[dict[str, Any]]:
    """Secrets as they are shown once they were told."""
    return [{"masked": rules.masked(each["last4"]), "expires_at": each["expires_at"]} for each in row.secrets]


def signing(row: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """The ciphertexts of the secrets that sign at a moment, the present one first."""
    return tuple(
        each["ciphertext"]
        for each in row.secrets
        if each["expires_at"] is None or datetime.fromisoformat(each["expires_at"]) > now
    )


def handed(row: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> Handed:
    """A delivery with what its attempt needs."""
    return Handed(row.pk, endpoint.pk, endpoint.url, row.event_id, bytes(row.body or b""), signing(endpoint, now), now)


def readable(ciphertexts: Collection[str]) -> list[str]:
    """The secrets themselves; raises `Unreadable`."""
    return [encryption.decrypt(each, purpose=PURPOSE) for each in ciphertexts]


def _sealed() -> Iterator[list[str]]:
    for secrets in WebhookEndpoint.objects.values_list("secrets", flat=True):
        yield [each["ciphertext"] for each in secrets]


KEPT = encryption.Kept(
    "endpoints of webhooks", PURPOSE,
    "rotate the secret of each on the screen of webhooks and tell its receiver; nothing reaches it before", _sealed,
)  # fmt: skip


# --- what is on its way -------------------------------------------------------------------------------------------


def due(endpoint: int, now: datetime) -> "QuerySet[WebhookDelivery]":
    """What an endpoint is to be sent now and no worker has in hand, the longest due first."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - rules.LEASE)
    waiting = WebhookDelivery.objects.filter(free, endpoint=endpoint, status__in=rules.OPEN, next_attempt_at__lte=now)
    return waiting.order_by("next_attempt_at", "id")


def in_hand(endpoint: int, now: datetime) -> int:
    """How many requests to an endpoint are under way."""
    taken = WebhookDelivery.objects.filter(endpoint=endpoint, status__in=rules.OPEN, claimed_at__gt=now - rules.LEASE)
    return taken.count()


def waiting(now: datetime) -> list[int]:
    """The enabled endpoints that something is due for, by id."""
    return [pk for pk in _enabled().values_list("pk", flat=True) if due(pk, now).exists()]


def in_line(endpoints: Collection[int], now: datetime) -> dict[int, int]:
    """How much was due for each of these endpoints already; those without anything are left out."""
    free = WebhookDelivery.objects.filter(
        endpoint__in=endpoints, status__in=rules.OPEN, next_attempt_at__lte=now, claimed_at=None
    )
    return dict(free.order_by().values_list("endpoint").annotate(Count("pk")))


# --- events -------------------------------------------------------------------------------------------------------


def _enabled() -> "QuerySet[WebhookEndpoint]":
    return WebhookEndpoint.objects.filter(enabled=True)


# Whether an endpoint of the institution is subscribed to what `wanted.words` say, as a part of another statement.
SUBSCRIBED = "EXISTS (SELECT FROM comms_webhookendpoint e WHERE e.enabled AND e.events ?| wanted.words)"


def subscribed(kind: str) -> list[WebhookEndpoint]:
    """The endpoints subscribed to an event type."""
    return list(_enabled().filter(events__has_any_keys=rules.patterns_of(kind)))


@dataclass(frozen=True, slots=True)
class Event:
    """A line as machines are told it: its id, its bytes, and the values by which endpoints choose."""

    id: str
    kind: str
    body: bytes
    attributes: dict[str, Any]


def event(line: JournalLine) -> Event:
    """What a journal line says to machines; its object as it is now."""
    subject = events.subject_of(line.kind)
    found = {}
    if subject.read is not None and line.subject_id.isdecimal():
        found = dict(subject.read([int(line.subject_id)]).get(int(line.subject_id), {}))
    told = {name: found.get(name) for name in subject.fields}
    page = subject.url.replace("{id}", line.subject_id)
    data = rules.data(
        subject=line.subject_id,
        changes=line.changes,
        actor=None if line.by_person_id is None else {"id": line.by_person_id, "name": line.by_name},
        url=settings.SITE_URL + page if page else None,
        told=told,
    )
    made = rules.body(kind=line.kind, at=line.at, institution=line.institution_id or 0, number=line.pk, data=data)
    attributes = {name: found[name] for name in subject.filters if name in found}
    return Event(rules.event_id(line.pk, line.at), line.kind, made, attributes)
