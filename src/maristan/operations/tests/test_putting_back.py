"""A restore that fails or is killed: what served before serves again, and doors stay closed until that was seen."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connections

from maristan.operations.actions import restores, swapping
from maristan.operations.actions.deployments import StepFault
from maristan.operations.models import RestoreRun
from maristan.operations.queries import health, maintenance
from maristan.operations.queries import restores as restore_queries
from maristan.operations.rules import sets as rules
from maristan.operations.tests.made_sets import BY, STEPS, USERS, asked, created, ended, harm, state


@pytest.mark.parametrize(("look", "code"), [("verified", "not_verified"), ("smoked", "smoke_failed")])
def test_what_serves_after_the_swap_is_looked_at_and_else_put_back(
    place: Path, own_database: Any, capsys: Any, content: Any, monkeypatch: Any, look: str, code: str
) -> None:
    name = created(prove=False).row.name
    own_database(
        "INSERT INTO operations_process (kind, host, pid, version, build_id, code_build_id, started_at, last_seen_at,"
        " listen, queues, rss_bytes) VALUES ('web', 'elsewhere', 7, '1', 'a', 'a', now(), now(), '{}', '{}', 0)"
    )
    harm(own_database)
    was = state()

    sessions = "SELECT session_key FROM django_session"

    def ill() -> str:
        assert maintenance.of_host().is_on
        if asked(sessions):
            return "the former one is well"
        raise StepFault("as the test says")  # it is the restored one, where nobody is signed in

    monkeypatch.setattr(content, look, ill)
    ended_with, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (ended_with, said.split("\n")[0]) == (5, f"{code}: as the test says")
    assert state() == was
    assert not maintenance.state().is_on


def test_a_set_that_does_not_restore_to_what_it_says_touches_nothing(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was, promised = state(), rules.of_manifest
    monkeypatch.setattr(rules, "of_manifest", lambda said: promised({**said, "migrations": []}))
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, said.split(":")[0]) == (5, "contents_differ")
    assert state() == was
    assert not maintenance.state().is_on
    assert RestoreRun.objects.get(kind="restore").outcome == "rolled_back"
    bad = SimpleNamespace(differing=("kernel_user: 3 rows in the set, 2 restored",))
    monkeypatch.setattr(restores.backups, "made_in_turn", lambda **_: bad)
    code, said = ended(["restore", name, "--yes"], capsys)
    assert (code, said.split("\n")[0]) == (5, f"backup_before_failed: {bad.differing[0]}")
    assert state() == was


def test_findings_stop_a_restore_before_the_exchange_unless_they_are_accepted(
    place: Path, own_database: Any, capsys: Any, content: Any, monkeypatch: Any
) -> None:
    name = created(prove=False).row.name
    users = asked(USERS)
    harm(own_database)
    was = state()

    def ill(aside: Any) -> str:
        assert Path(aside.media).name.startswith("media_restore_")
        raise StepFault("kernel file_missing: 1")

    monkeypatch.setattr(content, "integrity", ill)
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, said.split(";")[0]) == (5, "integrity_findings: kernel file_missing: 1")
    assert state() == was
    assert not maintenance.state().is_on
    row = RestoreRun.objects.get(kind="restore")
    assert (row.outcome, Path(row.report).read_text().splitlines()[-2]) == ("rolled_back", "- PUT BACK")
    code, said = ended(["restore", name, "--yes", "--no-backup", "--accept-findings"], capsys)
    assert (code, "not checked: findings that were accepted: kernel file_missing: 1" in said) == (0, True)
    assert asked(USERS) == users


def test_a_fault_after_the_swap_brings_the_former_database_and_files_back(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was = state()

    whole, seen = restores.health.look, []

    def ill() -> Any:
        seen.append(asked(USERS))
        return replace(whole(), pending=2) if len(seen) == 1 else whole()

    monkeypatch.setattr(restores.health, "look", ill)
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, said.split("\n")[0]) == (
        5, "unhealthy: after the swap: database True, 2 migrations pending",
    )  # fmt: skip
    assert seen[0] != seen[1] == was[0]
    assert state() == was
    assert not maintenance.state().is_on


def test_when_the_way_back_fails_too_maintenance_stays_and_the_next_command_is_named(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was = state()

    def ill(**_: Any) -> None:
        raise OSError("no disk")

    whole = swapping.undo
    monkeypatch.setattr(swapping, "exchange_files", ill)
    monkeypatch.setattr(swapping, "undo", ill)
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, "maristan restore --undo" in said) == (6, True)
    assert maintenance.state().is_on
    monkeypatch.setattr(swapping, "undo", whole)
    assert ended(["restore", "--undo"], capsys)[0] == 0
    assert state() == was
    assert not maintenance.state().is_on
    assert restore_queries.noted() is None


def test_doors_stay_closed_until_what_was_put_back_was_seen_to_serve(
    place: Path, own_database: Any, capsys: Any, content: Any, monkeypatch: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was, whole = state(), restores.health.look

    def is_closed(code: int, said: str, why: str) -> bool:
        maintenance.forget()
        assert (code, why in said, "maintenance stays on; next: maristan restore --undo" in said) == (6, True, True)
        assert asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [1]
        return maintenance.of_host().is_on and restore_queries.noted() is not None and state() == was

    def ill() -> str:
        raise StepFault("tables are missing")

    with monkeypatch.context() as now:
        now.setattr(restores.health, "look", lambda: SimpleNamespace(database=False, pending=None))
        away = "the way back failed: unhealthy: the former database does not answer"
        assert is_closed(*ended(["restore", name, "--yes", "--no-backup"], capsys), away)
        assert is_closed(*ended(["restore", "--undo"], capsys), away)
    with monkeypatch.context() as now:
        now.setattr(content, "verified", ill)
        assert is_closed(*ended(["restore", "--undo"], capsys), "not_verified: the former database: tables are missing")
        code, said = ended(["backup", "list"], capsys)  # it tells, and does what was asked
        assert (code, name in said, "maintenance stays on" in said) == (0, True, True)
        code, said = ended(["restore", "--undo", "--accept-findings"], capsys)
        assert (code, said, state() == was) == (0, "the former database serves again\n", True)
    maintenance.forget()
    assert (maintenance.state().is_on, restore_queries.noted(), restores.health.look) == (False, None, whole)


def test_another_set_may_be_restored_where_what_was_put_back_does_not_serve(
    place: Path, own_database: Any, capsys: Any, content: Any, monkeypatch: Any
) -> None:
    name, users = created(prove=False).row.name, asked(USERS)
    harm(own_database)
    assert killed_at("looking", name) == 9
    looks = iter([True, True, True, False])

    def verified(*_: Any) -> str:
        if next(looks):
            raise StepFault("tables are missing")
        return "every table"

    monkeypatch.setattr(content, "verified", verified)
    with monkeypatch.context() as now:  # one that fails before the exchange does not open the doors either
        now.setattr(restores, "_compare", lambda *_: verified())
        code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, "the way back failed: not_verified" in said, maintenance.of_host().is_on) == (6, True, True)
    looks = iter([True, False])
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    maintenance.forget()
    assert (code, asked(USERS), maintenance.state().is_on, restore_queries.noted()) == (0, users, False, None), said


def test_whatever_a_migration_raises_a_restore_is_put_back(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    name, known = created(prove=False).row.name, health.known_migrations() | {("kernel", "9999_of_today")}
    monkeypatch.setattr(health, "known_migrations", lambda: known)
    harm(own_database)
    was = state()

    class Own(Exception):
        """As one that a migration declares."""

    private = "Key (national_id)=(3520112345671) already exists."
    unique = IntegrityError(f'duplicate key value violates unique constraint "one"\nDETAIL:  {private}')
    unique.__cause__ = psycopg.errors.UniqueViolation()
    for fault, why in (
        (Own("3520112345671 is nobody"), r"Own at test_putting_back\.py:\d+"),
        (unique, 'IntegrityError 23505: duplicate key value violates unique constraint "one"'),
    ):

        def fails(*_: Any, fault: Exception = fault, **__: Any) -> None:
            raise fault

        with monkeypatch.context() as now:
            now.setattr(restores, "call_command", fails)
            code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
        assert (code, bool(re.fullmatch(why, said.splitlines()[0]))) == (5, True), said
        assert (state() == was, maintenance.of_host().is_on, restore_queries.noted()) == (True, False, None)
        row = RestoreRun.objects.filter(kind="restore").first()
        assert (row.outcome, row.mismatches) == ("rolled_back", [said.splitlines()[0]])
    told = [*Path(place.parent / "var" / "reports").iterdir(), place.parent / "var" / "operations.jsonl"]
    assert not any("3520112345671" in each.read_text() for each in told)
    assert asked("SELECT count(*) FROM kernel_journalline WHERE changes::text LIKE '%3520112345671%'") == [0]


def test_killed_while_the_doors_open_a_restore_is_done_and_nothing_written_since_is_lost(
    place: Path, own_database: Any, capsys: Any
) -> None:
    name, users = created(prove=False).row.name, asked(USERS)
    harm(own_database)
    for door in ("open_doors", "unlink"):
        assert killed_in(door, name) == 9, door
        own_database("INSERT INTO django_session VALUES ('of-since', 'x', now())")
        code, said = ended(["restore", "--undo"], capsys)
        assert (code, said) == (0, "no restore was left unfinished\n")
        maintenance.forget()
        assert asked("SELECT session_key FROM django_session") == ["of-since"], door
        assert (asked(USERS), maintenance.state().is_on, restore_queries.noted()) == (users, False, None)
        assert asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [0]


def killed_in(door: str, name: str) -> int:
    """A restore in another process that is gone before the doors open, or right after."""
    connections.close_all()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        whole = swapping.open_doors

        def opens(**values: Any) -> None:
            if door == "unlink":
                whole(**values)
            os._exit(9)

        swapping.open_doors = opens
        wanted = restores.Wanted(name, backup_before=False)
        restores.restore(wanted=wanted, by=BY, confirm=lambda _: True)
    finally:
        os._exit(1)


def killed_at(step: str, name: str) -> int:
    """A restore in another process that is gone before a step, as by SIGKILL; gives how that process ended."""
    connections.close_all()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        noted = swapping.note

        def note(**values: Any) -> Any:
            known = noted(**values)
            if values["step"] == step:
                os._exit(9)
            return known

        swapping.note = note
        wanted = restores.Wanted(name, backup_before=step == "saving")
        restores.restore(wanted=wanted, by=BY, confirm=lambda _: True)
    finally:
        os._exit(1)


def test_a_restore_that_was_killed_at_any_step_is_undone_by_the_next_command(
    place: Path, own_database: Any, capsys: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was = state()
    for step in STEPS:
        assert killed_at(step, name) == 9, step
        assert restore_queries.noted().step == step
        code, said = ended(["backup", "list"], capsys)
        assert (code, "is undone now: the former database serves again\n" in said) == (0, True), step
        assert state() == was, step
        maintenance.forget()
        assert not maintenance.state().is_on
        assert restore_queries.noted() is None
        assert asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [0]


def test_killed_between_the_two_renames_of_folders_the_files_come_back(
    place: Path, own_database: Any, capsys: Any
) -> None:
    name = created(prove=False).row.name
    harm(own_database)
    was = state()
    assert killed_at("looking", name) == 9
    left = restore_queries.noted()
    shutil.move(left.media, left.media_new)
    assert ended(["restore", "--undo"], capsys)[0] == 0
    assert state() == was
