"""What Prometheus is told, and whom nobody tells anything."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser
from psycopg_pool import ConnectionPool

from maristan.config import watching
from maristan.directory.tests import factories as make
from maristan.kernel import clock, lockout, metering
from maristan.kernel.access import platform
from maristan.kernel.models import PeriodicRun, SignInFailure
from maristan.kernel.tests.client import Client
from maristan.operations.actions import counting
from maristan.operations.models import MaintenanceWindow, Sample
from maristan.operations.queries import build, figures, maintenance, metrics
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
    run.verification("f" * 12)  # of another build: nothing is known of this one
    assert "maristan_release_verified" not in scrape().content.decode()
    run.verification(build.running().build_id)
    assert value(scrape().content.decode(), "maristan_release_verified") == 1


def test_workers_of_other_queues_are_none_of_operations_and_processes_that_cannot_be_counted_are_no_zero(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, str]:
        return dict(re.findall(r'^maristan_processes\{kind="(\w+)"\} (\d+)$', scrape().content.decode(), re.M))

    run.process("web")
    run.process("worker", queues=["default", "mail"])
    assert told() == {"web": "1", "worker": "1", "operations": "0"}
    run.process("worker", queues=["operations"])
    assert told() == {"web": "1", "worker": "2", "operations": "1"}
    monkeypatch.setattr(figures, "LIVE", "SELECT no_such_thing")
    assert told() == {}


def test_the_newest_backup_that_failed_is_named_until_one_is_made(db: None) -> None:
    assert figures.evidence().backup_failed == ""
    run.backup_set("maristan_20260101_020000", status="proven", created_at=clock.now() - timedelta(hours=3))
    failed = run.backup_set(
        "maristan_20260102_020000",
        status="failed",
        error_code="dump_failed",
        created_at=clock.now() - timedelta(hours=2),
    )
    assert figures.evidence().backup_failed == "maristan_20260102_020000 dump_failed"
    assert value(scrape().content.decode(), "maristan_backup_failed") == 1
    run.backup_set("maristan_20260102_120000", status="proven", created_at=clock.now() - timedelta(hours=1))
    assert (figures.evidence().backup_failed, failed.status) == ("", "failed")
    assert value(scrape().content.decode(), "maristan_backup_failed") == 0


def test_an_account_that_was_tried_from_everywhere_is_locked_out_once(db: None) -> None:
    for address in range(lockout.ANYWHERE):
        SignInFailure.objects.create(account="a", address=f"192.0.2.{address}", at=clock.now())
    assert figures.collect(clock.now()).lockouts == 1
    for _ in range(5):
        SignInFailure.objects.create(account="b", address="192.0.2.1", at=clock.now())
    assert figures.collect(clock.now()).lockouts == 2


@pytest.mark.parametrize(("minutes", "locked"), [(30, 0), (32, 1)])
def test_an_account_counts_as_locked_out_when_its_failures_lay_as_close_as_a_lock_asks(
    db: None, settings: Any, minutes: int, locked: int
) -> None:
    settings.LOCKOUT_MINUTES, now = minutes, clock.now()
    for late in range(5):
        SignInFailure.objects.create(account="a", address="192.0.2.1", at=now - timedelta(minutes=8 * late))
    assert figures.collect(now).lockouts == locked


def test_a_lock_is_counted_for_an_hour_however_short_it_was(db: None, settings: Any) -> None:
    settings.LOCKOUT_MINUTES, now = 5, clock.now()
    for late in range(5):
        SignInFailure.objects.create(account="a", address="192.0.2.1", at=now - timedelta(minutes=55 + late))
    lockout.attempt(account="b", address="192.0.2.1")
    assert figures.collect(now).lockouts == 1
    SignInFailure.objects.filter(account="a").update(at=now - timedelta(minutes=66))
    lockout.attempt(account="b", address="192.0.2.1")
    assert (figures.collect(now).lockouts, SignInFailure.objects.filter(account="a").exists()) == (0, False)


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


NOW = datetime(2026, 3, 12, 2, 30, 20, tzinfo=UTC)
LAST = NOW.replace(minute=29, second=0)  # the last minute that every process has told of


def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """What is told at a moment of everything that a figure was kept of."""
    monkeypatch.setattr(maintenance, "state", lambda **_: maintenance.OFF)
    with clock.stopped_at(NOW):
        lines = metrics.exposition().splitlines()
    return {name: float(figure) for name, _, figure in (each.rpartition(" ") for each in lines if each[0] != "#")}


def sample(name: str, value: float, *, host: str = "host-1", minutes_ago: int = 0) -> None:
    Sample.objects.create(minute=LAST - timedelta(minutes=minutes_ago), host=host, name=name, value=value)


def test_hosts_schedules_maintenance_and_evidence_are_told_of_as_they_were_last_seen(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_OFFSITE_URL = "file:///mnt"
    for name, figure in (("readings", 2), ("cpu", 80), ("memory", 50), ("disk /srv", 181), ("http_5xx", 3)):
        sample(name, figure)
    sample("cpu", 90, host="host-2")  # which nobody knows the number of readings of
    sample("http_5xx", 4, host="host-2")
    for minutes_ago in (0, 4, 5):
        sample("http_requests", 10, minutes_ago=minutes_ago)
        sample("http_slow", 2, minutes_ago=minutes_ago)
        sample("db_slow", 1, minutes_ago=minutes_ago)
    sample("certificate_days", 12.5, host="fmu.example", minutes_ago=60)
    sample("journal_breaks", 2, minutes_ago=600)
    hour = NOW - timedelta(hours=1)
    PeriodicRun.objects.create(
        name="kernel.seal_journal", outcome="succeeded", started_at=hour, finished_at=NOW - timedelta(seconds=50)
    )
    MaintenanceWindow.objects.create(
        level="full", message="", planned_from=hour, started_at=hour, until=NOW - timedelta(minutes=2), by="olga"
    )
    run.backup_set("copied", created_at=NOW - timedelta(hours=5), proven_at=NOW - timedelta(minutes=9), offsite_at=NOW)
    run.backup_set("not_copied", created_at=hour, proven_at=hour, error_code="offsite_failed")
    run.backup_set("gone", status="removed", proven_at=NOW, tables_compared=9)
    run.drill(started_at=NOW - timedelta(hours=30), finished_at=NOW - timedelta(hours=29))
    found = told(monkeypatch)
    expected = {
        'maristan_cpu_percent{host="host-1"}': 40, 'maristan_memory_percent{host="host-1"}': 25,
        'maristan_disk_percent{host="host-1",path="/srv"}': 90.5, "maristan_http_5xx_last_minute": 7,
        "maristan_http_404_last_minute": 0, "maristan_recent_requests": 20, "maristan_slow_requests": 4,
        "maristan_slow_queries": 2, 'maristan_certificate_days{host="fmu.example"}': 12.5,
        "maristan_journal_breaks": 2, "maristan_journal_sealed_age_seconds": 50,
        'maristan_periodic_late_seconds{job="kernel.seal_journal"}': 3600 - 3 * 60,
        "maristan_maintenance_seconds": 3600, "maristan_maintenance_past_end_seconds": 120,
        "maristan_backup_age_seconds": 3600, "maristan_proof_age_seconds": 9 * 60,
        "maristan_offsite_age_seconds": 5 * 3600, "maristan_offsite_failed": 1,
        "maristan_drill_age_seconds": 30 * 3600, "maristan_drill_failed": 0,
    }  # fmt: skip
    assert {name: found.get(name) for name in expected} == expected
    assert 'maristan_cpu_percent{host="host-2"}' not in found


@pytest.mark.parametrize(
    ("group", "missing", "stays"),
    [
        ("samples", "maristan_http_5xx_last_minute", "maristan_drill_failed"),
        ("evidence", "maristan_drill_failed", "maristan_http_5xx_last_minute"),
    ],
)
def test_a_group_of_figures_that_the_database_refuses_is_not_told_as_nought(
    monkeypatch: pytest.MonkeyPatch, group: str, missing: str, stays: str
) -> None:
    def refused(*_: Any) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    assert {missing, stays} <= told(monkeypatch).keys()
    monkeypatch.setattr(figures, group, refused)
    found = told(monkeypatch)
    assert (missing in found, stays in found) == (False, True)


class Pool(ConnectionPool[Any]):
    """A pool of nothing that has counted."""

    def __init__(self) -> None:
        """Nothing is opened."""

    def __del__(self) -> None:
        """And nothing has to be closed."""

    def pop_stats(self) -> dict[str, int]:
        """Since the last time."""
        return {"requests_num": 7, "requests_queued": 2, "requests_wait_ms": 500}


def test_waits_for_a_connection_of_the_pool_are_counted_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    by = platform(None)
    counting.measure(by=by)
    assert [name for name, _ in metering.take().totals if "pool" in name] == []
    with monkeypatch.context() as pooled:
        pooled.setitem(connection.settings_dict["OPTIONS"], "pool", {"min_size": 1})
        pooled.setitem(connection._connection_pools, connection.alias, Pool())  # type: ignore[attr-defined]
        counting.measure(by=by)
    assert {name: amount for (name, _), amount in metering.take().totals.items()} == {
        "maristan_pool_requests_total": 7, "maristan_pool_waits_total": 2, "maristan_pool_wait_seconds_total": 0.5,
    }  # fmt: skip
