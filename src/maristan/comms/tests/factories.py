"""The smallest valid endpoints and deliveries, for tests."""

from itertools import count
from typing import Any

from maristan.comms.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from maristan.kernel import clock, encryption
from maristan.kernel.signatures import new_secret

_numbers = count(1)


def endpoint(url: str = "https://127.0.0.1/", *events: str, **values: Any) -> WebhookEndpoint:
    """An endpoint to which nothing goes, subscribed to what happens to people unless events are named."""
    secret = values.pop("secret", None) or new_secret()
    kept = {"ciphertext": encryption.encrypt(secret, purpose="webhook secrets"), "last4": secret[-4:]}
    usual = {"name": "Ledger", "created_by_name": "Alice", "secrets": [{**kept, "expires_at": None}]}
    return WebhookEndpoint.objects.create(url=url, events=list(events) or ["person.*"], **{**usual, **values})


def delivery(to: WebhookEndpoint, status: str = "dead", **values: Any) -> WebhookDelivery:
    """An event on its way to an endpoint, with one attempt that failed."""
    is_open = status in ("pending", "retrying")
    number = next(_numbers)
    made = WebhookDelivery.objects.create(
        endpoint=to, status=status, **{
            "event_id": f"evt_{number}", "event_type": "person.updated", "body": b'{"type":"person.updated"}',
            "attempts": 1, "tries": 1, "next_attempt_at": clock.now() if is_open else None,
            "settled_at": None if is_open else clock.now(), **values,
        },
    )  # fmt: skip
    DeliveryAttempt.objects.create(delivery=made, n=1, at=clock.now(), status_code=500, response_excerpt="Oops")
    return made
