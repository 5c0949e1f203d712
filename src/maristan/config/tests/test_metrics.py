"""What Prometheus is told, and whom nobody tells anything."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from maristan.config import watching
from maristan.directory.tests import factories as make
from maristan.kernel import metering
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Client
from maristan.operations.actions import counting
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
DEPARTMENTS = "/api/v1/directory/departments/"
LINE = re.compile(r"^(#.*|[a-z_0-9]+(\{([a-z_]+=\"(\\\\.|[^\"\\\\])*\",?)*\})? [-+0-9.einf]+)$")


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    metering.take()


def scrape(**headers: str) -> Any:
    return Browser().get("/metrics", **headers)


def value(text: str, name: str) -> float:
    (found,) = re.findall(rf"^{re.escape(name)} (.*)$", text, re.M)
    return float(found)


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, "", 200), ({"REMOTE_ADDR": "::1"}, "", 200), ({"REMOTE_ADDR": "10.0.0.7"}, "", 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "", 404), ({"HTTP_FORWARDED": "for=127.0.0.1"}, "", 404),
        ({"HTTP_AUTHORIZATION": "Bearer right", "REMOTE_ADDR": "10.0.0.7"}, "right", 200),
        ({"HTTP_AUTHORIZATION": "Bearer right", "HTTP_X_FORWARDED_FOR": "10.0.0.7"}, "right", 200),
        ({"HTTP_AUTHORIZATION": "Bearer wrong"}, "right", 404), ({"HTTP_AUTHORIZATION": "Basic right"}, "right", 404),
        ({"HTTP_AUTHORIZATION": "Bearer "}, "right", 200), ({"HTTP_AUTHORIZATION": "Bearer x"}, "", 404),
        ({"REMOTE_ADDR": ""}, "", 404),
    ],
)  # fmt: skip
def test_only_this_host_and_who_has_the_token_see_that_it_is_there(
    settings: Any, headers: dict[str, str], token: str, status: int
) -> None:
    settings.METRICS_TOKEN = token or None
    assert scrape(**headers).status_code == status


def test_requests_of_all_processes_are_added_up_by_route_and_never_by_what_was_typed() -> None:
    make.institution()
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "student"))
    for person in (alice, bob):
        person.get(f"{DEPARTMENTS}?typed=hunter2", Accept_Language="hunter2")
        person.get("/api/v1/hunter2/")
        person.django.generic("HUNTER2", DEPARTMENTS)
        counting.write_down(counted=metering.take(), by=platform(None))
    text = scrape().content.decode()
    assert "hunter2" not in text.lower()
    of = f'method="GET",route="{DEPARTMENTS}"'
    assert value(text, f'maristan_http_requests_total{{{of},status="200"}}') == 2
    assert value(text, f"maristan_http_request_seconds_count{{{of}}}") == 2
    assert value(text, f'maristan_http_request_seconds_bucket{{le="+Inf",{of}}}') == 2
    assert value(text, f"maristan_http_database_queries_total{{{of}}}") > 2
    assert value(text, 'maristan_http_requests_total{method="GET",route="no_such_route",status="404"}') == 2
    assert [line for line in text.splitlines() if not LINE.match(line)] == []


def test_buckets_hold_all_that_was_faster() -> None:
    for seconds in (0.01, 0.07, 3.0, 60.0):
        watching._count({"method": "GET", "route": "/x/", "status": "200"}, 200, False, seconds, metering.Meter())
    counting.write_down(counted=metering.take(), by=platform(None))
    text = scrape().content.decode()
    found = dict(re.findall(r'_bucket\{le="([^"]+)",method="GET",route="/x/"\} (\d+)', text))
    assert found == {"0.05": "1", "0.1": "2", "5.0": "3", "+Inf": "4"}


def test_figures_are_those_of_the_tables_and_what_is_not_known_is_not_said() -> None:
    run.process("worker")
    run.failed_job()
    run.alert()
    text = scrape().content.decode()
    assert value(text, 'maristan_processes{kind="worker"}') == 1
    assert value(text, 'maristan_processes{kind="web"}') == 0
    assert value(text, 'maristan_jobs{queue="default",status="failed"}') == 1
    assert value(text, "maristan_jobs_failed_recently") == 1
    assert value(text, 'maristan_alerts{rule="http_5xx"}') == 1
    assert value(text, "maristan_pending_migrations") == 0
    assert value(text, "maristan_maintenance") == 0
    assert value(text, "maristan_drill_failed") == 0
    for unknown in ("offsite_age", "release_verified", "redis_up", "journal_breaks", "certificate_days", "cpu_percent"):
        assert f"maristan_{unknown}" not in text
    run.verification()
    assert value(scrape().content.decode(), "maristan_release_verified") == 1


def test_slow_statements_are_counted_and_named_without_their_values(settings: Any, caplog: Any) -> None:
    settings.SLOW_QUERY_MS = 20
    meter = metering.Meter()
    with connection.execute_wrapper(meter), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s), %s", [0.03, "hunter2"])
        cursor.execute("SELECT 1")
    assert (meter.queries, meter.slow, meter.seconds > 0.03) == (2, 1, True)
    (line,) = [each for each in caplog.records if each.message == "slow_query"]
    assert line.statement == "SELECT pg_sleep(%s), %s"


def test_a_probe_of_the_machine_is_no_request_of_anybody() -> None:
    for path in ("/metrics", "/liveness/"):
        Browser().get(path)
    assert not [name for _, name in metering.take().samples if name.startswith("http")]
