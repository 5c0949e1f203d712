"""Where somebody is signed in: shown to them, ended by them after a proof, renewed by it, over when left alone."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maristan.config.second_factor import code_of
from maristan.directory.actions import sessions
from maristan.directory.queries import identity
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import ApiToken, JournalLine, User
from maristan.operations.actions import account_telling

pytestmark = pytest.mark.django_db
API, ME, OWN = "/_allauth/browser/v1", "/api/v1/me/", "/_allauth/browser/v1/auth/sessions"
PASSWORD, SECRET = "cedar-lantern-47", "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _proven() -> None:
    """Here everybody has to prove who they are."""


@pytest.fixture
def alice() -> User:
    make.institution()
    user = User.objects.get(pk=make.member("Alice", "faculty").user_id)
    User.objects.filter(pk=user.pk).update(username="alice", password=make_password(PASSWORD))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """Gives what was written down of proofs since the last look: event and way."""
    caplog.set_level(logging.INFO, logger="maristan.accounts")

    def look() -> list[tuple[str, str]]:
        found = [(each.getMessage(), each.code) for each in caplog.records if each.name == "maristan.accounts"]
        caplog.clear()
        return found

    return look


def sends(browser: Browser, method: str, path: str, body: dict[str, Any]) -> Any:
    return browser.generic(method, path, json.dumps(body), content_type="application/json")


def signed_in(agent: str = "Firefox", name: str = "alice") -> Browser:
    browser = Browser(headers={"user-agent": agent})
    assert sends(browser, "POST", f"{API}/auth/login", {"username": name, "password": PASSWORD}).status_code == 200
    return browser


def key(browser: Browser) -> str:
    return str(browser.cookies["sessionid"].value)


def forget_proofs(browser: Browser) -> None:
    """As if everything was proved an hour ago."""
    session, name = browser.session, "account_authentication_methods"
    session[name] = [{**each, "at": each["at"] - 3600} for each in session[name]]
    session.save()


def listed(browser: Browser) -> list[dict[str, Any]]:
    return list(browser.get(OWN).json()["data"])


def test_everybody_sees_where_they_are_signed_in_and_nobody_elses(alice: User) -> None:
    here, there = signed_in("Firefox"), signed_in("Chromium")
    assert {(each["user_agent"], each["is_current"]) for each in listed(here)} == {
        ("Firefox", True),
        ("Chromium", False),
    }
    user = User.objects.get(pk=make.member("Bob", "faculty").user_id)
    User.objects.filter(pk=user.pk).update(username="bob", password=make_password(PASSWORD))
    bob = signed_in(name="bob")
    assert sends(bob, "POST", f"{API}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    theirs = [each["id"] for each in listed(here)]
    assert not {each["id"] for each in listed(bob)} & {*theirs}
    assert sends(bob, "DELETE", OWN, {"sessions": theirs}).status_code == 400
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 200)


def test_a_session_is_ended_after_a_fresh_proof_and_by_nobody_without(alice: User) -> None:
    here, there = signed_in(), signed_in("Chromium")
    (other,) = [each["id"] for each in listed(here) if not each["is_current"]]
    forget_proofs(here)
    refused = sends(here, "DELETE", OWN, {"sessions": [other]})
    assert (refused.status_code, refused.json()["code"], refused.json()["ways"]) == (
        403,
        "proof_required",
        ["password"],
    )
    assert there.get(ME).status_code == 200
    assert sends(Browser(), "DELETE", OWN, {"sessions": [other]}).status_code == 401
    assert sends(here, "POST", f"{API}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    assert sends(here, "DELETE", OWN, {"sessions": [other]}).status_code == 200
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)
    assert [each["is_current"] for each in listed(here)] == [True]


def test_each_proof_opens_a_session_of_a_new_key_and_the_former_key_opens_nothing(alice: User) -> None:
    browser = signed_in()
    former = key(browser)
    assert sends(browser, "POST", f"{API}/auth/reauthenticate", {"password": "wrong-lantern-47"}).status_code == 400
    assert key(browser) == former
    assert sends(browser, "POST", f"{API}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    renewed = key(browser)
    assert renewed != former
    assert browser.get(ME).status_code == 200
    thief = Browser()
    thief.cookies["sessionid"] = former
    assert thief.get(ME).status_code == 401
    assert [each["is_current"] for each in listed(browser)] == [True]
    TOTP.activate(alice, SECRET)
    assert sends(browser, "POST", f"{API}/auth/2fa/reauthenticate", {"code": code_of(SECRET)}).status_code == 200
    assert key(browser) not in {former, renewed}
    assert UserSession.objects.get(user=alice).session_key == key(browser)


def replace_secret(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-fifty-characters-that-nobody-knows"


def test_a_session_that_a_new_secret_gave_a_new_key_is_listed_and_ended_as_before(alice: User, settings: Any) -> None:
    here, there = signed_in("Firefox"), signed_in("Chromium")
    former = key(there)
    replace_secret(settings)
    assert (there.get(ME).status_code, key(there) == former) == (200, False)
    assert {each["user_agent"]: each["is_current"] for each in listed(here)} == {"Firefox": True, "Chromium": False}
    (other,) = [each["id"] for each in listed(here) if not each["is_current"]]
    assert sends(here, "DELETE", OWN, {"sessions": [other]}).status_code == 200
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)


def test_a_new_password_ends_a_session_of_a_new_key(alice: User, settings: Any) -> None:
    here, there = signed_in(), signed_in("Chromium")
    replace_secret(settings)
    assert there.get(ME).status_code == 200
    sessions.end_others(user_id=alice.pk, kept=key(here), by=platform(None))
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)


def test_who_looks_at_other_sessions_signs_none_of_them_out(alice: User, settings: Any) -> None:
    here, there = signed_in(), signed_in("Chromium")
    replace_secret(settings)
    assert len(listed(here)) == 2
    signed_in("Edge")
    assert (there.get(ME).status_code, len(listed(there))) == (200, 3)


def test_another_second_factor_ends_every_other_session_but_no_token(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = signed_in(), signed_in("Chromium")
    ApiToken.objects.create(user=alice, name="script", token_hash="0" * 64)
    assert sends(here, "POST", f"{API}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    offered = here.get(f"{API}/account/authenticators/totp").json()["meta"]["secret"]
    right = code_of(offered)
    assert sends(here, "POST", f"{API}/account/authenticators/totp", {"code": "000000"}).status_code == 400
    assert there.get(ME).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert sends(here, "POST", f"{API}/account/authenticators/totp", {"code": right}).status_code == 200
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)
    again = Browser()
    again.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create(user=alice, session_key=key(again), ip="203.0.113.1", user_agent="x")
    with django_capture_on_commit_callbacks(execute=True):
        assert sends(here, "DELETE", f"{API}/account/authenticators/totp", {}).status_code == 200
    assert (here.get(ME).status_code, again.get(ME).status_code) == (200, 401)
    assert ApiToken.objects.get(user=alice).revoked_at is None


def test_an_operator_takes_a_lost_factor_off_and_the_owner_is_told(alice: User, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    here = signed_in()
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    assert sends(Browser(), "POST", f"{API}/auth/login", {"username": "alice", "password": PASSWORD}).status_code == 401
    call_command("unlock", "alice")
    assert (Authenticator.objects.filter(user=alice).count(), here.get(ME).status_code) == (2, 200)
    call_command("unlock", "alice", "--lost-factor")
    assert (Authenticator.objects.filter(user=alice).count(), here.get(ME).status_code) == (0, 401)
    lines = [json.loads(each)["changes"] for each in (tmp_path / "operations.jsonl").read_text().splitlines()]
    assert lines == [{}, {"second_factors": [2, 0]}]
    wanted = [("account.unlocked", {}), ("account.factors_removed", {"second_factors": [2, 0]})]
    with tenancy.acting_in(None):
        platform_wide = JournalLine.objects.filter(kind__startswith="account.").order_by("id")
        assert [(each.kind, each.changes) for each in platform_wide] == wanted
        assert {(each.subject_kind, each.subject_id, each.by_name) for each in platform_wide} == {
            ("account", str(alice.pk), "command line")
        }
    (line,) = JournalLine.objects.filter(kind__startswith="account.", institution_id=tenancy.current())
    assert (line.kind, line.changes, line.by_name) == (*wanted[1], "command line")
    assert (line.subject_kind, line.subject_id) == ("person", str(identity.person_of(alice.pk)))
    assert (
        ProcrastinateJob.objects.filter(task_name=account_telling.JOB, args__event=account_telling.FACTOR).count() == 1
    )
    signed_in()


def test_whoever_asks_for_nothing_is_signed_out(alice: User, settings: Any) -> None:
    browser = signed_in()
    row = Session.objects.get(pk=key(browser))
    assert abs((row.expire_date - timezone.now()).total_seconds() - settings.SESSION_COOKIE_AGE) < 60
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now() + timedelta(minutes=1))
    assert browser.get(ME).status_code == 200
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get(ME).status_code == 401
    assert [each["is_current"] for each in listed(signed_in())] == [True]


def test_every_proof_and_every_failed_one_is_written_down_with_its_factor(alice: User, written: Any) -> None:
    browser = Browser()
    assert sends(browser, "POST", f"{API}/auth/login", {"username": "alice", "password": "wrong"}).status_code == 400
    assert written() == [("not_proved", "password")]
    TOTP.activate(alice, SECRET)
    codes = RecoveryCodes.activate(alice)
    assert sends(browser, "POST", f"{API}/auth/login", {"username": "alice", "password": PASSWORD}).status_code == 401
    assert sends(browser, "POST", f"{API}/auth/2fa/authenticate", {"code": "000000"}).status_code == 400
    assert sends(browser, "POST", f"{API}/auth/2fa/authenticate", {"code": code_of(SECRET)}).status_code == 200
    assert written() == [("proved", "password"), ("not_proved", "code"), ("proved", "totp")]
    spare = codes.get_unused_codes()[0]
    assert sends(browser, "POST", f"{API}/auth/2fa/reauthenticate", {"code": spare}).status_code == 200
    assert written() == [("proved_again", "recovery_codes")]
    for _ in range(5):
        sends(Browser(), "POST", f"{API}/auth/login", {"username": "alice", "password": "wrong"})
    written()
    assert sends(Browser(), "POST", f"{API}/auth/login", {"username": "alice", "password": PASSWORD}).status_code == 429
    assert written() == [("not_proved", "AUTH_ACCOUNT_LOCKED")]


@pytest.mark.parametrize("path", [ME, "/api/v1/directory/persons/", f"{API}/auth/session", "/api/v1/none/"])
def test_what_is_answered_to_somebody_is_kept_by_no_cache(path: str, alice: User) -> None:
    browser = signed_in()
    assert "no-store" in browser.get(path)["Cache-Control"]
    assert "no-store" in Browser().get(path)["Cache-Control"]
