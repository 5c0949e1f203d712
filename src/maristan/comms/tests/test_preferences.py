"""Preferences: each person decides how to be told; what waits is never dropped."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from maristan.comms import jobs
from maristan.comms.actions import deliveries, notifications, preferences
from maristan.comms.models import Delivery, Notification, Preference
from maristan.comms.rules.states import Message, Priority
from maristan.directory.tests import factories as make
from maristan.kernel import clock, messages, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
URL = "/api/v1/comms/preferences/"
EVENING = "2026-03-09T23:30:00+05:00"


@pytest.fixture(autouse=True)
def _families(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(messages._families, "test", "timetable")


def alice_with_mail() -> Any:
    make.institution()
    alice = make.member("Alice", "faculty")
    make.email(alice, "alice@example.org")
    return alice


def tell(who: Any, once: str = "1", priority: Priority = Priority.NORMAL) -> None:
    message = Message(event="test.said", once=once, params={"title": f"News {once}", "body": ""}, priority=priority)
    notifications.notify(messages={who.pk: message}, by=platform(tenancy.current()))


def choose(client: Client, mode: str | None, channel: str = "email", family: str = "timetable", **more: Any) -> Any:
    return client.patch(URL, {"choices": [{"family": family, "channel": channel, "mode": mode}], **more})


def tick(moment: str) -> list[str]:
    with clock.stopped_at(moment):
        jobs.send_due.func(0)
        run_jobs()
    return [each.subject for each in mail.outbox]


def test_the_platform_itself_prefers_nothing() -> None:
    make.institution()
    with pytest.raises(NotAllowed):
        preferences.update(choices=[], quiet={}, version=None, by=platform(tenancy.current()))
    assert not JournalLine.objects.exists()


def test_while_one_worker_gathers_a_digest_another_takes_none() -> None:
    alice = alice_with_mail()
    assert choose(Client(alice), "daily").status == 200
    with clock.stopped_at(EVENING):
        tell(alice)
    by, other = platform(tenancy.current()), connection.copy()
    with clock.stopped_at("2026-03-11T12:00:00+05:00"):
        other.set_autocommit(False)
        with other.cursor() as cursor:
            lock = [deliveries.LOCK, (tenancy.current() or 0) % 2**31]
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
        assert deliveries.claim(by=by) == []
        other.rollback()
        other.close()
        assert [each.address for each in deliveries.claim(by=by)] == ["alice@example.org"]


def test_in_quiet_hours_a_message_is_shown_now_and_mailed_once_when_they_end() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    assert client.patch(URL, {"quiet_from": "22:00", "quiet_until": "07:00"}).status == 200
    with clock.stopped_at(EVENING):
        tell(alice)
        run_jobs()
        assert client.get("/api/v1/comms/notifications/unread-count/").json == {"unread": 1}
    waiting = Delivery.objects.get(channel="email")
    assert (waiting.status, waiting.due_at.isoformat()) == ("deferred", "2026-03-10T02:00:00+00:00")
    assert tick("2026-03-10T06:59:00+05:00") == []
    assert tick("2026-03-10T07:00:00+05:00") == ["News 1"]
    assert tick("2026-03-10T07:05:00+05:00") == ["News 1"]


def test_what_is_urgent_is_mailed_at_once_and_equal_quiet_hours_defer_nothing() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    client.patch(URL, {"quiet_from": "22:00", "quiet_until": "07:00"})
    with clock.stopped_at(EVENING):
        tell(alice, priority=Priority.URGENT)
        run_jobs()
        assert [each.subject for each in mail.outbox] == ["News 1"]
        client.patch(URL, {"quiet_from": "22:00", "quiet_until": "22:00"})
        tell(alice, "2")
        run_jobs()
    assert [each.subject for each in mail.outbox] == ["News 1", "News 2"]


def test_a_daily_digest_is_one_mail_at_seven_of_what_was_not_read() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    assert choose(client, "daily").status == 200
    with clock.stopped_at("2026-03-09T12:00:00+05:00"):
        for once in ("1", "2", "3"):
            tell(alice, once)
        read = Notification.objects.get(dedupe_key="2")
        client.post("/api/v1/comms/notifications/mark-read/", {"ids": [read.pk]})
        run_jobs()
    assert mail.outbox == []
    assert tick("2026-03-10T07:00:00+05:00") == ["FMU: 2 messages for you"]
    assert "Timetable\n• News 3\n• News 1" in mail.outbox[0].body
    assert "News 2" not in mail.outbox[0].body
    assert set(Delivery.objects.filter(channel="email").values_list("status", flat=True)) == {"sent"}
    assert tick("2026-03-11T07:00:00+05:00") == ["FMU: 2 messages for you"]


def test_a_digest_of_what_was_all_read_is_no_mail() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    choose(client, "weekly")
    with clock.stopped_at("2026-03-11T12:00:00+05:00"):
        tell(alice)
        client.post("/api/v1/comms/notifications/mark-read/", {"all": True})
    assert tick("2026-03-16T07:00:00+05:00") == []
    assert Delivery.objects.get(channel="email").status == "suppressed"


def test_a_digest_names_fifty_and_counts_the_rest() -> None:
    alice = alice_with_mail()
    choose(Client(alice), "daily")
    with clock.stopped_at("2026-03-09T12:00:00+05:00"):
        for number in range(53):
            tell(alice, str(number))
    tick("2026-03-10T07:00:00+05:00")
    assert mail.outbox[0].body.count("•") == 50
    assert "… and 3 more." in mail.outbox[0].body


def test_mail_that_is_off_is_suppressed_and_the_message_still_shown() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    choose(client, "off")
    tell(alice)
    run_jobs()
    assert mail.outbox == []
    assert client.get("/api/v1/comms/notifications/").json["count"] == 1
    assert choose(client, None).status == 200
    tell(alice, "2")
    run_jobs()
    assert [each.subject for each in mail.outbox] == ["News 2"]


def test_what_is_off_in_the_application_is_mailed_alone() -> None:
    alice = alice_with_mail()
    client = Client(alice)
    choose(client, "off", channel="in_app")
    tell(alice)
    run_jobs()
    assert client.get("/api/v1/comms/notifications/").json["count"] == 0
    assert client.get("/api/v1/comms/notifications/unread-count/").json == {"unread": 0}
    assert [each.subject for each in mail.outbox] == ["News 1"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"choices": [{"family": "results", "channel": "in_app", "mode": "off"}]}, "always_shown", "/choices/0/mode"),
        ({"choices": [{"family": "timetable", "channel": "in_app", "mode": "daily"}]}, "bad_mode", "/choices/0/mode"),
        ({"quiet_from": "22:00"}, "incomplete", "/quiet_until"),
        ({"zone": "Mars/Olympus"}, "unknown_time_zone", "/zone"),
        ({"zone": "../../etc/passwd"}, "unknown_time_zone", "/zone"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_kept(body: dict[str, Any], code: str, pointer: str) -> None:
    client = Client(alice_with_mail())
    refused = client.patch(URL, body)
    assert (refused.status, refused.pointers) == (422, [(pointer, code)])
    assert not Preference.objects.exists()
    assert client.get(URL).json["version"] == 0
    assert not JournalLine.objects.exists()


def test_each_change_leaves_a_line_and_none_leaves_none() -> None:
    client = Client(alice_with_mail())
    assert choose(client, "daily", quiet_from="22:00", quiet_until="07:00", zone="Europe/London").json["version"] == 1
    assert choose(client, "daily").json["version"] == 1
    line = JournalLine.objects.get()
    assert line.kind == "preferences.updated"
    assert line.changes["timetable.email"] == [None, "daily"]
    stale = client.patch(URL, {"quiet_from": None, "quiet_until": None}, version=0)
    assert (stale.status, stale.code) == (412, "stale_version")
    shown = client.get(URL).json
    assert (shown["quiet_from"], shown["zone"]) == ("22:00:00", "Europe/London")


def test_who_caused_it_and_who_is_inactive_are_not_told() -> None:
    alice = alice_with_mail()
    bob = make.member("Bob", "faculty")
    gone = make.member("Gone", "faculty", is_active=False)
    message = Message(event="test.said", once="1", params={"title": "News", "body": ""})
    to_all = {each.pk: message for each in (alice, bob, gone)}
    told = notifications.notify(messages=to_all, by=platform(tenancy.current(), caused_by=bob.pk))
    assert (told, list(Notification.objects.values_list("recipient", flat=True))) == (1, [alice.pk])
    answer = Message(event="test.said", once="2", params={"title": "Done", "body": ""}, answers=True)
    assert notifications.notify(messages={bob.pk: answer}, by=platform(tenancy.current(), caused_by=bob.pk)) == 1


def test_old_notifications_are_forgotten_on_sunday_at_three() -> None:
    alice = alice_with_mail()
    start = clock.now()
    for once in ("read", "unread"):
        tell(alice, once)
    notifications.mark_read(ids=[Notification.objects.get(dedupe_key="read").pk], by=make.actor(alice))
    by = platform(tenancy.current())
    for days, left in ((179, 2), (181, 1), (364, 1), (366, 0)):
        with clock.stopped_at(start + timedelta(days=days)):
            notifications.forget(by=by)
        assert Notification.objects.count() == left, days


def test_three_statements_tell_a_thousand_people(django_assert_num_queries: Any) -> None:
    alice_with_mail()
    people = [make.person(f"Person {number}").pk for number in range(30)]
    message = Message(event="test.said", once="1", params={"title": "News", "body": ""})
    with django_assert_num_queries(6):  # savepoint, institution, three, release
        notifications.notify(messages=dict.fromkeys(people, message), by=platform(tenancy.current()))
    assert Notification.objects.count() == 30
