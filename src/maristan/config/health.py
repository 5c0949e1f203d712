"""Whether this process can serve: the database answers and its schema is the code's."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from maristan.kernel.errors import Refusal
from maristan.kernel.problems import problem_response

PATHS = {"/api/health/", "/api/v1/health/", "/health/", "/healthz/"}


class HealthFirst:
    """Answers probes before anything that needs a host name, TLS, a session or the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return health(request) if request.path in PATHS else self.get_response(request)


def health(request: HttpRequest) -> HttpResponse:
    """200 when database and migrations are well, else 503; no exception text leaves here."""
    if request.method not in {"GET", "HEAD"}:
        refusal = Refusal("method_not_allowed")
        refusal.status = HTTPStatus.METHOD_NOT_ALLOWED
        response = problem_response(refusal)
        response["Allow"] = "GET, HEAD"
        return response
    checks = _checks()
    well = all(check["status"] == "ok" for check in checks.values())
    answer = {"status": "ok" if well else "degraded", "checks": checks, "version": settings.PRODUCT_VERSION}
    response = JsonResponse(answer, status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)
    response["Cache-Control"] = "no-store"
    return response


def _checks() -> dict[str, dict[str, Any]]:
    started = time.perf_counter()
    checks: dict[str, dict[str, Any]] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["db"] = {"status": "ok"}
        pending = len(_pending())
        checks["migrations"] = {"status": "fail", "pending_count": pending} if pending else {"status": "ok"}
    except Error:
        checks = {"db": {"status": "fail"}, "migrations": {"status": "fail"}}
    checks["db"]["latency_ms"] = round((time.perf_counter() - started) * 1000, 2)
    return checks


def _pending() -> list[Any]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
