"""Calls that leave once or not at all, and what is left as it is."""

from datetime import timedelta
from typing import Any

import pytest

from maristan.comms.actions import webhook_calls, webhook_deliveries, webhook_troubles, webhooks
from maristan.comms.models import DeliveryAttempt, Notification, WebhookDelivery
from maristan.comms.rules.states import DisabledReason
from maristan.comms.tests import factories as comms
from maristan.comms.tests.receiver import Receiver
from maristan.directory.tests import factories as make
from maristan.kernel import clock, encryption, journal, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Actor:
    make.institution()
    return make.actor(make.member("Alice", "admin"))


def by() -> Actor:
    return platform(tenancy.current())


def happened(alice: Actor) -> JournalLine:
    """Something that machines hear of."""
    return journal.record("person.deactivated", ("person", 7), by=alice)


def test_an_address_that_may_no_longer_be_called_is_told_and_nothing_leaves(
    alice: Actor, receiver: Receiver, settings: Any
) -> None:
    comms.endpoint(receiver.url)
    settings.WEBHOOKS_ALLOW_HTTP = False
    happened(alice)
    run_jobs()
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.status_code, attempt.error_code) == (None, "https_required")
    assert WebhookDelivery.objects.get().status == "retrying"
    assert webhook_calls.post(url=receiver.url, body=b"{}", by=by()).error_code == "https_required"
    assert receiver.received == []


@pytest.mark.parametrize(("status", "code"), [(200, ""), (302, "redirect"), (503, "")])
def test_an_address_that_the_operator_named_is_called_once_unsigned(
    alice: Actor, receiver: Receiver, status: int, code: str
) -> None:
    receiver.answer(status, body=b"heard", Location=f"{receiver.url}/elsewhere")
    outcome = webhook_calls.post(url=receiver.url, body=b'{"type":"alert.raised"}', by=by())
    assert (outcome.status_code, outcome.error_code, outcome.ip, outcome.excerpt) == (
        status, code, "127.0.0.1", "heard",
    )  # fmt: skip
    (found,) = receiver.received
    assert (found.body, found.path, "webhook-signature" in found.headers) == (
        b'{"type":"alert.raised"}', "/hook", False,
    )  # fmt: skip


def test_what_nobody_wants_any_more_is_put_in_line_for_nobody(alice: Actor) -> None:
    endpoint = comms.endpoint()
    line = happened(alice)
    webhooks.delete(pk=endpoint.pk, by=alice)
    webhook_deliveries.fan_out(line_id=line.pk, by=by())
    assert not WebhookDelivery.objects.exists()


def test_an_endpoint_is_switched_off_once(alice: Actor) -> None:
    endpoint = comms.endpoint()
    for reason in (DisabledReason.GONE, DisabledReason.FAILING):
        webhook_troubles.disable(endpoint=endpoint, reason=reason, by=by())
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, endpoint.version) == (False, "gone", 2)
    assert JournalLine.objects.filter(kind="webhook.disabled").count() == 1
    assert Notification.objects.filter(event="webhook.disabled").count() == 1


def test_a_secret_that_no_key_opens_is_left_as_it_is_while_others_are_renewed(alice: Actor) -> None:
    lost = {"ciphertext": "not to be read", "last4": "lost", "expires_at": None}
    endpoint = comms.endpoint()
    (kept,) = endpoint.secrets
    before = encryption.decrypt(kept["ciphertext"], purpose="webhook secrets")
    endpoint.secrets = [lost, kept]
    endpoint.save(update_fields=["secrets"])
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        webhooks.renew_secrets(by=by())
    endpoint.refresh_from_db()
    unread, renewed = endpoint.secrets
    assert unread == lost
    assert renewed["ciphertext"] != kept["ciphertext"]
    assert encryption.decrypt(renewed["ciphertext"], purpose="webhook secrets") == before
