"""Whether maintenance is on: by the environment, a file of this host, or a window in the database."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core import signing
from django.db import Error, connection
from django.db.models import Q, QuerySet

from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.operations.models import Deployment, MaintenanceWindow
from maristan.operations.queries import servers
from maristan.operations.rules.maintenance import (
    ANNOUNCED,
    OFF,
    Before,
    Coming,
    State,
    Taken,
    WindowFacts,
    of_file,
    of_note,
    status_of,
    strictest,
)
from maristan.operations.rules.states import UNFINISHED, MaintenanceLevel, Perm

LOOKED_AT_EVERY = 1.0  # seconds
BEGUN = datetime.now(UTC)  # this process
BYPASS_SALT = "operations.maintenance.bypass"
BYPASS_SECONDS = 900
OPEN_OR_NEXT = """
SELECT started_at IS NOT NULL, level, message, planned_from, until FROM operations_maintenancewindow
WHERE ended_at IS NULL
AND (started_at IS NOT NULL OR planned_from <= now() + make_interval(secs => %s) AND until > now())
ORDER BY started_at IS NULL, planned_from LIMIT 1
"""
GOES_ON = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND ((classid::bigint << 32) | objid::bigint) = %s
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
OPEN_WINDOW = Q(started_at__isnull=False, ended_at__isnull=True)


@dataclass(slots=True)
class _Look:
    """What was last seen, and when, on the clock of this process; `coming` is what was announced for the next day."""

    at: float = float("-inf")
    state: State = OFF
    coming: Coming | None = None


_file, _window = _Look(), _Look()
_turn = threading.Lock()


def state(*, ask_database: bool = True, cursor: Any = None) -> State:
    """The maintenance in force; file and database are looked at no more than once a second by each process.

    `cursor`: where the database is asked, for whoever may not wait for the connections of others.
    """
    always = (
        State(settings.MAINTENANCE_MODE, message=settings.MAINTENANCE_MESSAGE) if settings.MAINTENANCE_MODE else OFF
    )
    return strictest(always, of_host(), _of_database(cursor) if ask_database else _window.state)


def of_host_since() -> tuple[datetime | None, datetime | None]:
    """Since when the file or the environment of this host closes it, and until when it was meant to."""
    if settings.MAINTENANCE_MODE:
        return BEGUN, None
    said = of_host()
    try:
        begun = settings.MAINTENANCE_FILE.stat().st_mtime
    except OSError:
        return None, None
    return datetime.fromtimestamp(begun, UTC), said.until


def of_host() -> State:
    """What the flag file of this host says."""
    with _turn:
        if _is_old(_file):
            _file.state = _read(settings.MAINTENANCE_FILE)
    return _file.state


def flag_text() -> str | None:
    """What the flag file of this host has in it; none where there is none."""
    try:
        return str(settings.MAINTENANCE_FILE.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return None


def note_before() -> Path:
    """Where a run that closes the doors notes what was on before."""
    return Path(settings.VAR) / "doors.json"


def before() -> Before | None:
    """What was on before the run that closed the doors; none where no run noted it."""
    try:
        return of_note(note_before().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def forget() -> None:
    """Look again at once: this process changed it."""
    _file.at = _window.at = float("-inf")


def _is_old(look: _Look) -> bool:
    now = time.monotonic()
    if now - look.at < LOOKED_AT_EVERY:
        return False
    look.at = now
    return True


def _read(file: Path) -> State:
    try:
        return of_file(file.read_bytes())
    except FileNotFoundError:
        return OFF
    except OSError:  # it is there and cannot be read
        return State(True)


def _of_database(cursor: Any) -> State:
    with _turn:
        if not _is_old(_window):
            return _window.state
    try:
        _window.state, _window.coming = _open_or_next(cursor)
    except Error:  # who ends it needs the database: a restore exchanges it behind doors that were seen closed
        _window.coming = None
        if cursor is None and not connection.in_atomic_block:
            connection.close()  # the next look opens another
    return _window.state


def _open_or_next(given: Any) -> tuple[State, Coming | None]:
    with nullcontext(given) if given is not None else connection.cursor() as cursor:
        cursor.execute(OPEN_OR_NEXT, [ANNOUNCED.total_seconds()])
        found = cursor.fetchone()
    if found is None:
        return OFF, None
    is_open, level, message, begins_at, until = found
    if is_open:
        return State(True, MaintenanceLevel(level), message, until), None
    return OFF, Coming(MaintenanceLevel(level), message, begins_at, until)


def notice() -> dict[str, Any] | None:
    """What everybody is told over every screen: that it is on, or that it comes within a day; asks nothing anew."""
    now = state()
    coming = _window.coming
    if now.is_on:
        return {"is_on": True, "level": now.level, "message": now.message, "begins_at": None, "until": now.until}
    return None if coming is None else {"is_on": False, **asdict(coming)}


def get(pk: int, *, actor: Actor, lock: bool = False) -> MaintenanceWindow:
    """A window; raises `NotFound`, and `NotAllowed` without the permission."""
    actor.demand(Perm.MAINTENANCE_MANAGE)
    rows = MaintenanceWindow.objects.select_for_update() if lock else MaintenanceWindow.objects.all()
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def visible_to(actor: Actor) -> "QuerySet[MaintenanceWindow]":
    """Every window, newest first; raises `NotAllowed` without the permission."""
    actor.demand(Perm.MAINTENANCE_MANAGE)
    return MaintenanceWindow.objects.order_by("-planned_from", "-pk")


def open_window(*, lock: bool = False) -> MaintenanceWindow | None:
    """The window that is open now."""
    rows = MaintenanceWindow.objects.select_for_update() if lock else MaintenanceWindow.objects.all()
    return rows.filter(OPEN_WINDOW).first()


def overlapping(planned_from: datetime, until: datetime) -> list[Taken]:
    """The windows, planned or open, that have some of this time, the earliest first."""
    found = MaintenanceWindow.objects.filter(ended_at__isnull=True, planned_from__lt=until, until__gt=planned_from)
    ordered = found.order_by("planned_from", "pk")
    return [Taken(*each) for each in ordered.values_list("pk", "message", "planned_from", "until")]


def shown(row: MaintenanceWindow) -> dict[str, Any]:
    """A window as lists show it."""
    fields = ("level", "message", "planned_from", "until", "started_at", "ended_at", "by", "version")
    return {
        "id": row.pk,
        "status": status_of(row.started_at, row.ended_at),
        **{each: getattr(row, each) for each in fields},
    }


def facts(row: MaintenanceWindow, *, is_forced: bool = False) -> WindowFacts:
    """What decides about its moves."""
    needed = row.run_id is not None and Deployment.objects.filter(run_id=row.run_id, status__in=UNFINISHED).exists()
    other = open_window()
    return WindowFacts(
        status=status_of(row.started_at, row.ended_at),
        is_other_open=other is not None and other.pk != row.pk,
        is_needed=needed,
        is_forced=is_forced,
    )


def told_of(row: MaintenanceWindow) -> dict[str, Any]:
    """What people are told of a window: `level`, `message`, `from` and `until`."""
    return {
        "level": row.level, "message": row.message, "from": row.planned_from.isoformat(),
        "until": row.until.isoformat(),
    }  # fmt: skip


@contextmanager
def passing(doing: str) -> Iterator[str]:
    """A token by which one run of the command line passes maintenance: for 15 minutes, and not after the run.

    While it goes on the run holds a lock that the token names; that of a run that died is gone with it. Empty without
    the database, where nobody could tell whether it still goes on.
    """
    key = secrets.randbits(62)
    with ExitStack() as run:
        try:
            there = run.enter_context(_session(doing))
            there.execute(servers.ENDLESS)
            there.execute("SELECT pg_advisory_lock(%s)", [key])
            run.callback(_end, there, key)
            token = signing.dumps(key, salt=BYPASS_SALT)
        except psycopg.Error:
            token = ""
        yield token


def _end(there: "psycopg.Connection[tuple[Any, ...]]", key: int) -> None:
    """At once: the server may take a moment to see that a connection was closed."""
    with suppress(psycopg.Error):  # the session ended before the run, and the lock with it
        there.execute("SELECT pg_advisory_unlock(%s)", [key])


def _session(doing: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """A session of its own, past a pooler where there is one."""
    if settings.DATABASE_IS_POOLED:
        return psycopg.connect(
            settings.DATABASE_DIRECT_URL, autocommit=True, connect_timeout=10, application_name=f"maristan {doing}",
            keepalives_idle=servers.KEEPALIVE_SECONDS,
        )  # fmt: skip
    return servers.connected(servers.live(), doing=doing)


def is_bypass(token: str) -> bool:
    """Whether a token lets its bearer pass: it is of this installation, young, and its run goes on."""
    if not token:
        return False
    try:
        key = signing.loads(token, salt=BYPASS_SALT, max_age=BYPASS_SECONDS)
    except signing.BadSignature:
        return False
    return isinstance(key, int) and _goes_on(key)


def _goes_on(key: int) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(GOES_ON, [key])
            return bool(cursor.fetchone()[0])
    except Error:  # nobody can tell
        if not connection.in_atomic_block:
            connection.close()
        return False
