"""Administrators subscribe machines to events; the secret is told once, and nobody else comes near (B4, B6, B7)."""

import json
import socket
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from maristan.comms.models import WebhookDelivery, WebhookEndpoint
from maristan.comms.tests import factories as comms
from maristan.comms.tests.receiver import Receiver
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/comms/webhooks/"
PERMITS = "/api/v1/ptw/webhooks/"
BODY = {"name": "Ledger", "url": "https://93.184.216.34/in", "events": ["person.*"]}


@pytest.fixture
def adam() -> Client:
    make.institution()
    cache.clear()
    return Client(make.member("Adam", "admin"))


def lines(kind: str = "webhook.") -> list[JournalLine]:
    return list(JournalLine.objects.filter(kind__startswith=kind).order_by("id"))


def test_an_administrator_subscribes_a_machine_and_is_told_the_secret_once(adam: Client) -> None:
    made = adam.post(HOOKS, BODY)
    assert (made.status, made.headers["Cache-Control"], made.headers["ETag"]) == (201, "no-store", '"1"')
    secret = made.json["secret"]
    assert secret.startswith("whsec_")
    assert made.json["secrets"] == [{"masked": f"whsec_********{secret[-4:]}", "expires_at": None}]
    assert (made.json["enabled"], made.json["disabled_reason"], made.json["filters"]) == (True, None, {})
    url = f"{HOOKS}{made.json['id']}/"
    shown = {name: value for name, value in made.json.items() if name != "secret"}
    assert adam.get(url).json == shown
    assert adam.get(HOOKS).json["results"] == [shown]


def test_acceptance_23_both_addresses_answer_alike_nobody_else_enters_and_the_secret_is_nowhere(
    adam: Client, caplog: Any
) -> None:
    secret = adam.post(HOOKS, BODY).json["secret"]
    pk = WebhookEndpoint.objects.get().pk
    rotated = adam.post(f"{PERMITS}{pk}/rotate_secret/", {"grace_hours": 1}).json["secret"]
    comms.delivery(WebhookEndpoint.objects.get())
    sent = WebhookDelivery.objects.get().pk
    paths = ("", f"{pk}/", f"{pk}/deliveries/", f"deliveries/{sent}/", "events/", "export/", f"{pk}/deliveries/export/")
    said = [adam.get(HOOKS + path) for path in paths]
    again = [adam.get(PERMITS + path) for path in paths]
    assert [each.status for each in said] == [200] * len(paths)
    assert [each.body.replace(b"/comms/", b"/ptw/") for each in said] == [each.body for each in again]
    kept = json.dumps([line.changes for line in JournalLine.objects.all()]) + str(WebhookEndpoint.objects.get().secrets)
    for told in (secret, rotated):
        hidden = told.removeprefix("whsec_")
        assert hidden not in kept + caplog.text
        assert not any(hidden.encode() in each.body for each in said)
    # A contractor holds no role of the institution at all.
    for roles in ([], ["registrar"], ["coordinator"], ["faculty"], ["auditor"], ["student"]):
        other = Client(make.member(f"Carl, {roles}", *roles))
        for prefix in (HOOKS, PERMITS):
            answers = [other.get(prefix + path) for path in paths]
            answers += [other.post(prefix, BODY), other.patch(f"{prefix}{pk}/", {"name": "Mine"}, version=2)]
            answers += [other.post(f"{prefix}{pk}/{move}/") for move in ("test", "rotate_secret")]
            assert [(each.status, each.code) for each in answers] == [(403, "not_allowed")] * len(answers)
    assert WebhookEndpoint.objects.get().version == 2


def test_another_institution_finds_nothing(adam: Client) -> None:
    endpoint = comms.endpoint()
    sent = comms.delivery(endpoint)
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    for prefix in (HOOKS, PERMITS):
        assert zara.get(prefix).json["count"] == 0
        days = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        answers = [
            zara.get(f"{prefix}{endpoint.pk}/"), zara.get(f"{prefix}{endpoint.pk}/deliveries/"),
            zara.get(f"{prefix}deliveries/{sent.pk}/"), zara.post(f"{prefix}deliveries/{sent.pk}/redeliver/"),
            zara.post(f"{prefix}{endpoint.pk}/redeliver/", days), zara.post(f"{prefix}{endpoint.pk}/test/"),
            zara.post(f"{prefix}{endpoint.pk}/rotate_secret/"), zara.delete(f"{prefix}{endpoint.pk}/"),
            zara.patch(f"{prefix}{endpoint.pk}/", {"name": "Mine"}, version=1),
        ]  # fmt: skip
        assert {(each.status, each.code) for each in answers} == {(404, "not_found")}


def test_a_repeated_creation_makes_no_second_endpoint_and_tells_no_secret(adam: Client) -> None:
    assert adam.post(HOOKS, BODY, Idempotency_Key="once").status == 201
    again = adam.post(HOOKS, BODY, Idempotency_Key="once")
    assert (again.status, again.code) == (409, "answer_not_kept")
    assert WebhookEndpoint.objects.count() == 1


def test_a_change_names_the_version_it_has_seen_and_leaves_a_line(adam: Client) -> None:
    pk = adam.post(HOOKS, BODY).json["id"]
    url = f"{HOOKS}{pk}/"
    blind = adam.patch(url, {"name": "Books"})
    stale = adam.patch(url, {"name": "Books"}, version=7)
    assert [(each.status, each.code) for each in (blind, stale)] == [(428, "version_required"), (412, "stale_version")]
    changed = adam.patch(url, {"name": "Books", "url": "https://93.184.216.34/in?key=hidden"}, version=1)
    assert (changed.status, changed.headers["ETag"], changed.json["name"]) == (200, '"2"', "Books")
    *_, line = lines()
    assert (line.kind, line.changes["name"]) == ("webhook.updated", ["Ledger", "Books"])
    assert line.changes["url"] == ["https://93.184.216.34/in", "https://93.184.216.34/in?…"]
    assert adam.patch(url, {"name": "Books"}, version=2).json["version"] == 2
    assert len(lines()) == 2


def test_an_endpoint_that_is_switched_on_again_begins_anew(adam: Client) -> None:
    endpoint = comms.endpoint(
        enabled=False, disabled_reason="failing", failing_since="2026-01-01T00:00:00Z", failures=9
    )
    found = adam.patch(f"{HOOKS}{endpoint.pk}/", {"enabled": True}, version=1).json
    shown = (found["enabled"], found["disabled_reason"], found["failing_since"], found["failures"])
    assert shown == (True, None, None, 0)
    off = adam.patch(f"{HOOKS}{endpoint.pk}/", {"enabled": False}, version=2).json
    assert (off["enabled"], off["disabled_reason"]) == (False, "by_hand")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"url": "http://93.184.216.34/"}, "/url", "https_required"),
        ({"url": "https://a:b@93.184.216.34/"}, "/url", "invalid_url"),
        ({"url": "https://93.184.216.34:22/"}, "/url", "invalid_url"),
        ({"url": "https://nowhere.invalid/"}, "/url", "unresolvable"),
        ({"events": ["person.*", "person.dreamt"]}, "/events/1", "unknown_event"),
        ({"events": ["nothing.*"]}, "/events/0", "unknown_event"),
        ({"events": []}, "/events", "too_short"),
        ({"filters": {"colour": ["red"]}}, "/filters/colour", "unknown_filter"),
        ({"secrets": []}, "/secrets", "unknown_field"),
        ({"status": "on"}, "/status", "read_only_field"),
    ],
)
def test_what_an_endpoint_may_not_be(adam: Client, change: dict[str, Any], pointer: str, code: str) -> None:
    refused = adam.post(HOOKS, BODY | change)
    assert (refused.status, refused.pointers) == (422, [(pointer, code)])
    endpoint = comms.endpoint()
    refused = adam.patch(f"{HOOKS}{endpoint.pk}/", change, version=1)
    assert (refused.status, refused.pointers) == (422, [(pointer, code)])
    assert (WebhookEndpoint.objects.get().version, lines()) == (1, [])


INSIDE = ("127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "0x7f000001", "2130706433")


@pytest.mark.parametrize("host", INSIDE)
def test_acceptance_22_an_address_inside_is_refused(adam: Client, host: str) -> None:
    refused = adam.post(HOOKS, BODY | {"url": f"https://{host}/"})
    assert (refused.status, refused.pointers) == (422, [("/url", "blocked_address")])
    assert (WebhookEndpoint.objects.count(), lines()) == (0, [])


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254"])
def test_acceptance_22_a_name_that_resolves_to_an_address_inside_is_refused(
    adam: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def both(*_args: Any, **_options: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))
        return [public, (family, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    refused = adam.post(HOOKS, BODY | {"url": "https://hooks.example.org/"})
    assert (refused.status, refused.pointers) == (422, [("/url", "blocked_address")])
    assert WebhookEndpoint.objects.count() == 0


def test_an_institution_has_twenty_endpoints_at_most_and_room_again_after_one_is_deleted(adam: Client) -> None:
    made = [comms.endpoint(name=f"Machine {at}") for at in range(20)]
    full = adam.post(HOOKS, BODY)
    assert (full.status, full.code, WebhookEndpoint.objects.count()) == (409, "too_many_endpoints", 20)
    assert adam.delete(f"{HOOKS}{made[0].pk}/").status == 204
    assert adam.post(HOOKS, BODY).status == 201


def test_a_deleted_endpoint_loses_its_secrets_and_what_had_not_left_is_cancelled(adam: Client) -> None:
    endpoint = comms.endpoint()
    waiting, done = comms.delivery(endpoint, "retrying"), comms.delivery(endpoint, "succeeded")
    url = f"{HOOKS}{endpoint.pk}/"
    assert adam.delete(url).status == 204
    for answer in (adam.get(url), adam.delete(url), adam.get(f"{HOOKS}deliveries/{done.pk}/")):
        assert (answer.status, answer.code) == (404, "not_found")
    endpoint.refresh_from_db()
    assert (endpoint.secrets, endpoint.enabled) == ([], False)
    found = dict(WebhookDelivery.objects.values_list("pk", "status"))
    assert found == {waiting.pk: "cancelled", done.pk: "succeeded"}
    assert [(line.kind, line.changes["cancelled"]) for line in lines()] == [("webhook.deleted", 1)]


def test_a_rotation_leaves_two_secrets_and_another_one_drops_the_oldest(adam: Client) -> None:
    first = adam.post(HOOKS, BODY).json
    url = f"{HOOKS}{first['id']}/rotate_secret/"
    second = adam.post(url).json
    ends = [each["masked"][-4:] for each in second["secrets"]]
    assert ends == [second["secret"][-4:], first["secret"][-4:]]
    assert (second["secrets"][0]["expires_at"], second["secrets"][1]["expires_at"] is None) == (None, False)
    third = adam.post(url, {"grace_hours": 168}).json
    ends = [each["masked"][-4:] for each in third["secrets"]]
    assert ends == [third["secret"][-4:], second["secret"][-4:]]
    fourth = adam.post(url, {"grace_hours": 0}).json
    assert [each["masked"][-4:] for each in fourth["secrets"]] == [fourth["secret"][-4:]]
    for hours in (-1, 169):
        assert adam.post(url, {"grace_hours": hours}).pointers == [("/grace_hours", "bad_value")]
    assert [line.kind for line in lines()] == ["webhook.created", *["webhook.rotated"] * 3]


def test_the_catalogue_tells_of_every_event_but_the_test_what_it_says(adam: Client) -> None:
    apps = {each["app"]: each["events"] for each in adam.get(f"{HOOKS}events/").json["apps"]}
    types = {event["type"]: event for found in apps.values() for event in found}
    assert {"directory", "academics", "timetable", "attendance", "comms", "agenda"} <= set(apps)
    assert "webhook.disabled" in types
    assert "webhook.test" not in types
    week = types["week_plan.published"]
    assert week["filters"] == ["batch_id"]
    assert set(week["data_schema"]["properties"]) == set(week["example"]["data"])
    assert week["example"]["data"]["batch"] == "MBBS 2026"
    for event in types.values():
        assert set(event["data_schema"]["required"]) == set(event["example"]["data"]), event["type"]


def test_the_log_is_filtered_by_status_type_and_local_day_and_exported(adam: Client) -> None:
    endpoint = comms.endpoint()
    dead, sent = comms.delivery(endpoint), comms.delivery(endpoint, "succeeded", event_type="person.created")
    WebhookDelivery.objects.filter(pk=sent.pk).update(created_at="2026-03-08T19:30:00Z")  # the 9th in Karachi
    url = f"{HOOKS}{endpoint.pk}/deliveries/"

    def ids(query: str) -> list[int]:
        return [each["id"] for each in adam.get(url + query).json["results"]]

    assert ids("") == [sent.pk, dead.pk]
    assert ids("?status=dead") == [dead.pk]
    assert ids("?event_type=person.created") == [sent.pk]
    assert ids("?date_from=2026-03-09&date_to=2026-03-09") == [sent.pk]
    assert ids("?date_from=2026-03-08&date_to=2026-03-08") == []
    assert ids(f"?search={dead.event_id}") == [dead.pk]
    assert adam.get(f"{url}?status=lost").status == 422
    exported = adam.get(f"{url}export/?status=dead").body.decode()
    assert (exported.count("\n"), dead.event_id in exported) == (2, True)
    page = adam.get(f"{HOOKS}deliveries/{dead.pk}/").json
    assert page["body"] == '{"type":"person.updated"}'
    assert [(each["n"], each["status_code"], each["response_excerpt"]) for each in page["made"]] == [(1, 500, "Oops")]


def test_a_test_is_answered_with_what_came_back_and_never_repeats_an_id(adam: Client, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url, "person.created")
    receiver.answer(500, body=b"No \x00such book")
    url = f"{PERMITS}{endpoint.pk}/test/"
    failed, sent = adam.post(url), adam.post(url)
    assert (failed.status, failed.json["status"], failed.json["event_type"]) == (200, "dead", "webhook.test")
    (attempt,) = failed.json["made"]
    assert (attempt["status_code"], attempt["response_excerpt"], attempt["ip"]) == (500, "No such book", "127.0.0.1")
    assert (sent.status, sent.json["status"], sent.json["made"][0]["status_code"]) == (200, "succeeded", 204)
    assert [each.id for each in receiver.received] == [failed.json["event_id"], sent.json["event_id"]]
    assert receiver.received[0].id != receiver.received[1].id
    assert receiver.received[0].json["type"] == "webhook.test"
    assert [line.kind for line in lines()] == ["webhook.test"] * 2
    assert WebhookEndpoint.objects.get().failures == 0


def test_an_endpoint_is_tried_ten_times_a_minute_at_most(adam: Client, receiver: Receiver) -> None:
    endpoint = comms.endpoint(receiver.url)
    answers = [adam.post(f"{HOOKS}{endpoint.pk}/test/").status for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert (len(receiver.received), len(lines())) == (10, 10)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE comms_webhookendpoint SET secrets = '[1, 2, 3]'", "comms_webhookendpoint_two_secrets"),
        ("UPDATE comms_webhookendpoint SET enabled = false", "comms_webhookendpoint_says_why"),
        ("UPDATE comms_webhookendpoint SET deleted_at = now()", "comms_webhookendpoint_deleted"),
        ("UPDATE comms_webhookendpoint SET failures = 1", "comms_webhookendpoint_failing"),
        ("UPDATE comms_webhookdelivery SET status = 'pending'", "comms_webhookdelivery_open"),
        ("UPDATE comms_webhookdelivery SET status = 'lost'", "comms_webhookdelivery_status"),
        ("UPDATE comms_webhookdelivery SET event_id = 'evt_same'", "comms_webhookdelivery_once"),
    ],
)
def test_the_database_refuses_what_must_never_be(adam: Client, statement: str, constraint: str) -> None:
    endpoint = comms.endpoint()
    comms.delivery(endpoint), comms.delivery(endpoint)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_delivery_to_an_endpoint_of_another_institution(adam: Client) -> None:
    endpoint = comms.endpoint()
    make.institution("other")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="same_institution"), transaction.atomic():
        comms.delivery(endpoint)
