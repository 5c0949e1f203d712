"""Probes are answered by JSON whatever fails, and so is the API."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError
from django.utils import timezone

from maristan.config import health
from maristan.directory.tests import factories as make
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Client
from maristan.operations.actions import draining
from maristan.operations.queries import health as health_queries
from maristan.operations.queries import maintenance
from maristan.operations.tests import factories as run

Owner = Callable[[str], None]


@pytest.fixture
def _database_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(_self: BaseDatabaseWrapper) -> None:
        raise OperationalError("connection refused by db.internal")

    with monkeypatch.context() as patched:
        patched.setattr(connections["default"], "connection", None)
        patched.setattr(BaseDatabaseWrapper, "connect", refuse)
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(health.PATHS))
def test_a_probe_is_answered_without_signing_in(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status, answer.json["status"]) == (200, "ok")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("_database_down", "django_db_setup")
def test_without_the_database_a_probe_says_degraded(django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        answer = Client().get("/api/health/")
    assert (answer.status, answer.json["status"]) == (503, "degraded")
    assert answer.json["checks"]["db"]["status"] == answer.json["checks"]["migrations"]["status"] == "fail"
    assert (answer.json["database"], answer.json["celery"]) == ("error", "not available")
    assert answer.json["checks"]["workers"] == {"status": "skipped"}
    assert "pending_count" not in answer.json["checks"]["migrations"]
    assert b"db.internal" not in answer.body


@pytest.mark.usefixtures("_database_down", "django_db_setup")
def test_without_the_database_the_api_asks_to_try_again(django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        answer = Client().get("/api/v1/me/")
    assert (answer.status, answer.code) == (503, "unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"db.internal" not in answer.body


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(("path", "is_json"), [("/accounts/login/", False), ("/_allauth/browser/v1/auth/login", True)])
@pytest.mark.usefixtures("_database_down", "django_db_setup")
def test_without_the_database_signing_in_asks_to_try_again(
    django_db_blocker: pytest.FixtureRequest, path: str, is_json: bool, is_known: bool
) -> None:
    client = Client()
    client.django.raise_request_exception = False  # as a server does
    if is_known:
        client.django.cookies["sessionid"] = "x" * 32
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        body = {"username": "registrar", "password": "a long night"}
        kind = {"content_type": "application/json"} if is_json else {}
        response = client.django.post(path, body, **kind)
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response["Content-Type"] == "application/problem+json"


def looked_at(path: str = "/health/", **headers: str) -> Any:
    return Client().get(path, **headers)


def test_every_path_says_the_same_of_a_sound_process(own_database: Owner) -> None:
    answers = [looked_at(path) for path in sorted(health.PATHS)]
    assert [each.status for each in answers] == [200] * 5
    said = [
        {**each.json, "checks": {**each.json["checks"], "db": each.json["checks"]["db"]["status"]}} for each in answers
    ]
    assert all(each == said[0] for each in said)
    assert said[0]["checks"] == {
        "db": "ok", "migrations": {"status": "ok"}, "redis": {"status": "skipped"}, "workers": {"status": "fail"},
    }  # fmt: skip
    assert (said[0]["database"], said[0]["cache"], said[0]["celery"]) == ("ok", "ok", "warning: no workers found")
    assert said[0]["version"]
    assert len(said[0]["build"]) == 12
    assert isinstance(answers[0].json["checks"]["db"]["latency_ms"], float)
    head = Client().django.head("/health/")
    assert (head.status_code, head.content) == (200, b"")


def test_a_live_worker_is_seen_and_one_that_went_silent_is_not(own_database: Owner) -> None:
    run.process("worker", seen=timezone.now() - timedelta(seconds=31))
    assert looked_at().json["celery"] == "warning: no workers found"
    run.process("worker")
    assert looked_at().json["celery"] == "ok"


def test_migrations_that_wait_are_counted(own_database: Owner) -> None:
    own_database(
        "DELETE FROM django_migrations WHERE id IN (SELECT id FROM django_migrations ORDER BY id DESC LIMIT 3)"
    )
    answer = looked_at()
    assert (answer.status, answer.json["status"]) == (503, "degraded")
    assert answer.json["checks"]["migrations"] == {"status": "fail", "pending_count": 3}
    assert looked_at("/health/summary/").status == 200


WAITING = "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)"


def test_workers_are_looked_for_while_migrations_wait(own_database: Owner) -> None:
    own_database(WAITING)
    answer = looked_at()
    said = (answer.status, answer.json["celery"], answer.json["checks"]["workers"])
    assert said == (503, "warning: no workers found", {"status": "fail"})
    run.process("worker")
    answer = looked_at()
    assert (answer.status, answer.json["celery"], answer.json["checks"]["workers"]) == (503, "ok", {"status": "ok"})


@pytest.mark.parametrize("is_pooled", [False, True])
def test_before_there_is_a_table_of_processes_nothing_is_known_of_workers(
    own_database: Owner, settings: Any, is_pooled: bool
) -> None:
    settings.DATABASE_IS_POOLED = is_pooled
    own_database(
        "INSERT INTO operations_maintenancewindow (level, message, planned_from, until, started_at, by,"
        " created_at, version) VALUES ('full', '', now(), now() + interval '1 hour', now(), 'Olga', now(), 1)"
    )
    own_database(WAITING)
    own_database("DROP TABLE operations_process")
    maintenance.forget()
    answer = looked_at()
    assert (answer.status, answer.json["database"], answer.json["maintenance"]) == (503, "ok", True)
    assert answer.json["checks"]["migrations"] == {"status": "fail", "pending_count": 1}
    assert (answer.json["celery"], answer.json["checks"]["workers"]) == ("not available", {"status": "skipped"})


def test_a_schema_that_is_too_new_takes_old_code_out_of_service_only_when_it_breaks_it(own_database: Owner) -> None:
    own_database("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_of_tomorrow', now())")
    assert looked_at().status == 200
    own_database(
        "INSERT INTO operations_appliedmigration (app, name, sha256, build_id, breaks_former_code, applied_at)"
        " VALUES ('kernel', '9999_of_tomorrow', 'x', 'y', true, now())"
    )
    answer = looked_at()
    assert (answer.status, answer.json["checks"]["migrations"]) == (503, {"status": "fail", "pending_count": 0})


@pytest.fixture
def _redis_away(settings: Any) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    health_queries.redis.cache_clear()
    yield
    health_queries.redis.cache_clear()


@pytest.mark.usefixtures("_redis_away")
def test_a_redis_that_is_away_shows_and_decides_only_the_summary(own_database: Owner) -> None:
    answer = looked_at()
    assert (answer.status, answer.json["status"], answer.json["cache"]) == (200, "ok", "error")
    assert answer.json["checks"]["redis"] == {"status": "fail"}
    summary = looked_at("/api/health/summary/")
    assert (summary.status, summary.json) == (503, {"status": "unhealthy", "database": "ok", "cache": "error"})


def test_a_draining_host_is_not_ready_and_well_all_the_same(own_database: Owner, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    call_command("drain", "--wait", "0")
    answer = looked_at("/readiness/")
    assert (answer.status, answer.json["draining"], answer.json["status"]) == (503, True, "ok")
    assert looked_at("/health/").status == 200
    assert "draining" not in looked_at("/health/").json
    draining.end(by=platform(None))
    assert looked_at("/readiness/").status == 200


def test_a_probe_comes_by_address_without_tls_and_the_api_does_not(own_database: Owner, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["maristan.example"]
    assert looked_at("/readiness/", Host="10.0.0.7").status == 200
    assert Client().django.get("/api/v1/me/", headers={"Host": "10.0.0.7"}).status_code == 400
    redirected = Client().django.get("/api/v1/me/?a=1", headers={"Host": "maristan.example"})
    assert (redirected.status_code, redirected["Location"]) == (301, "https://maristan.example/api/v1/me/?a=1")


@pytest.mark.parametrize("waits", [False, True])
def test_a_probe_asks_the_database_at_most_three_times(own_database: Owner, monkeypatch: Any, waits: bool) -> None:
    if waits:
        own_database(WAITING)
    asked: list[str] = []
    usual = CursorWrapper.execute
    monkeypatch.setattr(
        CursorWrapper, "execute", lambda self, sql, params=None: asked.append(sql) or usual(self, sql, params)
    )
    maintenance.forget()
    looked_at()
    assert len([each for each in asked if each.upper().startswith("SELECT")]) <= 3, asked


def test_a_probe_never_waits_for_the_connections_of_others(own_database: Owner, monkeypatch: Any) -> None:
    own_database(
        "INSERT INTO operations_maintenancewindow (level, message, planned_from, until, started_at, by,"
        " created_at, version) VALUES ('full', '', now(), now() + interval '1 hour', now(), 'Olga', now(), 1)"
    )
    monkeypatch.setattr(maintenance, "connection", None)
    maintenance.forget()
    answer = looked_at()
    assert (answer.status, answer.json["maintenance"]) == (200, True)


@pytest.mark.usefixtures("_database_down", "django_db_setup")
def test_a_process_is_alive_whatever_fails(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        alive, summary = looked_at("/liveness/"), looked_at("/health/summary/")
    assert (alive.status, alive.json) == (200, {"status": "alive"})
    assert (summary.status, summary.json) == (503, {"status": "unhealthy", "database": "error", "cache": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/health/", "/api/v1/me/"])
def test_a_method_that_a_path_does_not_know_is_a_problem_document(path: str) -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).delete(path)
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=é"])
def test_a_form_that_cannot_be_taken_apart_is_a_fault_of_its_shape(content_type: str) -> None:
    make.institution()
    client = Client(make.member("Alice", "admin"))
    response = client.django.generic("POST", "/api/v1/directory/faculty/imports/", b"xx", content_type=content_type)
    answer = client._answer(response)
    assert (answer.status, answer.code) == (422, "bad_multipart")


@pytest.mark.django_db
def test_a_host_that_is_not_served_is_a_problem_document() -> None:
    client = Client()
    answer = client._answer(client.django.get("/api/v1/me/", headers={"Host": "evil.example"}))
    assert (answer.status, answer.code) == (400, "bad_request")


@pytest.mark.django_db
@pytest.mark.parametrize("is_pooled", [False, True])
def test_a_probe_gives_up_after_two_seconds_with_a_pooler_as_without(settings: Any, is_pooled: bool) -> None:
    settings.DATABASE_IS_POOLED = is_pooled
    with health_queries.own_connection() as side:
        with side.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("2s",)
        assert side.get_autocommit() is not is_pooled  # with a pooler it holds for one transaction
        assert ("statement_timeout" in side.settings_dict["OPTIONS"].get("options", "")) is not is_pooled
    assert side.connection is None


@pytest.mark.django_db
def test_a_database_before_its_first_migration_has_none_applied() -> None:
    with health_queries.own_connection() as side, side.cursor() as cursor:
        cursor.execute("SET search_path = pg_catalog")
        assert health_queries.applied(cursor) == set()
