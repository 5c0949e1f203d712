"""A migration that waits for somebody is tried again, names who it was, and leaves the schema as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from maristan.config import migrating
from maristan.config.tests.test_verification import as_owner  # noqa: F401 - a fixture
from maristan.operations.actions.deployments import StepFault
from maristan.operations.queries import servers

KEY = ("rig", "0001_rig")


class Executor:
    """Applies one statement; as the framework's, in a transaction where the migration is one."""

    def __init__(self, statement: str) -> None:
        self.statement, self.tries = statement, 0
        self.loader = SimpleNamespace(graph=SimpleNamespace(nodes={KEY: migration()}))

    def apply_migration(self, state: Any, found: Any) -> Any:
        self.tries += 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half (id int)")
            cursor.execute(self.statement)
        return state


def migration(*, atomic: bool = True) -> Any:
    return SimpleNamespace(app_label="rig", name="0001_rig", atomic=atomic)


@pytest.fixture
def quick(as_owner: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    settings.MIGRATE_LOCK_TIMEOUT_MS = 300
    monkeypatch.setattr(migrating, "TRIED_AFTER", (0.01, 0.01))
    monkeypatch.setattr(migrating, "LOOK_EVERY", 0.02)


@contextmanager
def somebody_holds(table: str) -> Iterator[int]:
    with servers.connected(servers.live(), doing="report") as other, other.transaction():
        other.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        yield other.info.backend_pid


def there() -> bool:
    return "half" in connection.introspection.table_names()


def applied(executor: Executor, monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    monkeypatch.setattr(migrating, "fresh", lambda: (executor, None))
    with migrating.limited() as blockers:
        migrating._one(executor, None, migration(**values), "rig.0001_rig", blockers)


def test_whoever_blocks_is_named_after_the_last_try(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = Executor("ALTER TABLE kernel_user ADD COLUMN half int")
    with somebody_holds("kernel_user") as pid, pytest.raises(StepFault) as failed:
        applied(executor, monkeypatch)
    assert executor.tries == 3
    said = str(failed.value)
    assert (f"blocked by pid {pid} maristan report" in said, said.startswith("rig.0001_rig: ")) == (True, True)
    assert not there()


def test_it_goes_on_once_the_other_is_done(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = Executor("ALTER TABLE kernel_user ADD COLUMN half int")
    holding = somebody_holds("kernel_user")
    holding.__enter__()
    monkeypatch.setattr(migrating.time, "sleep", lambda _: holding.__exit__(None, None, None))
    applied(executor, monkeypatch)
    assert (executor.tries, there()) == (2, True)


def test_any_other_fault_is_not_tried_again(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = Executor("SELECT 1/0")
    with pytest.raises(StepFault, match=r"rig\.0001_rig: DataError 22012: division by zero") as failed:
        applied(executor, monkeypatch)
    assert (executor.tries, there(), isinstance(failed.value, migrating.Torn)) == (1, False, False)
    with pytest.raises(migrating.Torn):
        applied(executor, monkeypatch, atomic=False)


def test_a_statement_does_not_wait_for_ever_and_the_session_is_left_as_it_was(quick: None) -> None:
    with migrating.limited(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("300ms", "15min")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)


class Backwards:
    """An executor that takes one migration back, if its lock is to be had."""

    def __init__(self, of: "Tries") -> None:
        self.of = of
        self.loader = SimpleNamespace(
            graph=SimpleNamespace(nodes={(each.app_label, each.name): each for each, _ in of.plan})
        )

    def migration_plan(self, _: Any) -> Any:
        return self.of.plan

    def migrate(self, _: Any, plan: Any) -> None:
        (name,) = [each.name for each, _ in plan]
        self.of.tried.append(name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.of.statements[name])


class Tries:
    """Two migrations that are taken back, and what was tried of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, first: str, second: str, *, atomic: bool = True) -> None:
        self.tried: list[str] = []
        self.statements = {"0002_b": first, "0001_a": second}
        self.plan = [(SimpleNamespace(app_label="rig", name=each, atomic=atomic), True) for each in self.statements]
        monkeypatch.setattr(migrating, "MigrationExecutor", lambda _: Backwards(self))
        monkeypatch.setattr(migrating, "fresh", lambda: (Backwards(self), None))
        monkeypatch.setattr(migrating.migrations, "remember", lambda **_: None)


ALTERS = "ALTER TABLE kernel_user ADD COLUMN half int"


def test_what_is_taken_back_is_tried_again_too_and_names_who_held_it(quick: None, monkeypatch: Any) -> None:
    here, said = Tries(monkeypatch, ALTERS, "SELECT 1"), []
    with somebody_holds("kernel_user") as pid, pytest.raises(StepFault) as failed:
        migrating.backwards([("rig", "zero")], said.append)
    assert (here.tried, said, type(failed.value)) == (["0002_b"] * 3, [], StepFault)
    assert f"blocked by pid {pid} maristan report" in str(failed.value)
    holding = somebody_holds("kernel_user")
    holding.__enter__()
    monkeypatch.setattr(migrating.time, "sleep", lambda _: holding.__exit__(None, None, None))
    here.tried.clear()
    assert migrating.backwards([("rig", "zero")], said.append) == "took back rig.0002_b, rig.0001_a"
    assert here.tried == ["0002_b", "0002_b", "0001_a"]


@pytest.mark.parametrize(
    ("first", "second", "atomic", "kind"),
    [
        ("SELECT 1/0", "SELECT 1", True, StepFault),
        ("SELECT 1", "SELECT 1/0", True, migrating.HalfWay),
        ("SELECT 1/0", "SELECT 1", False, migrating.HalfWay),
    ],
)
def test_what_was_taken_back_in_part_is_told_from_what_was_not(
    first: str, second: str, atomic: bool, kind: type, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tries(monkeypatch, first, second, atomic=atomic)
    with pytest.raises(StepFault, match="division by zero") as failed:
        migrating.backwards([("rig", "zero")], lambda _: None)
    assert type(failed.value) is kind
