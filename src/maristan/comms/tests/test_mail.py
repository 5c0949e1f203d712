"""Mail follows notifications: nothing is lost and nothing sent twice, whatever the mail server does."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from maristan.comms import jobs
from maristan.comms.actions import deliveries
from maristan.comms.actions import notifications as actions
from maristan.comms.models import Delivery, Notification
from maristan.comms.rules.states import Message
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
DELIVERIES = "/api/v1/comms/deliveries/"


def people(*names: str) -> list[Any]:
    found = []
    for name in names:
        who = make.member(name, "faculty")
        make.email(who, f"{name.lower()}@example.org")
        found.append(who)
    return found


def tell(*who: Any, title: str = "The week is out", body: str = "", url: str = "") -> None:
    message = Message(event="test.said", once="week:1", url=url, params={"title": title, "body": body})
    actions.notify(messages={each.pk: message for each in who}, by=platform(tenancy.current()))


def waiting() -> int:
    return Delivery.objects.filter(settled_at=None).count()


def sent_to() -> list[str]:
    return [each.to[0] for each in mail.outbox]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Exception]], None]:
    """A mail server that answers some addresses with an error."""
    answers: dict[str, Exception] = {}
    deliver = EmailBackend.send_messages

    def send_messages(self: EmailBackend, messages: list[Any]) -> int:
        for each in messages:
            if each.to[0] in answers:
                raise answers[each.to[0]]
        return deliver(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    def behave(errors: dict[str, Exception]) -> None:
        answers.clear()
        answers.update(errors)

    return behave


def test_everybody_with_an_address_gets_one_mail_with_a_link(settings: Any) -> None:
    make.institution()
    alice, bob = people("Alice", "Bob")
    carl = make.member("Carl", "faculty")
    tell(alice, bob, carl, body="Hall 1 is painted", url="/timetable/weeks/7")
    run_jobs()
    assert sorted(sent_to()) == ["alice@example.org", "bob@example.org"]
    assert mail.outbox[0].body == f"Hall 1 is painted\n\n{settings.SITE_URL}/timetable/weeks/7"
    assert waiting() == 0
    jobs.send_mail.func(institution_id=tenancy.current())
    assert len(mail.outbox) == 2
    without = Delivery.objects.get(channel="email", recipient=carl.pk)
    assert (without.status, without.error) == ("suppressed", "no_address")


def test_each_mail_has_an_identity_of_its_own_that_a_repetition_shares() -> None:
    make.institution()
    (alice,) = people("Alice")
    tell(alice)
    run_jobs()
    stored = Notification.objects.get()
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<notification-{stored.pk}@127.0.0.1>"


def later(minutes: int = 2) -> None:
    """What the outbox does some minutes later."""
    with clock.stopped_at(clock.now() + timedelta(minutes=minutes)):
        jobs.send_due.func(0)
        run_jobs()


def test_a_server_that_breaks_off_keeps_what_it_took_and_gets_the_rest_later(server: Any) -> None:
    make.institution()
    alice, bob, carl = people("Alice", "Bob", "Carl")
    server({"bob@example.org": smtplib.SMTPServerDisconnected("gone")})
    tell(alice, bob, carl)
    run_jobs()
    assert sent_to() == ["alice@example.org"]
    server({})
    later()
    run_jobs()
    assert sent_to() == ["alice@example.org", "carl@example.org", "bob@example.org"]
    later()
    assert run_jobs() == []


def test_an_address_refused_for_good_does_not_hold_up_the_others_and_is_not_tried_again(server: Any) -> None:
    make.institution()
    alice, bob = people("Alice", "Bob")
    server({"alice@example.org": smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"no such user")})})
    tell(alice)
    tell(bob)
    run_jobs()
    assert sent_to() == ["bob@example.org"]
    refused = Delivery.objects.get(channel="email", recipient=alice.pk)
    assert (refused.status, "550" in refused.error) == ("failed", True)
    server({})
    later()
    assert run_jobs() == []


def test_an_address_refused_for_now_is_tried_again(server: Any) -> None:
    make.institution()
    alice, bob = people("Alice", "Bob")
    server({"alice@example.org": smtplib.SMTPRecipientsRefused({"alice@example.org": (450, b"later")})})
    tell(alice)
    tell(bob)
    run_jobs()
    assert sent_to() == ["bob@example.org"]
    server({})
    later()
    run_jobs()
    assert sent_to() == ["bob@example.org", "alice@example.org"]


def test_a_title_of_several_lines_becomes_one_subject_and_harms_no_other_mail() -> None:
    make.institution()
    alice, bob = people("Alice", "Bob")
    tell(alice, title="Pathology\nBcc: everybody@example.org")
    tell(bob)
    run_jobs()
    assert [each.subject for each in mail.outbox] == ["Pathology Bcc: everybody@example.org", "The week is out"]
    assert sent_to() == ["alice@example.org", "bob@example.org"]


def test_a_worker_that_dies_after_the_hand_over_sends_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    make.institution()
    tell(*people("Alice", "Bob", "Carl"))
    settle = deliveries.settle

    def die(**arguments: Any) -> None:
        if arguments["group"][0].address == "bob@example.org":
            raise KeyboardInterrupt
        settle(**arguments)

    monkeypatch.setattr(deliveries, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        run_jobs()
    monkeypatch.setattr(deliveries, "settle", settle)
    assert sent_to() == ["alice@example.org", "bob@example.org"]
    jobs.send_due.func(0)
    run_jobs()
    assert sent_to() == ["alice@example.org", "bob@example.org", "carl@example.org"]
    with clock.stopped_at(clock.now() + timedelta(minutes=16)):
        jobs.send_due.func(0)
        run_jobs()
    assert len(mail.outbox) == 3
    lost = Delivery.objects.get(address="bob@example.org")
    assert (lost.status, lost.error) == ("failed", "outcome_unknown")
    assert waiting() == 0


def test_a_server_that_is_away_is_tried_after_1_5_15_60_and_240_minutes_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.institution()

    def away(self: EmailBackend) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(EmailBackend, "open", away)
    start = clock.now()
    with clock.stopped_at(start):
        tell(*people("Alice", "Bob"))
        run_jobs()
    tried, minutes = [0], 0
    for wait in (1, 5, 15, 60, 240):
        with clock.stopped_at(start + timedelta(minutes=minutes + wait, seconds=-1)):
            jobs.send_due.func(0)
            assert run_jobs() == []
        minutes += wait
        with clock.stopped_at(start + timedelta(minutes=minutes)):
            jobs.send_due.func(0)
            run_jobs()
        tried.append(minutes)
    assert tried == [0, 1, 6, 21, 81, 321]
    given_up = Delivery.objects.filter(channel="email").values_list("status", "attempts", "error")
    assert set(given_up) == {("failed", 6, "ConnectionRefusedError: nobody listens")}
    assert mail.outbox == []


def test_two_workers_share_the_outbox_without_sending_twice() -> None:
    make.institution()
    tell(*people("Alice", "Bob"))
    by = platform(tenancy.current())
    first, second, third = (deliveries.claim(by=by) for _ in range(3))
    assert [each.address for each in (*first, *second)] == ["alice@example.org", "bob@example.org"]
    assert third == []


def test_a_mail_that_failed_is_sent_again_only_when_somebody_decides_so(server: Any) -> None:
    make.institution()
    (alice,) = people("Alice")
    server({"alice@example.org": smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"no such user")})})
    tell(alice)
    run_jobs()
    server({})
    failed = Delivery.objects.get(channel="email")
    url = f"{DELIVERIES}{failed.pk}/retry/"
    bob, root = Client(make.member("Rab", "registrar")), Client(make.member("Root", "admin"))
    assert (bob.post(url).status, sent_to()) == (403, [])
    assert root.post(url).status == 200
    run_jobs()
    assert sent_to() == ["alice@example.org"]
    again = root.post(url)
    assert (again.status, again.code) == (409, "not_failed")
    assert JournalLine.objects.filter(kind="mail.retried").count() == 1
    listed = root.get(f"{DELIVERIES}?status=sent").json["results"]
    assert [(each["address"], each["title"]) for each in listed] == [("alice@example.org", "The week is out")]
    today = clock.today("Asia/Karachi")
    for first, count in ((today, 1), (today + timedelta(days=1), 0)):
        assert root.get(f"{DELIVERIES}?date_from={first}").json["count"] == count
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert (zara.post(url).status, zara.get(DELIVERIES).json["count"]) == (404, 0)


class Inbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name
        self.received.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def real_server(settings: Any) -> Iterator[Inbox]:
    """A mail server on a socket of this machine."""
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield inbox
    controller.stop()


def test_a_real_mail_server_receives_text_of_any_script(real_server: Inbox) -> None:
    make.institution()
    alice, bob = people("Alice", "Bob")
    tell(alice, bob, title="ہفتہ شائع ہو گیا", body="کمرہ 3")
    run_jobs()
    assert [to for to, _ in real_server.received] == [["alice@example.org"], ["bob@example.org"]]
    assert "Message-ID: <notification-" in real_server.received[0][1]
    assert waiting() == 0


def test_mail_is_in_the_language_of_its_reader_else_of_the_institution() -> None:
    here = make.institution()
    alice, bob = people("Alice", "Bob")
    alice.user.language = "ur"
    alice.user.save(update_fields=["language"])
    tell(alice, bob, title="Hall 1", body="Painting")
    run_jobs()
    found = {each.to[0]: (each.subject, each.extra_headers["Content-Language"]) for each in mail.outbox}
    urdu = ("خبر: \u2068Hall 1\u2069", "ur")
    assert found == {"alice@example.org": urdu, "bob@example.org": ("Hall 1", "en")}
    here.locale = "ur-PK"
    here.save(update_fields=["locale"])
    alice.user.language = "en"
    alice.user.save(update_fields=["language"])
    mail.outbox.clear()
    Notification.objects.all().delete()
    tell(alice, bob, title="Hall 1")
    run_jobs()
    assert {each.to[0]: each.subject for each in mail.outbox} == {
        "alice@example.org": "Hall 1", "bob@example.org": urdu[0],
    }  # fmt: skip
