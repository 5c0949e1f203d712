"""Who asks too often waits, and nobody waits for what another person or a neighbouring address has asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from maristan.config import environment, throttling
from maristan.config.maintenance import PASS
from maristan.config.readers import Rate, rate
from maristan.directory.models import Department
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.tests.client import Client
from maristan.operations.queries import maintenance

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T12:00:00+00:00"
DEPARTMENTS = "/api/v1/directory/departments/"


@pytest.fixture(autouse=True)
def _rates(settings: Any) -> Iterator[None]:
    settings.THROTTLE_ANON_RATE, settings.THROTTLE_USER_RATE = Rate(100, 3600), Rate(5, 60)
    settings.THROTTLE_SEARCH_RATE = Rate(2, 60)
    throttling.MEMORY.clear()
    yield
    throttling.MEMORY.clear()


def asked(address: str, url: str = DEPARTMENTS, times: int = 1) -> Any:
    for _ in range(times):
        answer = Browser(REMOTE_ADDR=address).get(url)
    return answer


def test_the_hundred_and_first_call_of_an_address_in_an_hour_waits_and_the_login_page_works() -> None:
    with clock.stopped_at(NOON):
        assert asked("203.0.113.1", times=100).status_code == 401
        refused = asked("203.0.113.1")
        assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
        assert (refused["Retry-After"], refused.json()["retry_after"]) == ("3600", 3600)
        assert refused["Content-Type"] == "application/problem+json"
        assert asked("203.0.113.2").status_code == 401
        assert asked("203.0.113.1", "/health/").status_code == 200
        assert asked("203.0.113.1", "/_allauth/browser/v1/config").status_code == 200
        assert asked("203.0.113.1", "/_allauth/browser/v1/auth/session").status_code == 401
        wrong = Browser(REMOTE_ADDR="203.0.113.1").post(
            "/_allauth/browser/v1/auth/login", {"username": "x", "password": "y"}, content_type="application/json"
        )
        assert wrong.status_code == 400


def test_a_verification_calls_every_endpoint_and_nobody_else_passes_for_one() -> None:
    assert asked("203.0.113.3", times=100).status_code == 401
    with maintenance.passing("release verify") as said:
        assert Browser(REMOTE_ADDR="203.0.113.3").get(DEPARTMENTS, headers={PASS: said}).status_code == 401
        assert Browser(REMOTE_ADDR="203.0.113.3").get(DEPARTMENTS, headers={PASS: f"{said}x"}).status_code == 429
    assert Browser(REMOTE_ADDR="203.0.113.3").get(DEPARTMENTS, headers={PASS: said}).status_code == 429


def test_addresses_of_one_ipv6_network_are_one_and_of_the_next_another() -> None:
    assert asked("2001:db8:0:1::1", times=100).status_code == 401
    assert asked("2001:db8:0:1:ffff::9").status_code == 429
    assert asked("2001:db8:0:2::1").status_code == 401
    assert throttling.place("::ffff:203.0.113.7") == throttling.place("203.0.113.7")


def test_an_account_is_counted_whatever_its_address_and_its_write_is_not_done() -> None:
    make.institution()
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "admin"))
    begun = clock.now()
    with clock.stopped_at(begun):
        for number in range(5):
            alice.django.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
            assert alice.get(DEPARTMENTS).status == 200
        refused = alice.post(DEPARTMENTS, {"name": "Pathology", "code": "PAT"})
        assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "throttled", "60")
        assert not Department.objects.exists()
        assert bob.get(DEPARTMENTS).status == 200
    with clock.stopped_at(begun + timedelta(seconds=59)):
        assert alice.get(DEPARTMENTS).headers["Retry-After"] == "1"
    with clock.stopped_at(begun + timedelta(seconds=60)):
        assert alice.get(DEPARTMENTS).status == 200


def test_the_window_slides() -> None:
    begun = clock.now()
    for second in (0, 10, 20, 30, 40):
        assert throttling.count("a", Rate(5, 60), begun.timestamp() + second)[0] == 0
    assert throttling.count("a", Rate(5, 60), begun.timestamp() + 50)[0] == 10
    assert throttling.count("a", Rate(5, 60), begun.timestamp() + 61)[0] == 0
    assert throttling.count("a", Rate(5, 60), begun.timestamp() + 62)[0] == 8


def test_what_a_screen_asks_by_itself_is_free_and_so_is_what_has_not_changed() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    for _ in range(12):
        assert alice.get("/api/v1/me/").status == 200
        assert alice.get("/api/v1/comms/notifications/unread-count/").status == 200
        assert alice.get("/api/v1/jobs/1/").status == 404
        assert alice.get("/api/v1/operations/progress/1/").status == 403
    assert alice.get(DEPARTMENTS).status == 200
    key, mark = "account:1", throttling.count("account:1", Rate(1, 60), 1000.0)[1]
    throttling.uncount(key, mark)
    assert throttling.count(key, Rate(1, 60), 1000.0)[0] == 0


def test_searches_have_a_rate_of_their_own() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    assert [alice.get("/api/v1/search/?q=ali").status for _ in range(3)] == [200, 200, 429]
    assert alice.get(DEPARTMENTS).status == 200


def test_a_redis_that_is_away_leaves_the_memory_of_the_process(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    throttling._redis.cache_clear()
    assert asked("203.0.113.1", times=100).status_code == 401
    assert asked("203.0.113.1").status_code == 429
    throttling._redis.cache_clear()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "KEYS_AT_MOST", 10)
    for number in range(100):
        throttling.count(f"a{number}", Rate(5, 60), 1000.0 + number / 10)
    assert len(throttling.MEMORY._windows) <= 10
    assert throttling.count("a99", Rate(1, 60), 1010.0)[0] > 0


@pytest.mark.parametrize("value", ["lots", "0/min", "5/week", "5", "-1/min"])
def test_a_rate_that_is_none_stops_the_start(value: str) -> None:
    with pytest.raises(environment.EnvironmentFault, match="THROTTLE_USER_RATE: expected a rate"):
        environment.read({"THROTTLE_USER_RATE": value, "MARISTAN_ENV": "test"})
    assert str(rate("5/minute")) == "5/min"
