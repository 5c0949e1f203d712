"""Events reach their machines: once each, in spite of receivers that fail and workers that die (B1-B3, B5, B7)."""

import socket
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from maristan.comms import jobs
from maristan.comms.actions import webhook_deliveries as sending
from maristan.comms.actions import webhooks
from maristan.comms.models import DeliveryAttempt, Notification, WebhookDelivery, WebhookEndpoint
from maristan.comms.rules.webhooks import LEASE
from maristan.comms.tests import factories as comms
from maristan.comms.tests.receiver import Receiver
from maristan.directory.tests import factories as make
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.models import JournalLine
from maristan.kernel.signatures import new_secret
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
usual = socket.getaddrinfo
HOOKS = "/api/v1/comms/webhooks/"


@pytest.fixture
def alice() -> Actor:
    make.institution()
    return make.actor(make.member("Alice", "admin"))


def happened(alice: Actor, number: int = 7, **changes: Any) -> JournalLine:
    """Something that machines hear of."""
    return journal.record("person.deactivated", ("person", number), by=alice, changes=changes)


def by() -> Actor:
    return platform(tenancy.current())


def sent() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def attempts() -> list[tuple[int, int | None, str]]:
    return list(DeliveryAttempt.objects.order_by("id").values_list("n", "status_code", "error_code"))


def later(**wait: float) -> None:
    """What the worker does after a while."""
    with clock.stopped_at(clock.now() + timedelta(**wait)):
        jobs.send_due_webhooks.func(0)
        run_jobs()


def test_an_event_says_what_happened_and_not_more(alice: Actor, receiver: Receiver, settings: Any) -> None:
    comms.endpoint(receiver.url)
    line = happened(alice, status=["active", "suspended"], version=[3, 4], email=["a@b.example", None], marks=[1, 2])
    run_jobs()
    (found,) = receiver.received
    assert found.json == {
        "type": "person.deactivated",
        "timestamp": line.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "institution": tenancy.current(),
        "sequence": line.pk,
        "data": {
            "id": 7, "status": "suspended", "previous_status": "active", "version": 4,
            "url": f"{settings.SITE_URL}/directory/people/7",
            "actor": {"id": alice.person_id, "name": "Alice"},
        },
    }  # fmt: skip
    assert (found.headers["content-type"], found.path) == ("application/json", "/hook")
    assert (sent().status, attempts()) == ("succeeded", [(1, 204, "")])
    assert WebhookEndpoint.objects.get().last_success_at is not None


def test_an_event_goes_to_whoever_subscribed_to_it_once_however_often_it_is_put_in_line(alice: Actor) -> None:
    names = {
        "all": ("*",), "people": ("person.*",), "it": ("person.deactivated", "*"), "others": ("week_plan.*",),
    }  # fmt: skip
    for name, events in names.items():
        comms.endpoint("https://127.0.0.1/", *events, name=name)
    comms.endpoint(name="off", enabled=False, disabled_reason="by_hand")
    line = happened(alice)
    for _ in range(2):
        sending.fan_out(line_id=line.pk, by=by())
    found = WebhookDelivery.objects.values_list("endpoint__name", flat=True)
    assert sorted(found) == ["all", "it", "people"]
    assert len({bytes(each.body or b"") for each in WebhookDelivery.objects.all()}) == 1


def test_filters_choose_among_events_that_have_the_attribute(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from maristan.kernel import events

    def read(ids: Any) -> Any:
        return {pk: {"ward": "A" if pk == 1 else "B"} for pk in ids}

    told = events.Subject(fields={"ward": events.Field("the ward", "A")}, filters=("ward",), read=read)
    monkeypatch.setitem(events._subjects, "person", told)
    comms.endpoint("https://127.0.0.1/", "*", name="A", filters={"ward": ["A"]})
    for number in (1, 2):
        sending.fan_out(line_id=happened(alice, number).pk, by=by())
    sending.fan_out(line_id=journal.record("holiday.withdrawn", ("holiday", 5), by=alice).pk, by=by())
    found = WebhookDelivery.objects.order_by("id")
    assert [each.event_type for each in found] == ["person.deactivated", "holiday.withdrawn"]
    assert b'"ward":"A"' in bytes(found[0].body or b"")


def test_without_a_subscription_a_write_leaves_no_job(alice: Actor) -> None:
    comms.endpoint("https://127.0.0.1/", "week_plan.*")
    comms.endpoint(enabled=False, disabled_reason="by_hand")
    happened(alice)
    assert run_jobs() == []
    make.institution("other")
    comms.endpoint()
    tenancy.enter(alice.institution_id)
    happened(alice)
    assert run_jobs() == []


def test_whether_somebody_is_subscribed_costs_no_statement_of_its_own(
    alice: Actor, django_assert_num_queries: Any
) -> None:
    entries = [journal.Entry("person.deactivated", ("person", each), {}) for each in range(6)]
    with django_assert_num_queries(2):  # the lines, and the jobs, if somebody is subscribed
        journal.record_all(entries, by=alice)
    comms.endpoint()
    with django_assert_num_queries(2):
        journal.record_all(entries, by=alice)
    assert len(run_jobs()) >= 6
    assert WebhookDelivery.objects.count() == 6


def test_acceptance_21_two_events_within_a_minute_are_two_deliveries_of_different_ids(
    alice: Actor, receiver: Receiver
) -> None:
    comms.endpoint(receiver.url)
    happened(alice)
    happened(alice)
    run_jobs()
    one, two = receiver.received
    assert one.id != two.id
    assert WebhookDelivery.objects.filter(status="succeeded").count() == 2


def test_acceptance_21_500_then_200_is_one_id_and_two_attempts(alice: Actor, receiver: Receiver) -> None:
    comms.endpoint(receiver.url)
    receiver.answer(500, 200, body=b"thanks")
    happened(alice)
    run_jobs()
    assert (sent().status, sent().attempts) == ("retrying", 1)
    wait = (sent().next_attempt_at or clock.now()) - DeliveryAttempt.objects.get().at
    assert timedelta(seconds=4.5) <= wait <= timedelta(seconds=7)
    later(seconds=7)
    assert (sent().status, attempts()) == ("succeeded", [(1, 500, ""), (2, 200, "")])
    assert len({each.id for each in receiver.received}) == 1
    assert len({each.body for each in receiver.received}) == 1
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_acceptance_21_during_grace_both_secrets_verify_and_afterwards_the_present_one_alone(
    alice: Actor, receiver: Receiver
) -> None:
    first = new_secret()
    endpoint = comms.endpoint(receiver.url, secret=first)
    _, second = webhooks.rotate_secret(pk=endpoint.pk, grace_hours=24, by=alice)
    happened(alice)
    run_jobs()
    (found,) = receiver.received
    assert found.headers["webhook-signature"].count("v1,") == 2
    for secret in (first, second):
        assert Webhook(secret).verify(found.body, found.headers)["data"]["id"] == 7
    with pytest.raises(WebhookVerificationError):
        Webhook(second).verify(found.body.replace(b"7", b"8"), found.headers)
    with clock.stopped_at(clock.now() + timedelta(hours=24, seconds=1)):
        happened(alice)
        run_jobs()
        jobs.send_due_webhooks.func(0)
    assert receiver.received[1].headers["webhook-signature"].count("v1,") == 1
    endpoint.refresh_from_db()
    assert [each["last4"] for each in endpoint.secrets] == [second[-4:]]


def test_acceptance_21_redelivered_bytes_are_the_same_under_the_same_id_signed_anew(
    alice: Actor, receiver: Receiver
) -> None:
    endpoint = comms.endpoint(receiver.url)
    happened(alice)
    run_jobs()
    _, secret = webhooks.rotate_secret(pk=endpoint.pk, grace_hours=0, by=alice)
    admin = Client(make.member("Adam", "admin"))
    again = admin.post(f"{HOOKS}deliveries/{sent().pk}/redeliver/")
    assert (again.status, again.json["status"]) == (200, "pending")
    twice = admin.post(f"{HOOKS}deliveries/{sent().pk}/redeliver/")
    assert (twice.status, twice.code) == (409, "invalid_transition_from_pending")
    run_jobs()
    one, two = receiver.received
    assert (two.id, two.body) == (one.id, one.body)
    assert Webhook(secret).verify(two.body, two.headers)
    assert JournalLine.objects.filter(kind="webhook.redelivered").count() == 1
    found = WebhookDelivery.objects.get(event_id=one.id)
    assert (found.status, found.attempts) == ("succeeded", 2)


def test_acceptance_22_a_name_that_moved_inside_after_saving_is_not_connected_to(
    alice: Actor, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    comms.endpoint(f"http://hooks.example.org:{receiver.port}/")
    settings.WEBHOOKS_ALLOWED_PRIVATE_CIDRS = []
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: inside)
    happened(alice)
    run_jobs()
    assert (sent().status, attempts(), receiver.received) == ("retrying", [(1, None, "blocked_address")], [])
    assert DeliveryAttempt.objects.get().ip == ""


def test_acceptance_22_a_redirect_is_not_followed(alice: Actor, receiver: Receiver) -> None:
    comms.endpoint(receiver.url)
    receiver.answer(302, Location=f"http://127.0.0.1:{receiver.port}/elsewhere")
    happened(alice)
    run_jobs()
    assert [each.path for each in receiver.received] == ["/hook"]
    assert (sent().status, attempts()) == ("retrying", [(1, 302, "redirect")])


def test_the_connection_goes_to_the_address_that_was_checked(
    alice: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        if "example" not in host:
            return usual(host, *args, **options)
        asked.append(host)
        at = "127.0.0.1" if len(asked) == 1 else "127.0.0.99"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, receiver.port))]

    comms.endpoint(f"http://hooks.example.org:{receiver.port}/a?b=c")
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    happened(alice)
    run_jobs()
    assert (asked, sent().status) == (["hooks.example.org"], "succeeded")
    assert receiver.received[0].headers["host"] == f"hooks.example.org:{receiver.port}"
    assert receiver.received[0].path == "/a?b=c"


def test_proxies_of_the_environment_are_not_asked(
    alice: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    comms.endpoint(receiver.url)
    happened(alice)
    run_jobs()
    assert sent().status == "succeeded"


def test_a_receiver_that_is_down_is_tried_ten_times_then_the_event_is_dead_and_people_are_told(
    alice: Actor, receiver: Receiver
) -> None:
    endpoint = comms.endpoint(receiver.url, created_by=make.member("Carl", "registrar").pk)
    receiver.answer(*[500] * 10)
    start = clock.now()
    with clock.stopped_at(start):
        happened(alice)
        run_jobs()
    tried = [0.0]
    while sent().status == "retrying":
        at = sent().next_attempt_at
        assert at is not None
        with clock.stopped_at(at - timedelta(seconds=1)):
            jobs.send_due_webhooks.func(0)
            run_jobs()
        assert sent().attempts == len(tried)
        with clock.stopped_at(at):
            jobs.send_due_webhooks.func(0)
            run_jobs()
        tried.append((at - start).total_seconds())
    waits = [one - before for before, one in pairwise(tried)]
    plain = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert all(0.9 <= wait / usual <= 1.1 for wait, usual in zip(waits, plain, strict=True))
    assert (sent().status, sent().attempts, len(receiver.received)) == ("dead", 10, 10)
    told = Notification.objects.filter(event="webhook.dead")
    assert sorted(told.values_list("recipient", flat=True)) == sorted([alice.person_id, endpoint.created_by])
    comms.delivery(endpoint, "retrying", attempts=9, tries=9, event_id="evt_other")
    receiver.answer(500)
    jobs.send_webhooks.func(institution_id=tenancy.current(), endpoint_id=endpoint.pk)
    assert WebhookDelivery.objects.filter(status="dead").count() == 2
    assert told.count() == 2  # told of the first one alone


def test_a_receiver_that_asks_for_time_gets_it(alice: Actor, receiver: Receiver) -> None:
    comms.endpoint(receiver.url)
    receiver.answer(429, Retry_After="600")
    now = clock.now()
    with clock.stopped_at(now):
        happened(alice)
        run_jobs()
    assert sent().next_attempt_at == now + timedelta(seconds=600)


def test_a_receiver_that_is_gone_is_sent_nothing_more(alice: Actor, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url)
    other = comms.endpoint("https://127.0.0.1/", "week_plan.*", name="Other")
    receiver.answer(410)
    happened(alice)
    happened(alice)
    run_jobs()
    endpoint.refresh_from_db()
    other.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, endpoint.version, other.enabled) == (False, "gone", 2, True)
    assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"cancelled"}
    assert len(receiver.received) == 1
    line = JournalLine.objects.get(kind="webhook.disabled")
    assert (line.changes["disabled_reason"], line.subject_id) == (["", "gone"], str(endpoint.pk))
    assert Notification.objects.filter(event="webhook.disabled").get().recipient == alice.person_id
    happened(alice)
    run_jobs()
    assert (len(receiver.received), WebhookDelivery.objects.count()) == (1, 2)


@pytest.mark.parametrize(("days", "failures", "enabled"), [(5, 9, False), (5, 8, True), (4.9, 30, True)])
def test_five_days_of_failures_alone_switch_an_endpoint_off(
    alice: Actor, receiver: Receiver, days: float, failures: int, enabled: bool
) -> None:
    since = clock.now() - timedelta(days=days)
    endpoint = comms.endpoint(receiver.url, failing_since=since, failures=failures)
    receiver.answer(503)
    happened(alice)
    run_jobs()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.failures) == (enabled, failures + 1)
    assert endpoint.disabled_reason == ("" if enabled else "failing")
    assert Notification.objects.filter(event="webhook.disabled").count() == (0 if enabled else 1)
    assert sent().status == "retrying"  # and is sent when somebody switches it on again


def test_what_is_on_its_way_waits_while_an_endpoint_is_switched_off(alice: Actor, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url, enabled=False, disabled_reason="by_hand")
    comms.delivery(endpoint, "retrying")
    jobs.send_webhooks.func(institution_id=tenancy.current(), endpoint_id=endpoint.pk)
    later(minutes=1)
    assert (sent().status, receiver.received) == ("retrying", [])
    WebhookEndpoint.objects.update(enabled=True, disabled_reason="")
    later(minutes=1)
    assert (sent().status, len(receiver.received)) == ("succeeded", 1)


def test_a_success_between_makes_the_days_begin_anew(alice: Actor, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url, failing_since=clock.now() - timedelta(days=9), failures=50)
    happened(alice)
    run_jobs()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.failing_since, endpoint.failures) == (True, None, 0)


def test_a_receiver_that_nobody_runs_is_a_failure_like_any_other(alice: Actor, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    comms.endpoint(f"http://127.0.0.1:{port}/")
    happened(alice)
    run_jobs()
    assert (sent().status, attempts()) == ("retrying", [(1, None, "connect_failed")])


def test_a_secret_that_cannot_be_read_is_told_and_nothing_leaves(
    alice: Actor, receiver: Receiver, settings: Any
) -> None:
    comms.endpoint(receiver.url)
    settings.SECRET_KEY = "another key altogether, as long as it must be, and longer"
    happened(alice)
    run_jobs()
    assert (attempts(), receiver.received) == ([(1, None, "secret_unreadable")], [])


def test_the_dead_of_some_days_are_sent_once_more_in_one_go(alice: Actor, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url, "week_plan.*")
    dead = [comms.delivery(endpoint) for _ in range(3)]
    WebhookDelivery.objects.filter(pk=dead[0].pk).update(created_at="2026-03-08T10:00:00Z")
    WebhookDelivery.objects.filter(pk=dead[1].pk).update(body=None)
    comms.delivery(endpoint, "succeeded")
    comms.delivery(endpoint, event_type="webhook.test")
    admin = Client(make.member("Adam", "admin"))
    url, today = f"{HOOKS}{endpoint.pk}/redeliver/", clock.today("Asia/Karachi").isoformat()
    answer = admin.post(url, {"date_from": today, "date_to": today})
    assert (answer.status, answer.json) == (200, {"redelivered": 1})
    run_jobs()
    assert [each.id for each in receiver.received] == [dead[2].event_id]
    line = JournalLine.objects.get(kind="webhook.redelivered")
    assert line.changes == {"count": 1, "first": today, "last": today}
    gone = admin.post(f"{HOOKS}deliveries/{dead[1].pk}/redeliver/")
    assert (gone.status, gone.code) == (409, "body_erased")
    WebhookEndpoint.objects.update(enabled=False, disabled_reason="by_hand")
    one = f"{HOOKS}deliveries/{dead[0].pk}/redeliver/"
    for refused in (admin.post(url, {"date_from": today, "date_to": today}), admin.post(one)):
        assert (refused.status, refused.code) == (409, "endpoint_disabled")


def test_bodies_are_kept_a_month_and_deliveries_half_a_year(alice: Actor) -> None:
    endpoint = comms.endpoint()
    deleted = {"enabled": False, "disabled_reason": "by_hand", "secrets": []}
    gone = comms.endpoint(**deleted, deleted_at=clock.now() - timedelta(days=181))
    ages = {age: comms.delivery(endpoint, "succeeded") for age in (29, 31, 179, 181)}
    waiting = comms.delivery(endpoint, "retrying")
    for age, row in [*ages.items(), (31, waiting)]:
        WebhookDelivery.objects.filter(pk=row.pk).update(created_at=clock.now() - timedelta(days=age))
    jobs.forget_webhooks.func(0)
    found = {row.pk: (row.status, row.body is None) for row in WebhookDelivery.objects.all()}
    assert found == {
        ages[29].pk: ("succeeded", False), ages[31].pk: ("succeeded", True), ages[179].pk: ("succeeded", True),
        waiting.pk: ("dead", True),
    }  # fmt: skip
    assert not WebhookEndpoint.objects.filter(pk=gone.pk).exists()


def test_a_worker_that_dies_between_claim_and_settling_loses_nothing(
    alice: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    comms.endpoint(receiver.url)
    happened(alice)
    settle = sending.settle

    def die(**_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        run_jobs()
    monkeypatch.setattr(sending, "settle", settle)
    assert (sent().status, attempts(), len(receiver.received)) == ("pending", [], 1)
    later(seconds=30)
    assert len(receiver.received) == 1  # it may still be at it
    later(seconds=LEASE.total_seconds() + 1)
    assert (sent().status, attempts()) == ("succeeded", [(1, None, "outcome_unknown"), (2, 204, "")])
    one, two = receiver.received
    assert (one.id, one.body) == (two.id, two.body)


def test_a_worker_that_is_slow_does_not_undo_what_the_next_one_did(alice: Actor, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url)
    happened(alice)
    run_jobs()
    sending.redeliver(pk=sent().pk, by=alice)
    slow = sending.claim(endpoint=endpoint.pk, by=by())
    assert slow is not None
    later(seconds=LEASE.total_seconds() + 1)
    assert sent().status == "succeeded"
    sending.settle(handed=slow, outcome=sending.Outcome(status_code=500), by=by())
    assert (sent().status, sent().attempts) == ("succeeded", 4)


def test_a_worker_that_is_slow_does_not_free_what_the_next_one_has_in_hand(alice: Actor) -> None:
    endpoint = comms.endpoint()
    comms.delivery(endpoint, "pending", attempts=0, tries=0)
    DeliveryAttempt.objects.all().delete()
    slow = sending.claim(endpoint=endpoint.pk, by=by())
    with clock.stopped_at(clock.now() + LEASE + timedelta(seconds=1)):
        following = sending.claim(endpoint=endpoint.pk, by=by())
        assert slow is not None
        assert following is not None
        sending.settle(handed=slow, outcome=sending.Outcome(status_code=500), by=by())
        assert sent().claimed_at == following.claimed_at
        sending.settle(handed=following, outcome=sending.Outcome(status_code=204), by=by())
    assert sent().status == "succeeded"
    assert attempts() == [(1, None, "outcome_unknown"), (2, 500, ""), (3, 204, "")]


def test_four_requests_at_a_time_and_one_to_a_receiver_that_fails(alice: Actor) -> None:
    endpoint = comms.endpoint()
    for _ in range(6):
        comms.delivery(endpoint, "pending")
    taken = [sending.claim(endpoint=endpoint.pk, by=by()) for _ in range(5)]
    assert [each is None for each in taken] == [False] * 4 + [True]
    assert len({each.delivery for each in taken if each}) == 4
    failed, *_ = [each for each in taken if each]
    sending.settle(handed=failed, outcome=sending.Outcome(status_code=500), by=by())
    assert sending.claim(endpoint=endpoint.pk, by=by()) is None
    for each in taken[1:4]:
        assert each is not None
        sending.settle(handed=each, outcome=sending.Outcome(status_code=500), by=by())
    assert sending.claim(endpoint=endpoint.pk, by=by()) is not None
    assert sending.claim(endpoint=endpoint.pk, by=by()) is None
