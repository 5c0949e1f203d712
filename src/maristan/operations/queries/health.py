"""What a probe sees of this process: at most four statements on a connection of its own, two seconds each."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as kept
from django.db import Error, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from redis import Redis, RedisError

from maristan.operations.queries import build, maintenance
from maristan.operations.rules.health import Seen

PATIENCE = 2  # seconds for a connection, and for each statement
WORKERS = """SELECT EXISTS (SELECT FROM operations_process WHERE kind = 'worker'
  AND last_seen_at > now() - interval '30 seconds')"""
BROKEN_BY = """SELECT EXISTS (SELECT FROM operations_appliedmigration a
  JOIN unnest(%s::text[], %s::text[]) AS unknown(app, name) USING (app, name) WHERE a.breaks_former_code)"""


@contextmanager
def own_connection(patience: float = PATIENCE) -> Iterator[Any]:
    """A connection beside the pool that gives up soon; a probe is answered also when all others wait."""
    side = connection.copy()
    options = {key: value for key, value in side.settings_dict["OPTIONS"].items() if key != "pool"}
    side.settings_dict["OPTIONS"] = {**options, "connect_timeout": int(patience)}
    limit = int(patience * 1000)
    if not settings.DATABASE_IS_POOLED:
        flags = f"{options.get('options', '')} -c statement_timeout={limit}".strip()
        side.settings_dict["OPTIONS"]["options"] = flags
    try:
        if settings.DATABASE_IS_POOLED:
            side.set_autocommit(False)
            with side.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {limit}")
        yield side
        if settings.DATABASE_IS_POOLED:
            side.rollback()
    finally:
        side.close()


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Every migration of this build."""
    loader = MigrationLoader(None)
    return frozenset((str(app), str(name)) for app, name in loader.disk_migrations)


def applied(cursor: Any) -> set[tuple[str, str]]:
    """Every migration that the database says was applied; none before the first."""
    try:
        cursor.execute("SELECT app, name FROM django_migrations")
    except ProgrammingError:
        return set()
    return {(app, name) for app, name in cursor.fetchall()}


def look() -> Seen:
    """Ask database, cache and workers; nothing that they answer is an error here."""
    started = time.perf_counter()
    database, pending, too_new, workers, closed = False, None, False, None, None
    latency = 0.0
    try:
        with own_connection() as side, side.cursor() as cursor:
            there = applied(cursor)
            database, latency = True, _since(started)
            pending, too_new = _migrations(cursor, there)
            closed = maintenance.state(cursor=cursor)
            workers = _has_workers(cursor)  # last: while migrations wait there may be no such table
    except Error:
        latency = latency or _since(started)
    redis, cached = _cache()
    running = build.running()
    return Seen(
        database=database,
        latency_ms=latency,
        pending=pending,
        too_new=too_new,
        redis=redis,
        cache=cached,
        workers=workers,
        version=running.version,
        build=running.build_id,
        maintenance=(closed or maintenance.state(ask_database=False)).is_on,
    )


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _migrations(cursor: Any, there: set[tuple[str, str]]) -> tuple[int, bool]:
    known = known_migrations()
    unknown = sorted(there - known)
    if known - there or not unknown:
        return len(known - there), False
    cursor.execute(BROKEN_BY, [[app for app, _ in unknown], [name for _, name in unknown]])
    return 0, bool(cursor.fetchone()[0])


def _has_workers(cursor: Any) -> bool:
    cursor.execute(WORKERS)
    return bool(cursor.fetchone()[0])


def _cache() -> tuple[bool | None, bool]:
    """Whether Redis answers (none without one), and whether what is kept there comes back; one round trip."""
    key = f"{settings.CACHE_PREFIX}:health:{secrets.token_hex(8)}"
    if not settings.REDIS_URL:
        kept.set(key, key, timeout=5)
        return None, kept.get(key) == key
    try:
        asked = redis().pipeline(transaction=False)
        asked.set(key, key, ex=5)
        asked.get(key)
        works = asked.execute()[1] == key.encode()
    except (RedisError, OSError):
        works = False
    return works, works


@cache
def redis() -> Redis:
    """The connection of probes, which gives up soon."""
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
