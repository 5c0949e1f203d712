"""Migrates one by one: each waits shortly for its locks, is tried again, and at last names who held them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from maristan.kernel.access import platform
from maristan.operations.actions import migrations
from maristan.operations.actions.deployments import StepFault
from maristan.operations.queries import faults, servers

TRIED_AFTER = (2, 4, 8, 16, 32)  # seconds
LOOK_EVERY = 0.2
BLOCKERS = """SELECT a.pid, a.application_name, a.state, left(a.query, 80) FROM unnest(pg_blocking_pids(%s)) AS b(pid)
  JOIN pg_stat_activity a ON a.pid = b.pid"""


class Torn(StepFault):
    """A migration that is no transaction failed: nobody knows what of it stays."""


class HalfWay(StepFault):
    """Some of a plan was done, and a later part failed."""


class Blockers(threading.Thread):
    """Looks who holds what this session waits for; `named` is the last who did."""

    def __init__(self, backend: int) -> None:
        super().__init__(name="blockers", daemon=True)
        self.backend, self.named = backend, ""
        self._end = threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        with suppress(psycopg.Error), servers.connected(servers.live(), doing="blockers") as side:
            while not self._end.wait(LOOK_EVERY):
                row = side.execute(BLOCKERS, [self.backend]).fetchone()
                if row is not None:
                    pid, program, state, query = row
                    self.named = f"pid {pid} {program or 'unnamed'} ({state}): {' '.join(str(query).split())}"

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        self.join(timeout=5)


@contextmanager
def limited() -> Iterator[Blockers]:
    """Within it this session waits no longer than the settings say, and somebody looks for whom it waits."""
    connection.ensure_connection()
    lock, statement = settings.MIGRATE_LOCK_TIMEOUT_MS, settings.MIGRATE_STATEMENT_TIMEOUT_S * 1000
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
                       [str(lock), str(statement)])  # fmt: skip
        cursor.execute("SELECT pg_backend_pid()")
        blockers = Blockers(int(cursor.fetchone()[0]))
    blockers.start()
    try:
        yield blockers
    finally:
        blockers.stop()
        connection.close()


def forwards(say: Callable[[str], None]) -> str:
    """Apply what waits; raises `StepFault`, and `Torn` for one that is no transaction."""
    done: list[str] = []
    with limited() as blockers:
        executor, state = fresh()
        plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        if not executor.loader.applied_migrations:  # an empty database has nobody to wait for
            _all_at_once()
            return f"{len(plan)} applied to an empty database"
        for migration in plan:
            label = f"{migration.app_label}.{migration.name}"
            executor, state = _one(executor, state, migration, label, blockers)
            done.append(label)
            say(f"  applied {label}")
    call_command("migrate", verbosity=0, interactive=False)  # notes what was applied, and tells who listens
    return f"applied {', '.join(done)}" if done else "nothing waited"


def backwards(labels: Sequence[tuple[str, str]], say: Callable[[str], None]) -> str:
    """Take migrations back one by one, in the order of the plan that leads to these targets.

    Raises `StepFault` where the schema is as it was (also for a target that was never applied), else `HalfWay`.
    """
    targets = [(app, None if name == "zero" else name) for app, name in labels]
    done: list[str] = []
    with limited() as blockers:
        executor, _ = fresh()
        plan = executor.migration_plan(targets)
        ahead = [f"{each.app_label}.{each.name}" for each, is_backwards in plan if not is_backwards]
        if ahead:
            raise StepFault(f"not applied: {', '.join(ahead)}")
        for migration, _ in plan:
            _back(targets, migration, blockers, is_begun=bool(done))
            done.append(f"{migration.app_label}.{migration.name}")
            say(f"  took back {done[-1]}")
    migrations.remember(by=platform(None))
    return f"took back {', '.join(done)}" if done else "nothing was to be taken back"


def _back(
    targets: list[tuple[str, str | None]], migration: Migration, blockers: Blockers, *, is_begun: bool
) -> None:  # fmt: skip
    """Take one back, trying again when its locks are not to be had."""
    kind = HalfWay if is_begun or not migration.atomic else StepFault
    for pause in (*TRIED_AFTER, None):
        executor = MigrationExecutor(connection)
        try:
            blockers.named = ""
            executor.migrate(targets, plan=[(executor.loader.graph.nodes[migration.app_label, migration.name], True)])
        except Exception as fault:  # a migration may raise anything
            if pause is None or not migration.atomic or not is_lock_timeout(fault):
                raise kind(f"{migration.app_label}.{migration.name}: {_said(fault, blockers)}") from fault
        else:
            return
        time.sleep(pause)


def fresh() -> tuple[MigrationExecutor, ProjectState]:
    """An executor, and the state of all that is applied."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    return executor, executor.migrate([], plan=[])


def _one(
    executor: MigrationExecutor, state: ProjectState, migration: Migration, label: str, blockers: Blockers
) -> tuple[MigrationExecutor, ProjectState]:
    """Apply one, trying again when its locks are not to be had."""
    key = (migration.app_label, migration.name)
    for pause in (*TRIED_AFTER, None):
        try:
            blockers.named = ""
            return executor, executor.apply_migration(state, executor.loader.graph.nodes[key])
        except Exception as fault:  # a migration may raise anything
            if not migration.atomic:
                raise Torn(f"{label}: {_said(fault, blockers)}") from fault
            if pause is None or not is_lock_timeout(fault):
                raise StepFault(f"{label}: {_said(fault, blockers)}") from fault
        time.sleep(pause)
        executor, state = fresh()  # the state of a failed one is half that of the next
    raise StepFault(label)


def is_lock_timeout(fault: BaseException) -> bool:
    """Whether a statement gave up waiting for a lock."""
    return isinstance(fault, OperationalError) and isinstance(fault.__cause__, psycopg.errors.LockNotAvailable)


def _said(fault: BaseException, blockers: Blockers) -> str:
    line = faults.said(fault)
    return f"{line}; blocked by {blockers.named}" if is_lock_timeout(fault) and blockers.named else line


def _all_at_once() -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as fault:
        raise StepFault(faults.said(fault)) from fault
