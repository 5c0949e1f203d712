"""What probes are told: one body for every caller, decided by the database and its migrations alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

NO_WORKERS = "warning: no workers found"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a probe saw; `latency_ms` is the time until the database answered, or until it was given up.

    `pending` counts migrations of this build that are not applied, none when it cannot be known; `too_new` says that
    the database was changed by a release that declared it breaking for this code. `cache` and `workers` are none where
    they could not be asked: no Redis is named; the database is down, or has no table of processes yet.
    """

    database: bool
    latency_ms: float
    pending: int | None
    too_new: bool
    redis: bool | None
    cache: bool
    workers: bool | None
    version: str
    build: str
    maintenance: bool


def is_well(seen: Seen) -> bool:
    """Whether this process can serve: redis, cache, workers and maintenance never decide it."""
    return seen.database and seen.pending == 0 and not seen.too_new


def body(seen: Seen) -> dict[str, Any]:
    """The answer of every path but the summary."""
    migrations: dict[str, Any] = {"status": "ok" if is_well(seen) else "fail"}
    if seen.database and not is_well(seen) and seen.pending is not None:
        migrations["pending_count"] = seen.pending
    return {
        "status": "ok" if is_well(seen) else "degraded",
        "checks": {
            "db": {"status": "ok" if seen.database else "fail", "latency_ms": seen.latency_ms},
            "migrations": migrations,
            "redis": {"status": _told(seen.redis)},
            "workers": {"status": _told(seen.workers)},
        },
        "version": seen.version,
        "database": "ok" if seen.database else "error",
        "cache": "ok" if seen.cache else "error",
        "celery": {True: "ok", False: NO_WORKERS, None: "not available"}[seen.workers],
        "build": seen.build,
        "maintenance": seen.maintenance,
    }


def summary(seen: Seen) -> tuple[HTTPStatus, Mapping[str, str]]:
    """The flat shape, which also counts the cache."""
    healthy = seen.database and seen.cache
    answer = {
        "status": "healthy" if healthy else "unhealthy",
        "database": "ok" if seen.database else "error",
        "cache": "ok" if seen.cache else "error",
    }
    return (HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE), answer


def _told(found: bool | None) -> str:
    return {True: "ok", False: "fail", None: "skipped"}[found]
