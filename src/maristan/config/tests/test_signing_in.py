"""Guessing is stopped for an account, not for the hospital around it; a new password ends what the old one opened."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client as Browser

from maristan.config import signing_in, throttling
from maristan.config.readers import Rate
from maristan.config.second_factor import code_of
from maristan.directory.tests import factories as make
from maristan.kernel import clock, lockout
from maristan.kernel.models import ApiToken, SignInFailure, User

pytestmark = pytest.mark.django_db
API = "/_allauth/browser/v1"
FORM = "/accounts/login/"
RIGHT, WRONG = "cedar-lantern-47", "cedar-lantern-48"
HOME, AWAY = "203.0.113.1", "203.0.113.2"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def alice() -> Iterator[User]:
    make.institution()
    user = User.objects.get(pk=make.member("Alice", "faculty").user_id)
    User.objects.filter(pk=user.pk).update(username="alice", email="alice@fmu.example", password=make_password(RIGHT))
    throttling.MEMORY.clear()
    yield User.objects.get(pk=user.pk)
    throttling.MEMORY.clear()


def tried(password: str, name: str = "alice", address: str = HOME, browser: Browser | None = None) -> Any:
    browser = browser or Browser(REMOTE_ADDR=address)
    return browser.post(
        f"{API}/auth/login", {"username": name, "password": password}, content_type="application/json",
        REMOTE_ADDR=address,
    )  # fmt: skip


def signed_in(address: str = HOME) -> Browser:
    browser = Browser(REMOTE_ADDR=address)
    assert tried(RIGHT, address=address, browser=browser).status_code == 200
    return browser


def locked(answer: Any) -> bool:
    if answer.status_code != 429:
        return False
    assert answer.json()["code"] == "AUTH_ACCOUNT_LOCKED"
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) <= 1800
    return True


@pytest.mark.parametrize("name", ["alice", "nobody-at-all"])
def test_the_sixth_try_is_refused_also_with_the_right_password_known_or_not(name: str) -> None:
    assert [tried(WRONG, name).status_code for _ in range(5)] == [400] * 5
    assert locked(tried(RIGHT, name))
    assert SignInFailure.objects.count() == 5


def test_another_address_still_signs_in_and_the_pause_ends() -> None:
    begun = clock.now()
    with clock.stopped_at(begun):
        assert [tried(WRONG).status_code for _ in range(5)] == [400] * 5
        assert locked(tried(RIGHT))
        signed_in(AWAY)
        assert locked(tried(RIGHT))
    with clock.stopped_at(begun + timedelta(minutes=29, seconds=59)):
        assert tried(RIGHT)["Retry-After"] == "1"
    with clock.stopped_at(begun + timedelta(minutes=30, seconds=1)):
        signed_in()


def test_twenty_failures_from_anywhere_close_the_account_everywhere() -> None:
    for number in range(20):
        assert tried(WRONG, address=f"198.51.100.{number}").status_code == 400
    assert locked(tried(RIGHT, address=AWAY))


def test_an_operator_unlocks(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    for _ in range(5):
        tried(WRONG)
    assert locked(tried(RIGHT))
    call_command("unlock", "Alice")
    signed_in()
    with pytest.raises(SystemExit):
        call_command("unlock", "nobody")


def test_failures_over_a_longer_time_do_not_add_up() -> None:
    begun = clock.now()
    for minutes in (0, 20, 40, 60, 80, 100):
        with clock.stopped_at(begun + timedelta(minutes=minutes)):
            assert tried(WRONG).status_code == 400


def test_form_api_and_a_repeated_proof_share_one_counter() -> None:
    browser = signed_in()
    assert [tried(WRONG, address=HOME).status_code for _ in range(2)] == [400] * 2
    assert Browser(REMOTE_ADDR=HOME).post(FORM, {"login": "Alice@fmu.example", "password": WRONG}).status_code == 401
    body = {"password": WRONG}
    for _ in range(2):
        answer = browser.post(f"{API}/auth/reauthenticate", body, content_type="application/json")
        assert answer.status_code == 400
    assert locked(browser.post(f"{API}/auth/reauthenticate", {"password": RIGHT}, content_type="application/json"))
    assert locked(Browser(REMOTE_ADDR=HOME).post(FORM, {"username": "alice", "password": RIGHT}))
    assert locked(tried(RIGHT))


def test_wrong_codes_count_like_wrong_passwords(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    browser = Browser(REMOTE_ADDR=HOME)
    assert tried(RIGHT, browser=browser).status_code == 401  # the second factor is asked for
    assert SignInFailure.objects.count() == 0
    send = {"content_type": "application/json"}
    for _ in range(5):
        assert browser.post(f"{API}/auth/2fa/authenticate", {"code": "000000"}, **send).status_code == 400
    assert locked(browser.post(f"{API}/auth/2fa/authenticate", {"code": code_of(SECRET)}, **send))
    assert locked(tried(RIGHT))
    lockout.unlock(user_id=alice.pk)
    assert browser.post(f"{API}/auth/2fa/authenticate", {"code": code_of(SECRET)}, **send).status_code == 200
    assert SignInFailure.objects.count() == 0


def test_tries_in_a_minute_are_limited_by_account_and_by_address(settings: Any) -> None:
    settings.LOGIN_RATE_LIMIT, settings.LOGIN_ADDRESS_RATE = Rate(2, 60), Rate(4, 60)
    assert [tried(RIGHT).status_code for _ in range(3)] == [200, 200, 429]
    assert tried(RIGHT).json()["code"] == "too_many_requests"
    assert [tried(RIGHT, f"bob{number}").status_code for number in range(3)] == [400, 400, 429]
    signed_in(AWAY)


def test_the_form_opens_a_session_without_a_token_and_leads_only_to_this_site() -> None:
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post(f"{FORM}?next=/inbox", {"username": "alice", "password": RIGHT})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox")
    assert any("sessionid" in name and cookie.value for name, cookie in answer.cookies.items())
    assert browser.get("/api/v1/me/").status_code == 200
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        there = Browser().post(FORM, {"username": "alice", "password": RIGHT, "next": wanted})
        assert there["Location"] == "/"
    assert Browser().get(FORM)["Location"] == "/sign-in"
    assert Browser().put(FORM).status_code == 405


def test_the_form_refuses_wrong_words_alike_for_known_and_unknown() -> None:
    known = Browser().post(FORM, {"username": "alice", "password": WRONG})
    unknown = Browser().post(FORM, {"username": "nobody", "password": WRONG})
    assert (known.status_code, known.json()["code"]) == (401, "wrong_credentials")
    first, second = known.json(), unknown.json()
    assert {**first, "request_id": ""} == {**second, "request_id": ""}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},  # another scheme is another origin
    ],
)
def test_a_page_of_another_site_signs_nobody_in(headers: dict[str, str]) -> None:
    browser = Browser()
    answer = browser.post(FORM, {"username": "alice", "password": RIGHT}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert browser.get("/api/v1/me/").status_code == 401
    own = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
    assert browser.post(FORM, {"username": "alice", "password": RIGHT}, headers=own).status_code == 302


@pytest.mark.parametrize("name", ["a\0b", "a\0b@fmu.example"])
def test_a_name_with_a_nul_is_a_wrong_one(name: str) -> None:
    answer = Browser().post(FORM, {"username": name, "password": RIGHT})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert tried(RIGHT, name=name).status_code == 400


def test_with_a_second_factor_the_form_signs_nobody_in_yet(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    browser = Browser()
    answer = browser.post(FORM, {"username": "alice", "password": RIGHT})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert browser.get("/api/v1/me/").status_code == 401
    given = browser.post(f"{API}/auth/2fa/authenticate", {"code": code_of(SECRET)}, content_type="application/json")
    assert given.status_code == 200
    assert browser.get("/api/v1/me/").status_code == 200


def test_a_changed_password_ends_every_other_session_and_token(alice: User) -> None:
    here, there = signed_in(), signed_in(AWAY)
    ApiToken.objects.create(user=alice, name="script", token_hash=hashlib.sha256(b"t0ken").hexdigest())
    bearer = {"authorization": "Bearer t0ken"}
    assert Browser().get("/api/v1/me/", headers=bearer).status_code == 200
    changed = here.post(
        f"{API}/account/password/change", {"current_password": RIGHT, "new_password": "violet-anchor-93"},
        content_type="application/json",
    )  # fmt: skip
    assert changed.status_code == 200
    assert here.get("/api/v1/me/").status_code == 200
    assert there.get("/api/v1/me/").status_code == 401
    assert Browser().get("/api/v1/me/", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("cedar-9-la", None),
        ("cedar-9-l", "password_too_short"),
        ("x7" + "lantern-" * 16, "password_too_long"),
        ("password123", "password_too_common"),
        ("84620173952", "password_entirely_numeric"),
        ("alice@fmu.example", "password_too_similar"),
        ("Maristan-2026!", "password_of_the_house"),
        ("university.2026", "password_of_the_house"),
        ("registrar-fmu-2026", "password_of_the_house"),
        ("medical-lantern-47", None),
        ("چراغ-دیودار-سینتالیس", None),
    ],
)
def test_a_password_is_long_enough_not_too_long_not_known_and_not_ones_own_name(chosen: str, code: str | None) -> None:
    answer = signed_in().post(
        f"{API}/account/password/change", {"current_password": RIGHT, "new_password": chosen},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == (400 if code else 200)
    if code:
        assert [each["code"] for each in answer.json()["errors"]] == [code]
        signed_in(AWAY)
    else:
        assert tried(chosen, address=AWAY).status_code == 200


def test_whoever_is_busy_stays_signed_in_and_what_a_screen_asks_by_itself_is_no_business(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing_in, "SEEN_EVERY", 300)
    browser = Browser()
    assert tried(RIGHT, browser=browser).status_code == 200
    row = Session.objects.get(session_key=browser.cookies["sessionid"].value)
    nearly_over = row.expire_date - timedelta(hours=7)

    def end_after(url: str, minutes: float) -> float:
        """Hours that the session moved by a request so many minutes after signing in."""
        Session.objects.filter(pk=row.pk).update(expire_date=nearly_over)
        with clock.stopped_at(begun + timedelta(minutes=minutes)):
            assert browser.get(url).status_code == 200
        moved = Session.objects.get(pk=row.pk).expire_date - nearly_over
        return round(moved.total_seconds() / 3600, 1)

    begun = clock.now()
    assert end_after("/api/v1/comms/notifications/", 4) == 0  # a row for every request would be too many
    assert end_after("/api/v1/comms/notifications/unread-count/", 6) == 0
    assert end_after("/api/v1/comms/notifications/", 6) == 7
    assert end_after("/api/v1/comms/notifications/", 7) == 0
    assert end_after("/api/v1/comms/notifications/", 12) == 7
