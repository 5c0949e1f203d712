"""Whether this process can serve: the database answers and its schema is the code's."""

import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 when database and migrations are well, else 503; no exception text leaves here."""
    started = time.perf_counter()
    checks: dict[str, Any] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["db"] = {"status": "ok"}
        pending = len(_pending())
        checks["migrations"] = {"status": "fail", "pending_count": pending} if pending else {"status": "ok"}
    except DatabaseError:
        checks = {"db": {"status": "fail"}, "migrations": {"status": "fail"}}
    checks["db"]["latency_ms"] = round((time.perf_counter() - started) * 1000, 2)
    well = all(check["status"] == "ok" for check in checks.values())
    response = JsonResponse(
        {"status": "ok" if well else "degraded", "checks": checks, "version": settings.PRODUCT_VERSION},
        status=200 if well else 503,
    )
    response["Cache-Control"] = "no-store"
    return response


def _pending() -> list[Any]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
