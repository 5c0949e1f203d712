"""Probes are answered by JSON whatever fails, and so is the API."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

from maristan.config import health
from maristan.directory.tests import factories as make
from maristan.kernel.tests.client import Client


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
    assert b"db.internal" not in answer.body


@pytest.mark.usefixtures("_database_down", "django_db_setup")
def test_without_the_database_the_api_asks_to_try_again(django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        answer = Client().get("/api/v1/me/")
    assert (answer.status, answer.code) == (503, "unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"db.internal" not in answer.body


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
