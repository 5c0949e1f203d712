"""A code of an app is good once, whichever process is asked, also where processes share no memory."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client as Browser

from maristan.config import throttling
from maristan.config.second_factor import code_of
from maristan.directory.tests import factories as make
from maristan.kernel.models import User

API = "/_allauth/browser/v1"
PASSWORD, SECRET = "cedar-lantern-47", "JBSWY3DPEHPK3PXP"
PERIOD = 30  # seconds


@pytest.fixture(autouse=True)
def strangers(settings: Any) -> Iterator[None]:
    """Nothing that one request keeps in a cache is there for the next, as between processes without Redis."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    throttling.MEMORY.clear()
    yield
    throttling.MEMORY.clear()


@pytest.fixture
def alice(db: None) -> User:
    return with_an_app()


def with_an_app() -> User:
    make.institution()
    user = User.objects.get(pk=make.member("Alice", "faculty").user_id)
    User.objects.filter(pk=user.pk).update(username="alice", password=make_password(PASSWORD))
    totp.TOTP.activate(user, SECRET)
    return user


def asked_for_a_code() -> Browser:
    browser = Browser()
    assert sends(browser, "auth/login", username="alice", password=PASSWORD) == 401
    return browser


def sends(browser: Browser, path: str, **body: str) -> int:
    return browser.post(f"{API}/{path}", body, content_type="application/json").status_code


def signs_in(browser: Browser, code: str) -> int:
    return sends(browser, "auth/2fa/authenticate", code=code)


def last_step(user: User) -> int | None:
    return Authenticator.objects.get(user=user).data.get("last_step")


def test_a_code_that_signed_somebody_in_does_so_nowhere_else(alice: User) -> None:
    here, there = asked_for_a_code(), asked_for_a_code()
    code = code_of(SECRET)
    assert signs_in(here, code) == 200
    spent = last_step(alice)
    assert signs_in(there, code) == 400
    assert there.get("/api/v1/me/").status_code == 401
    assert sends(here, "auth/2fa/reauthenticate", code=code) == 400
    assert last_step(alice) == spent


def test_the_next_code_is_good_and_one_before_it_no_more(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.time() // PERIOD * PERIOD + 10]
    monkeypatch.setattr(totp.time, "time", lambda: now[0])
    first, here, behind = code_of(SECRET), asked_for_a_code(), asked_for_a_code()
    now[0] += PERIOD
    assert signs_in(here, code_of(SECRET)) == 200
    now[0] -= PERIOD  # the clock of another host
    assert signs_in(behind, first) == 400
    now[0] += 2 * PERIOD
    assert signs_in(behind, code_of(SECRET)) == 200
    assert last_step(alice) == now[0] // PERIOD


def test_the_code_that_sets_an_app_up_signs_nobody_in(alice: User, django_capture_on_commit_callbacks: Any) -> None:
    Authenticator.objects.all().delete()
    browser = Browser()
    assert sends(browser, "auth/login", username="alice", password=PASSWORD) == 200
    assert sends(browser, "auth/reauthenticate", password=PASSWORD) == 200
    secret = browser.get(f"{API}/account/authenticators/totp").json()["meta"]["secret"]
    code = code_of(secret)
    with django_capture_on_commit_callbacks(execute=True):
        assert sends(browser, "account/authenticators/totp", code=code) == 200
    assert signs_in(asked_for_a_code(), code) == 400


def test_a_wrong_code_spends_nothing(alice: User) -> None:
    browser = asked_for_a_code()
    assert signs_in(browser, "000000") == 400
    assert last_step(alice) is None
    assert signs_in(browser, code_of(SECRET)) == 200


def test_of_two_who_give_one_code_at_once_one_is_signed_in(own_database: Callable[[str], None], owner: Any) -> None:
    with transaction.atomic():
        alice = with_an_app()
    browsers = [asked_for_a_code(), asked_for_a_code()]
    code = code_of(SECRET)

    def press(browser: Browser) -> int:
        try:
            return signs_in(browser, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as together:
        with transaction.atomic():  # both have read the app before either can write it
            Authenticator.objects.select_for_update().get(user=alice)
            pressed = [together.submit(press, each) for each in browsers]
            until = time.monotonic() + 20
            while waiting(owner) < len(browsers) and time.monotonic() < until:
                time.sleep(0.05)
            assert waiting(owner) == len(browsers)
        assert sorted(each.result() for each in pressed) == [200, 400]
    assert sorted(each.get("/api/v1/me/").status_code for each in browsers) == [200, 401]


def waiting(owner: Any) -> int:
    """How many connections of this database wait for a row."""
    found = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'",
        [connection.settings_dict["NAME"]],
    ).fetchone()
    return int(found[0])
