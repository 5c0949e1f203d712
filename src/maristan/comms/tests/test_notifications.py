"""Notifications: told once, read by their own person alone."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.comms.actions import notifications as actions
from maristan.comms.models import Notification
from maristan.comms.queries import notifications as queries
from maristan.comms.rules.states import Message
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import NotAllowed, NotFound
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
URL = "/api/v1/comms/notifications/"


def here() -> Actor:
    return platform(tenancy.current())


def message(once: str = "week:1", title: str = "The week is out", body: str = "", url: str = "") -> Message:
    return Message(event="test.said", once=once, url=url, params={"title": title, "body": body})


def test_a_repeated_message_is_told_once_to_each_person() -> None:
    make.institution()
    alice, bob = make.member("Alice", "faculty"), make.member("Bob", "faculty")
    assert actions.notify(messages={alice.pk: message()}, by=here()) == 1
    assert actions.notify(messages={alice.pk: message(), bob.pk: message()}, by=here()) == 1
    assert actions.notify(messages={alice.pk: message("week:2")}, by=here()) == 1
    told = list(Notification.objects.order_by("id").values_list("recipient", "dedupe_key"))
    assert told == [(alice.pk, "week:1"), (bob.pk, "week:1"), (alice.pk, "week:2")]


def test_who_is_no_longer_active_is_told_nothing() -> None:
    make.institution()
    gone = make.member("Gone", "faculty", is_active=False)
    assert actions.notify(messages={gone.pk: message()}, by=here()) == 0
    assert (Notification.objects.count(), run_jobs()) == (0, [])


def test_the_database_itself_refuses_to_tell_twice() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    actions.notify(messages={alice.pk: message()}, by=here())
    with pytest.raises(IntegrityError, match="comms_notification_once"), transaction.atomic():
        Notification.objects.create(recipient=alice.pk, event="x", title="again", dedupe_key="week:1")


def test_alice_reads_her_messages_newest_first_and_bob_finds_none_of_them() -> None:
    make.institution()
    alice, bob = make.member("Alice", "faculty"), make.member("Bob", "faculty")
    for number in (1, 2):
        actions.notify(messages={alice.pk: message(f"week:{number}", f"Week {number}", url="/w")}, by=here())
    page = Client(alice).get(URL).json
    assert [(each["title"], each["read_at"], each["url"]) for each in page["results"]] == [
        ("Week 2", None, "/w"), ("Week 1", None, "/w"),
    ]  # fmt: skip
    assert Client(alice).get("/api/v1/me/").json["unread_notifications"] == 2
    assert Client(bob).get(URL).json["count"] == 0
    pk = page["results"][0]["id"]
    assert Client(bob).post(f"{URL}{pk}/read/").status == 404
    assert Notification.objects.filter(read_at=None).count() == 2


def test_reading_one_and_then_all_keeps_the_first_time_of_reading() -> None:
    make.institution()
    alice, bob = make.member("Alice", "faculty"), make.member("Bob", "faculty")
    for who in (alice, bob):
        for number in (1, 2):
            actions.notify(messages={who.pk: message(f"week:{number}", f"Week {number}")}, by=here())
    client = Client(alice)
    pk = client.get(URL).json["results"][0]["id"]
    first = client.post(f"{URL}{pk}/read/").json["read_at"]
    assert first is not None
    assert client.post(f"{URL}{pk}/read/").json["read_at"] == first
    assert [each["title"] for each in client.get(URL + "?unread=true").json["results"]] == ["Week 1"]
    assert client.post(URL + "mark-read/", {"all": True}).json == {"marked": 1}
    assert client.post(URL + "mark-read/", {"all": True}).json == {"marked": 0}
    assert client.get(URL + "?unread=true").json["count"] == 0
    assert client.get(URL + "?unread=false").json["count"] == 2
    assert Client(bob).get(URL + "?unread=true").json["count"] == 2


def test_nobody_of_another_institution_finds_a_message() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    actions.notify(messages={alice.pk: message()}, by=here())
    pk = Notification.objects.get().pk
    make.institution("other")
    zara = make.member("Zara", "admin")
    assert Client(zara).get(URL).json["count"] == 0
    assert Client(zara).post(f"{URL}{pk}/read/").status == 404
    assert Notification.objects.count() == 0


def test_someone_signed_out_or_without_a_role_is_refused() -> None:
    make.institution()
    assert Client().get(URL).status == 401
    stranger = make.member("Nobody")
    assert (Client(stranger).get(URL).status, Client(stranger).post(URL + "mark-read/", {"all": True}).status) == (
        403,
        403,
    )
    nobody = Actor(None, tenancy.current())
    with pytest.raises(NotAllowed):
        queries.visible_to(nobody)
    with pytest.raises(NotFound):
        actions.read(pk=1, by=nobody)


def test_a_message_of_any_length_is_kept_as_far_as_it_fits() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    make.email(alice, "alice@example.org")
    actions.notify(messages={alice.pk: message(title="t" * 300, body="b" * 1100)}, by=here())
    stored = Notification.objects.get()
    assert (len(stored.title), len(stored.body)) == (255, 1100)
    assert run_jobs() == ["comms.send_mail"]


def test_messages_are_searched_ordered_and_exported() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    for number in (1, 2):
        actions.notify(messages={alice.pk: message(f"week:{number}", f"Week {number}")}, by=here())
    client = Client(alice)
    assert [each["title"] for each in client.get(f"{URL}?search=week 2").json["results"]] == ["Week 2"]
    assert [each["title"] for each in client.get(f"{URL}?ordering=created_at").json["results"]] == ["Week 1", "Week 2"]
    assert client.get(f"{URL}?ordering=person").status == 422
    assert "Week 2" in client.get(f"{URL}export/").body.decode()


def titles(who: Any, language: str) -> list[str]:
    found = Client(who).get(URL, **{"Accept-Language": language}).json["results"]
    return [each["title"] for each in found]


def test_each_reader_reads_in_the_language_asked_for_and_a_name_keeps_its_direction() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    actions.notify(messages={alice.pk: message(title="Hall 1")}, by=here())
    said = "خبر: \u2068Hall 1\u2069"
    for language, title in (("ur", said), ("ur-PK,ur;q=0.9,en;q=0.5", said), ("en;q=0.9,ur;q=0.2", "Hall 1")):
        assert titles(alice, language) == [title]
    assert titles(alice, "de") == titles(alice, "") == ["Hall 1"]
    pk = Notification.objects.get().pk
    read = Client(alice).post(f"{URL}{pk}/read/", **{"Accept-Language": "ur"})
    assert read.json["title"] == said
    exported = Client(alice).get(f"{URL}export/", **{"Accept-Language": "ur"}).body.decode()
    assert "خبر: Hall 1" in exported


def test_what_is_searched_stands_in_the_institutions_language_without_marks() -> None:
    here_now = make.institution()
    here_now.locale = "ur-PK"
    here_now.save(update_fields=["locale"])
    alice = make.member("Alice", "faculty")
    actions.notify(messages={alice.pk: message(title="Hall 1")}, by=here())
    assert Notification.objects.get().title == "خبر: Hall 1"
    assert Client(alice).get(f"{URL}?search=خبر: Hall").json["count"] == 1


def test_a_message_of_a_kind_that_is_no_longer_declared_says_what_was_kept() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    Notification.objects.create(recipient=alice.pk, event="gone.by", title="The old words", dedupe_key="1")
    Notification.objects.create(recipient=alice.pk, event="test.said", title="Other old words", dedupe_key="2")
    assert titles(alice, "ur") == ["Other old words", "The old words"]


def test_a_message_that_is_not_declared_or_lacks_a_value_is_not_sent() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    unknown = Message(event="nobody.declared", once="1")
    lacking = Message(event="test.said", once="1", params={"title": "Half"})
    for wrong, fault in ((unknown, "lacks a declaration"), (lacking, "lacks body")):
        with pytest.raises(ValueError, match=fault):
            actions.notify(messages={alice.pk: wrong}, by=here())
    assert not Notification.objects.exists()
