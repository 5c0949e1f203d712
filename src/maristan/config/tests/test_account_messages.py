"""People hear of what happens to their accounts: a lock, a new device, another factor, somebody who acts as them."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client as Browser

from maristan.config import devices, throttling
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import account_telling
from maristan.operations.tests.factories import operator

pytestmark = pytest.mark.django_db
API = "/_allauth/browser/v1"
RIGHT, WRONG = "cedar-lantern-47", "cedar-lantern-48"
HOME = "203.0.113.1"
START = "/api/v1/admin/impersonation/start/"
NIGHT = "2026-03-09T19:30:00+00:00"  # half past midnight in Karachi


class Bob:
    """A teacher with a password, who has signed in before."""

    def __init__(self) -> None:
        make.institution()
        self.person = make.member("Bob", "faculty")
        User.objects.filter(pk=self.person.user_id).update(
            username="bob", password=make_password(RIGHT), last_login=clock.now() - timedelta(days=30)
        )

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.person.user_id)

    def signs_in(self, browser: Browser, password: str = RIGHT) -> int:
        return sent(browser, "/auth/login", {"username": "bob", "password": password})

    def told(self) -> list[dict[str, Any]]:
        run_jobs()
        return list(Client(self.person).get("/api/v1/comms/notifications/").json["results"])


def sent(browser: Browser, path: str, body: dict[str, str], method: str = "post") -> int:
    send = getattr(browser, method)
    return int(send(API + path, body, content_type="application/json").status_code)


@pytest.fixture
def bob() -> Iterator[Bob]:
    throttling.MEMORY.clear()
    with clock.stopped_at(NIGHT):
        yield Bob()
    throttling.MEMORY.clear()


def test_the_owner_of_a_locked_account_is_told_once_and_by_mail_at_once(bob: Bob) -> None:
    browser = Browser(REMOTE_ADDR=HOME)
    assert [bob.signs_in(browser, WRONG) for _ in range(4)] == [400] * 4
    assert bob.told() == []
    assert [bob.signs_in(browser, WRONG), bob.signs_in(browser), bob.signs_in(browser)] == [400, 429, 429]
    (message,) = bob.told()
    assert (message["event"], message["title"]) == ("account.locked", "Your account is locked for a while")
    assert message["body"].startswith(f"Too many failed attempts from {HOME}, 10 March at 00:30 (Asia/Karachi).")
    assert "set a new password" in message["body"]
    assert message["url"] == "/account"
    urdu = Client(bob.person).get("/api/v1/comms/notifications/", Accept_Language="ur").json["results"][0]
    assert urdu["title"] == "آپ کا اکاؤنٹ کچھ دیر کے لیے بند ہے"


def test_a_name_that_belongs_to_nobody_is_locked_and_nobody_is_told(bob: Bob) -> None:
    browser = Browser(REMOTE_ADDR=HOME)
    for _ in range(5):
        sent(browser, "/auth/login", {"username": "nobody", "password": WRONG})
    assert bob.told() == []


def test_a_browser_that_is_new_to_an_account_is_told_of_and_a_known_one_is_not(bob: Bob) -> None:
    browser = Browser(REMOTE_ADDR=HOME)
    assert bob.signs_in(browser) == 200
    (message,) = bob.told()
    assert (message["event"], message["title"]) == ("account.used_anew", "Your account was used on a new device")
    assert message["body"].startswith(f"Signed in from {HOME}, 10 March at 00:30 (Asia/Karachi).")
    kept = browser.cookies[devices.name()]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", "/")
    assert str(bob.person.user_id) not in kept.value[:8]
    assert browser.delete(f"{API}/auth/session").status_code == 401
    assert bob.signs_in(browser) == 200
    assert len(bob.told()) == 1
    stranger = Browser(REMOTE_ADDR=HOME)
    stranger.cookies[devices.name()] = kept.value[:-4] + "AAAA"
    assert bob.signs_in(stranger) == 200
    assert len(bob.told()) == 2


def test_the_first_time_is_nobodys_news_and_a_shared_browser_knows_its_people(bob: Bob) -> None:
    amina = make.member("Amina", "faculty")
    User.objects.filter(pk=amina.user_id).update(username="amina", password=make_password(RIGHT), last_login=None)
    browser = Browser(REMOTE_ADDR=HOME)
    assert sent(browser, "/auth/login", {"username": "amina", "password": RIGHT}) == 200
    run_jobs()
    assert Client(amina).get("/api/v1/comms/notifications/").json["count"] == 0
    browser.delete(f"{API}/auth/session")
    assert bob.signs_in(browser) == 200
    browser.delete(f"{API}/auth/session")
    assert sent(browser, "/auth/login", {"username": "amina", "password": RIGHT}) == 200
    run_jobs()
    assert Client(amina).get("/api/v1/comms/notifications/").json["count"] == 0
    assert len(bob.told()) == 1


def test_a_second_factor_that_comes_or_goes_is_told_of_without_its_secret(
    bob: Bob, django_capture_on_commit_callbacks: Any
) -> None:
    from allauth.mfa import signals
    from allauth.mfa.models import Authenticator

    browser = Browser(REMOTE_ADDR=HOME)
    assert bob.signs_in(browser) == 200
    assert sent(browser, "/auth/reauthenticate", {"password": RIGHT}) == 200
    made = TOTP.activate(bob.user, "JBSWY3DPEHPK3PXP").instance
    request = browser.get("/api/v1/me/").wsgi_request
    signals.authenticator_added.send(sender=Authenticator, request=request, user=bob.user, authenticator=made)
    with django_capture_on_commit_callbacks(execute=True):
        assert sent(browser, "/account/authenticators/recovery-codes", {}) == 200
        assert sent(browser, "/account/authenticators/totp", {}, "delete") == 200
    told = [each for each in bob.told() if each["event"] == "account.factor_changed"]
    assert sorted(each["title"] for each in told) == [
        "The authenticator app of your account: added",
        "The authenticator app of your account: removed",
        "The recovery codes of your account: made anew",
    ]
    assert all("If that was not you" in each["body"] and HOME in each["body"] for each in told[:1])
    assert "JBSWY" not in str(told)


def test_an_operator_who_belongs_nowhere_is_written_to(bob: Bob, settings: Any) -> None:
    someone = operator()
    User.objects.filter(pk=someone.user_id).update(
        username="omar", password=make_password(RIGHT), last_login=clock.now(), email="omar@maristan.example"
    )
    assert sent(Browser(REMOTE_ADDR=HOME), "/auth/login", {"username": "omar", "password": RIGHT}) == 200
    mail.outbox.clear()
    run_jobs()
    (letter,) = [each for each in mail.outbox if each.to == ["omar@maristan.example"]]
    assert letter.subject == "Your account was used on a new device"
    assert HOME in letter.body


def test_the_person_and_every_administrator_hear_who_acts_as_whom_why_and_until_when(bob: Bob) -> None:
    alice, ann = make.member("Alice", "admin"), make.member("Ann", "admin")
    rida = make.member("Rida", "registrar")
    answer = Client(alice).post(START, {"user_id": bob.person.user_id, "reason": "He sees no week."})
    assert answer.status == 200
    (message,) = bob.told()
    assert (message["event"], message["title"], message["url"]) == (
        "impersonation.started", "Alice acts as Bob", "/account",
    )  # fmt: skip
    assert message["body"] == (
        "Until 00:40 (Asia/Karachi) at the latest; everything done meanwhile carries both names. "
        "Reason: He sees no week."
    )
    (heard,) = Client(ann).get("/api/v1/comms/notifications/").json["results"]
    assert (heard["title"], heard["url"]) == ("Alice acts as Bob", f"/directory/people/{bob.person.pk}")
    for other in (alice, rida):
        assert Client(other).get("/api/v1/comms/notifications/").json["count"] == 0
    here = tenancy.current()
    make.institution("other")
    zara = make.member("Zara", "admin")
    assert Client(zara).get("/api/v1/comms/notifications/").json["count"] == 0
    tenancy.enter(here)


def tell_of_device(user_id: int) -> None:
    account_telling.tell(
        user_id=user_id, event="account.used_anew", at=NIGHT, once="once", facts={"address": HOME, "what": "x"},
        by=platform(None),
    )  # fmt: skip


def test_an_operator_without_an_address_or_who_is_gone_is_not_written_to(db: None) -> None:
    someone = operator()
    tell_of_device(someone.user_id)
    User.objects.filter(pk=someone.user_id).update(email="omar@maristan.example", is_active=False)
    tell_of_device(someone.user_id)
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_noted_and_fails_no_job(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    someone = operator()
    User.objects.filter(pk=someone.user_id).update(email="omar@maristan.example", language="ur")

    def away(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", away)
        tell_of_device(someone.user_id)
    assert [each.message for each in caplog.records if each.name == "maristan.watching"] == ["account_mail_failed"]
    assert mail.outbox == []
    tell_of_device(someone.user_id)
    (letter,) = mail.outbox
    assert (letter.to, letter.extra_headers) == (["omar@maristan.example"], {"Content-Language": "ur"})
