"""Webhooks: who is sent which event, what it says, when it is tried again, and what its outcome means (B1-B7)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from maristan.comms.rules.states import WebhookStatus
from maristan.kernel.errors import Faults

TEST = "webhook.test"
OPEN = (WebhookStatus.PENDING, WebhookStatus.RETRYING)
AGAIN = (WebhookStatus.DEAD, WebhookStatus.SUCCEEDED)
ENDPOINTS_AT_MOST = 20
GRACE_HOURS, LONGEST_GRACE_HOURS = 24, 168
# Waits after each failure; after the last one an event is dead.
SCHEDULE = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)
GIVEN_UP_AFTER, GIVEN_UP_FAILURES = timedelta(days=5), 10
IN_FLIGHT = 4
LEASE = timedelta(seconds=60)  # an attempt takes 20 seconds at most; a worker that took longer is dead
BODY_KEPT, DELIVERY_KEPT = timedelta(days=30), timedelta(days=180)
BODY_AT_MOST = 20 * 1024
EXCERPT_AT_MOST = 1024
UNKNOWN = "outcome_unknown"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "whsec_"
GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503


def patterns_of(kind: str) -> list[str]:
    """The patterns that speak of an event type; none of a test, which goes to its own endpoint alone."""
    return [] if kind == TEST else ["*", f"{kind.partition('.')[0]}.*", kind]


def passes(filters: Mapping[str, Sequence[Any]], attributes: Mapping[str, Any]) -> bool:
    """Whether an event has one of the values wanted of each attribute; one that it has not got passes."""
    return all(
        name not in attributes or str(attributes[name]) in {str(value) for value in values}
        for name, values in filters.items()
    )


def check_subscription(
    *, events: Collection[str], filters: Mapping[str, Any], known: Collection[str], attributes: Collection[str]
) -> None:
    """Raise `Invalid` (`unknown_event`, `unknown_filter`) for a pattern that speaks of nothing or a strange attribute.

    `known` are the event types, `attributes` those by which some of them are filtered.
    """
    faults, spoken = Faults(), {pattern for kind in known for pattern in patterns_of(kind)}
    for place, pattern in enumerate(events):
        if pattern not in spoken:
            faults.add(f"/events/{place}", "unknown_event", "No event is of this type.")
    for name in filters:
        if name not in attributes:
            faults.add(f"/filters/{name}", "unknown_filter", "No event has this attribute.")
    faults.stop()


def event_id(number: int, at: datetime) -> str:
    """The id of an event, the same each time it is sent: the time and the number of its line, in base 32."""
    return f"evt_{_base32(int(at.timestamp() * 1000), 10)}{_base32(number, 16)}"


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def timestamp(at: datetime) -> str:
    """An instant as events tell it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body(*, kind: str, at: datetime, institution: int, number: int, data: Mapping[str, Any]) -> bytes:
    """The bytes of an event, made once; what would not fit into 20 KB is told by its common fields alone."""
    event = {
        "type": kind, "timestamp": timestamp(at), "institution": institution, "sequence": number, "data": dict(data),
    }  # fmt: skip
    made = encoded(event)
    if len(made) > BODY_AT_MOST:
        made = encoded({**event, "data": {name: value for name, value in data.items() if name in COMMON}})
    return made


def encoded(event: Mapping[str, Any]) -> bytes:
    """Minified JSON in UTF-8."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


COMMON = ("id", "status", "previous_status", "version", "url", "actor")


def data(
    *,
    subject: str,
    changes: Mapping[str, Any],
    actor: Mapping[str, Any] | None,
    url: str | None,
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """What an event says of its object: only these fields, whatever else a line holds; `told` are its app's own."""
    before, after = _pair(changes.get("status"))
    common = {
        "id": int(subject) if subject.isdecimal() else subject,
        "status": _word(after),
        "previous_status": _word(before),
        "version": _whole(_pair(changes.get("version"))[1]),
        "url": url,
        "actor": None if actor is None else dict(actor),
    }
    return {**common, **told}


def _pair(change: Any) -> tuple[Any, Any]:
    return (change[0], change[1]) if isinstance(change, list) and len(change) == 2 else (None, None)


def _word(value: Any) -> str | None:
    return value[:60] if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def masked(last4: str) -> str:
    """How a secret is shown once it was told."""
    return f"{PREFIX}********{last4}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: a status of HTTP, or the code of what went wrong before one."""

    status_code: int | None = None
    error_code: str = ""
    latency_ms: int = 0
    ip: str = ""
    excerpt: str = ""
    retry_after: str = ""

    @property
    def succeeded(self) -> bool:
        """True for an answer of 2xx; nothing else is a success, a redirect neither."""
        return self.status_code is not None and 200 <= self.status_code < 300


def retry_at(failures: int, now: datetime, *, shift: float, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after that many failures in a row, none when the event is dead.

    `shift` from -1 to 1 moves the wait by up to a tenth; what a receiver asks for (`retry_after`) only lengthens it.
    """
    if failures > len(SCHEDULE):
        return None
    wait = SCHEDULE[failures - 1] * (1 + JITTER * shift)
    return now + max(wait, retry_after or wait)


def asked_to_wait(outcome: Outcome, now: datetime) -> timedelta | None:
    """What a receiver that is busy asks for by Retry-After, in seconds or as a date, a day at most."""
    if outcome.status_code not in (TOO_MANY, UNAVAILABLE) or not outcome.retry_after:
        return None
    text = outcome.retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_WAIT.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def is_given_up(failing_since: datetime | None, failures: int, now: datetime) -> bool:
    """Whether an endpoint failed for five days, and at least ten times, without a success between."""
    return failing_since is not None and now - failing_since >= GIVEN_UP_AFTER and failures >= GIVEN_UP_FAILURES


def in_flight(failing_since: datetime | None) -> int:
    """How many requests an endpoint gets side by side; one that fails holds up one worker at most."""
    return IN_FLIGHT if failing_since is None else 1
