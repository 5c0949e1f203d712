"""The one place from which webhooks leave: to an address checked at the moment of connecting (B5, B6)."""

import time

from django.conf import settings

from maristan.comms.queries import webhooks as queries
from maristan.comms.queries.webhooks import Handed
from maristan.comms.rules.addresses import BLOCKED, Target, is_blocked, target
from maristan.comms.rules.webhooks import EXCERPT_AT_MOST, Outcome
from maristan.kernel import clock, outgoing, signatures
from maristan.kernel.access import Actor
from maristan.kernel.encryption import Unreadable
from maristan.kernel.errors import Invalid
from maristan.kernel.outgoing import Unreachable
from maristan.kernel.unjournaled import unjournaled

AGENT = "Maristan-Webhooks/1"
DETAILS = {
    BLOCKED: "This address does not belong to the public internet.",
    "unresolvable": "The name of the host is not known.",
}


@unjournaled("it asks for the address of a name and writes nothing")
def checked(*, url: str, by: Actor) -> str:
    """An address in its one form, fit to be saved.

    Raises `Invalid` (`https_required`, `invalid_url`, `unresolvable`, `blocked_address`) at `/url`.
    """
    to = _target(url)
    try:
        _addresses(to)
    except Unreachable as error:
        raise Invalid.at("/url", error.code, DETAILS[error.code]) from None
    return to.url


def _target(url: str) -> Target:
    return target(url, allow_http=settings.WEBHOOKS_ALLOW_HTTP)


def _addresses(to: Target) -> list[str]:
    """The IP addresses to connect to; raises `Unreachable` when one of them is not open to events."""
    found = outgoing.addresses_of(to.host)
    if any(is_blocked(each, allowed=settings.WEBHOOKS_ALLOWED_PRIVATE_CIDRS) for each in found):
        raise Unreachable(BLOCKED)
    return found


@unjournaled("what came of it is settled by its caller")
def call(*, handed: Handed, by: Actor) -> Outcome:
    """Send a delivery once, signed at this moment by every secret that holds, and tell what came of it."""
    began = time.monotonic()
    try:
        to = _target(handed.url)
        addresses = _addresses(to)
        secrets = queries.readable(handed.secrets)
        signed = signatures.signed(handed.body, identity=handed.event_id, at=clock.now(), by=secrets)
        reply = outgoing.post(
            addresses=addresses,
            host=to.host,
            port=to.port,
            is_secure=to.scheme == "https",
            path=to.path,
            headers={**signed, "Content-Type": "application/json", "User-Agent": AGENT},
            body=handed.body,
        )
    except Unreachable as error:
        return Outcome(error_code=error.code, latency_ms=_since(began), ip=error.address)
    except Unreadable:
        return Outcome(error_code="secret_unreadable", latency_ms=_since(began))
    except Invalid as refused:
        return Outcome(error_code=refused.code, latency_ms=_since(began))
    return Outcome(
        status_code=reply.status,
        error_code="redirect" if 300 <= reply.status < 400 else "",
        latency_ms=_since(began),
        ip=reply.address,
        excerpt=_excerpt(reply.body),
        retry_after=reply.retry_after,
    )


@unjournaled("what came of it is settled by its caller")
def post(*, url: str, body: bytes, by: Actor) -> Outcome:
    """Send a body once to an address that the operator named, as guarded as webhooks are; it is not signed."""
    began = time.monotonic()
    try:
        to = _target(url)
        reply = outgoing.post(
            addresses=_addresses(to), host=to.host, port=to.port, is_secure=to.scheme == "https", path=to.path,
            headers={"Content-Type": "application/json", "User-Agent": AGENT}, body=body,
        )  # fmt: skip
    except Unreachable as error:
        return Outcome(error_code=error.code, latency_ms=_since(began), ip=error.address)
    except Invalid as refused:
        return Outcome(error_code=refused.code, latency_ms=_since(began))
    return Outcome(
        status_code=reply.status, error_code="redirect" if 300 <= reply.status < 400 else "",
        latency_ms=_since(began), ip=reply.address, excerpt=_excerpt(reply.body),
    )  # fmt: skip


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _excerpt(body: bytes) -> str:
    """The beginning of an answer, 1 KB at most, without what a text of the database cannot hold."""
    return body[:EXCERPT_AT_MOST].decode(errors="ignore").replace("\x00", "")
