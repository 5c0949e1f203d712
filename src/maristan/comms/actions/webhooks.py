"""Writes of endpoints: which machine is sent which events, and the secrets that prove who sends them (B4, B6, B7)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection, transaction

from maristan.comms.actions import webhook_calls
from maristan.comms.models import WebhookDelivery, WebhookEndpoint
from maristan.comms.queries import catalogue
from maristan.comms.queries import webhooks as queries
from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.states import DisabledReason, Perm, WebhookStatus
from maristan.kernel import clock, encryption, journal, rows, signatures, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled

SUBJECT = "webhook"
LOCK = 0x77686F6F  # endpoints of an institution are entered one after the other, so that they can be counted


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> tuple[WebhookEndpoint, str]:
    """Subscribe a machine; gives the endpoint and its secret, which is told this once.

    Raises `NotAllowed`, `Invalid` (`https_required`, `invalid_url`, `unresolvable`, `blocked_address`,
    `unknown_event`, `unknown_filter`), `NotNow` (`too_many_endpoints`).
    """
    by.demand(Perm.WEBHOOK_MANAGE)
    values = _checked(values, by)
    _must_have_room(by)
    secret = signatures.new_secret()
    row = WebhookEndpoint(
        **values, secrets=[_sealed(secret)], created_by=by.person_id, created_by_name=by.name,
        disabled_reason="" if values.get("enabled", True) else DisabledReason.BY_HAND,
    )  # fmt: skip
    row.save()
    changes = {name: [None, value] for name, value in values.items()}
    journal.record("webhook.created", (SUBJECT, row.pk), by=by, changes=_journalled(changes))
    return row, secret


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> WebhookEndpoint:
    """Change an endpoint; enabling it again forgets that it failed.

    Raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `Invalid` as `create`.
    """
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    rows.must_match(row, version, (SUBJECT, pk))
    changes = rows.change(row, _checked(values, by))
    if "enabled" in changes:
        changes |= rows.change(row, _switched(row.enabled))
    if changes:
        rows.save_changes(row, changes)
        journal.record("webhook.updated", (SUBJECT, pk), by=by, changes=_journalled(changes))
    return row


def _switched(enabled: bool) -> dict[str, Any]:
    if enabled:
        return {"disabled_reason": "", "failing_since": None, "failures": 0}
    return {"disabled_reason": DisabledReason.BY_HAND.value}


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete an endpoint with its secrets; what had not left is cancelled. Raises `NotFound`, `NotAllowed`."""
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    now = clock.now()
    row.enabled, row.disabled_reason, row.secrets, row.deleted_at = False, DisabledReason.BY_HAND.value, [], now
    row.version += 1
    row.save(update_fields=["enabled", "disabled_reason", "secrets", "deleted_at", "version", "updated_at"])
    count = cancel_open(endpoint=pk, by=by)
    changes = {"name": [row.name, None], "version": [row.version - 1, row.version], "cancelled": count}
    journal.record("webhook.deleted", (SUBJECT, pk), by=by, changes=changes)


@unjournaled("the line is that of the endpoint, which is deleted or gone")
def cancel_open(*, endpoint: int, by: Actor) -> int:
    """Let what has not reached an endpoint stay where it is; gives how much."""
    still = WebhookDelivery.objects.filter(endpoint=endpoint, status__in=rules.OPEN).order_by()
    now = clock.now()
    return still.update(
        status=WebhookStatus.CANCELLED, settled_at=now, next_attempt_at=None, claimed_at=None, updated_at=now
    )


@transaction.atomic
def rotate_secret(*, pk: int, grace_hours: int, by: Actor) -> tuple[WebhookEndpoint, str]:
    """Replace the secret; the one before signs too for so many hours, an older one no more. The secret is told once.

    Raises `NotFound`, `NotAllowed`.
    """
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    secret = signatures.new_secret()
    until = clock.now() + timedelta(hours=grace_hours)
    former = [{**row.secrets[0], "expires_at": until.isoformat()}] if grace_hours and row.secrets else []
    row.secrets = [_sealed(secret), *former]
    row.version += 1
    row.save(update_fields=["secrets", "version", "updated_at"])
    changes = {"grace_hours": grace_hours, "version": [row.version - 1, row.version]}
    journal.record("webhook.rotated", (SUBJECT, pk), by=by, changes=changes)
    return row, secret


def _sealed(secret: str) -> dict[str, Any]:
    ciphertext = encryption.encrypt(secret, purpose=queries.PURPOSE)
    return {"ciphertext": ciphertext, "last4": secret[-4:], "expires_at": None}


@unjournaled("that they end was said when the secret was replaced")
@transaction.atomic
def erase_former_secrets(*, by: Actor) -> int:
    """Erase secrets whose grace is over; gives how many endpoints had one."""
    now, count = clock.now(), 0
    for row in WebhookEndpoint.objects.select_for_update().filter(deleted_at=None):
        kept = [each for each in row.secrets if _holds(each, now)]
        if kept != row.secrets:
            row.secrets, count = kept, count + 1
            row.save(update_fields=["secrets", "updated_at"])
    return count


def _holds(secret: Mapping[str, Any], now: datetime) -> bool:
    return secret["expires_at"] is None or datetime.fromisoformat(secret["expires_at"]) > now


@unjournaled("the same secrets under the present key")
@transaction.atomic
def renew_secrets(*, by: Actor) -> None:
    """Encrypt every secret by the present key, so that a former one can be dropped; the unreadable stay as they are."""
    for row in WebhookEndpoint.objects.select_for_update().filter(deleted_at=None):
        row.secrets = [{**each, "ciphertext": _renewed(each["ciphertext"])} for each in row.secrets]
        row.save(update_fields=["secrets"])


def _renewed(ciphertext: str) -> str:
    try:
        return encryption.renewed(ciphertext, purpose=queries.PURPOSE)
    except encryption.Unreadable:
        return ciphertext


def _checked(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    found = dict(values)
    rules.check_subscription(
        events=found.get("events", ()), filters=found.get("filters", {}), known=catalogue.known(),
        attributes=catalogue.attributes(),
    )  # fmt: skip
    if "url" in found:
        found["url"] = webhook_calls.checked(url=found["url"], by=by)
    return found


def _must_have_room(by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, (tenancy.current() or 0) % 2**31])
    if queries.visible_to(actor=by).count() >= rules.ENDPOINTS_AT_MOST:
        raise NotNow("too_many_endpoints", f"An institution has {rules.ENDPOINTS_AT_MOST} endpoints at most.")


def _journalled(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as the journal keeps them: of an address without its query, which may be a key."""
    if "url" not in changes:
        return changes
    return {**changes, "url": [None if each is None else _without_query(each) for each in changes["url"]]}


def _without_query(url: str) -> str:
    split = urlsplit(url)
    return urlunsplit((split.scheme, split.netloc, split.path, "…" if split.query else "", ""))
