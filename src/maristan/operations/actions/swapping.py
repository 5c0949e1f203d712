"""The steps of a restore that touch what serves: each can be undone, also by another process after a kill."""

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import connections
from psycopg import sql

from maristan.kernel import clock, jobs
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import asking, holding, maintenance, packing
from maristan.operations.queries import restores, servers
from maristan.operations.queries.restores import Plan
from maristan.operations.rules.states import MaintenanceLevel

PART = packing.PART
PATIENCE = 20  # seconds for connections to end
SETTLE = 1.5  # seconds until every worker saw that maintenance is on
IN_HAND = """SELECT task_name FROM procrastinate_jobs WHERE status = 'doing' AND queue_name <> 'operations'
  AND worker_id IN (SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds')"""
SERVES = "opening doors"  # noted once what was restored is what serves
EXCHANGED = frozenset(("swapping", "exchanging files", "looking", "verifying", "smoke"))  # another database served
OF_SETS = (
    "DELETE FROM django_session",
    "DELETE FROM usersessions_usersession",
    "DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = ANY(%(periodic)s)",
    "DELETE FROM procrastinate_workers",
)


@unjournaled(PART)
def note(*, plan: Plan, step: str, by: Actor) -> Plan:
    """Say on the disk which step comes next, before it does."""
    file, now = restores.note(), replace(plan, step=step)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(restores.written(now), encoding="utf-8")
    packing.sync(path=beside, by=by)
    beside.replace(file)
    return now


@unjournaled("it is part of a restore, which leaves the line")
def close_aside(*, by: Actor) -> None:
    """Full maintenance in a database that does not serve yet: once it does, the doors stay closed on every host."""
    until = clock.now() + maintenance.RUN_TAKES
    maintenance.begin(level=MaintenanceLevel.FULL, message="", until=until, by=by)


@unjournaled("it reads")
def wait_for_workers(*, by: Actor) -> str:
    """Until workers have nothing in hand but what operations does, GRACEFUL_TIMEOUT_S at most; says what it saw."""
    if not _in_hand("SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"):
        return "no worker lives"
    began = time.monotonic()
    time.sleep(SETTLE)
    while left := _in_hand(IN_HAND):
        if time.monotonic() - began > settings.GRACEFUL_TIMEOUT_S:
            return f"after {settings.GRACEFUL_TIMEOUT_S} s still in hand, and interrupted: {', '.join(left[:10])}"
        time.sleep(0.2)
    return f"idle after {time.monotonic() - began:.1f} s"


def _in_hand(statement: str) -> list[str]:
    with servers.connected(servers.live()) as there:
        return [str(each) for (each,) in there.execute(statement.encode()).fetchall()]


@unjournaled("it is part of a restore, which leaves the line")
def open_doors(*, by: Actor) -> None:
    """End maintenance, in the database that serves now and on this host, unless an operator had begun it before."""
    maintenance.reopen(by=by)


@unjournaled(PART)
def end_what_was_going_on(*, database: str, by: Actor) -> dict[str, int]:
    """In a restored database: nobody is signed in, and nothing that waited runs before an operator releases it.

    Gives how many of each kind are held.
    """
    with servers.connected(database) as there, there.transaction():
        for each in OF_SETS:
            there.execute(each, {"periodic": [*jobs.periodic_jobs, *asking.BY_CLOCK]})
        held = {kind: there.execute(each.hold.encode()).rowcount for kind, each in holding.WAITING.items()}
        row = there.execute("SELECT to_regclass('operations_deployment')").fetchone()
        if row and row[0]:  # the run that made the set was going on then, and is not now
            there.execute(UNFINISHED_RUNS)
    return held


UNFINISHED_RUNS = """UPDATE operations_deployment
  SET status = 'needs_operator', finished_at = greatest(now(), started_at) WHERE status IN ('planned', 'running')"""


@unjournaled(PART)
def close(*, databases: Iterable[str], by: Actor) -> None:
    """Let nobody into databases, and end every connection to them."""
    names = list(databases)
    connections.close_all()
    with servers.connected(servers.outside()) as there:
        for name in names:
            there.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        end = time.monotonic() + PATIENCE
        while there.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)", [names]
        ).fetchall():
            if time.monotonic() > end:
                raise TimeoutError("connections to the database did not end")
            time.sleep(0.1)


@unjournaled(PART)
def rename(*, pairs: list[tuple[str, str]], by: Actor) -> None:
    """Give databases other names and open them again, all at once."""
    with servers.connected(servers.outside()) as there, there.transaction():
        for old, new in pairs:
            there.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))
        for _, new in pairs:
            there.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(new)))


@unjournaled(PART)
def exchange_files(*, plan: Plan, by: Actor) -> None:
    """The unpacked files take the place of the live ones."""
    live, new, before = Path(plan.media), Path(plan.media_new), Path(plan.media_before)
    if new.is_dir():
        if live.exists():
            live.rename(before)
        else:
            before.mkdir(mode=0o700)
        new.rename(live)


@unjournaled("the restore that it undoes leaves the line")
def undo(*, plan: Plan, by: Actor) -> None:
    """Put back what served before, whatever step a restore had reached; what was put back already stays.

    The doors stay closed and the note stays until somebody looked at what serves: then `reopen`.
    """
    there = servers.databases()
    if plan.before in there:
        close(databases=[each for each in (plan.live, plan.before) if each in there], by=by)
        pairs = [(plan.live, plan.scratch)] if plan.live in there else []
        rename(pairs=[*pairs, (plan.before, plan.live)], by=by)
    else:
        _open(plan.live)
    live, before = Path(plan.media), Path(plan.media_before)
    if before.exists():
        if live.exists():
            live.rename(plan.media_new)
        before.rename(live)
    shutil.rmtree(plan.media_new, ignore_errors=True)
    packing.drop_database(name=plan.scratch, by=by)


@unjournaled("the restore that it ends leaves the line")
def reopen(*, by: Actor) -> None:
    """The doors open again, and nothing is left to undo."""
    open_doors(by=by)
    restores.note().unlink(missing_ok=True)


def _open(name: str) -> None:
    with servers.connected(servers.outside()) as there:
        there.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))
