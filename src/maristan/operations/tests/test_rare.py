"""What rarely happens to sets, restores, turns and hooks is told by its own code all the same."""

import gzip
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import signing
from django.db import OperationalError, connection

from maristan.operations.actions import backups, swapping
from maristan.operations.actions.deployments import NotChecked, StepFault
from maristan.operations.queries import hooks, jobs, maintenance, servers, sets
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import SetFormat
from maristan.operations.tests.made_sets import created, ended


def test_a_queue_that_a_job_is_declared_for_is_known_while_nothing_waits_in_it(own_database: Any) -> None:
    assert jobs.known_queue("default") == "default"


def test_a_turn_that_ended_between_two_looks_is_another_operation(own_database: Any) -> None:
    with servers.connected(servers.live()) as there:
        assert str(servers._busy(there, servers._key("nobody"))) == "another operation"


def test_a_plain_dump_that_breaks_off_is_incomplete(tmp_path: Path) -> None:
    dump = tmp_path / "set.sql.gz"
    dump.write_bytes(gzip.compress(b"SELECT pg_catalog.setval('a_id_seq', 7, true);\n" * 1000)[:-20])
    with pytest.raises(SetFault) as fault:
        sets.sequences_of(dump, servers.tools(servers.server_version()), SetFormat.PLAIN)
    assert str(fault.value) == "dump_incomplete: set.sql.gz breaks off"


def test_a_disk_that_is_full_while_a_set_is_proven_leaves_it_made(place: Path, monkeypatch: Any) -> None:
    def full(**_: Any) -> None:
        raise SetFault("disk_full", "no room for a table")

    monkeypatch.setattr(backups.packing, "tried", full)
    with pytest.raises(SetFault, match="disk_full: no room for a table"):
        created()
    (row,) = backups.BackupSet.objects.all()
    assert (row.status, row.error_code) == ("created", "")


@pytest.mark.parametrize("fault", [OSError(30, "Read-only file system"), psycopg.OperationalError("gone")])
def test_doors_that_do_not_open_after_a_restore_are_the_operators(
    place: Path, capsys: Any, monkeypatch: Any, fault: Exception
) -> None:
    name = created().row.name

    def stuck(**_: Any) -> None:
        raise fault

    monkeypatch.setattr(swapping, "open_doors", stuck)
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, f"{name} serves, and its doors stay closed" in said) == (6, True)
    assert maintenance.of_host().is_on


def test_what_served_before_serves_again_where_nobody_can_look_at_it(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any, content: Any
) -> None:
    name = created(prove=False).row.name

    def unseen() -> str:
        looked.append("once more" if looked else "the restored one")
        raise NotChecked("nobody can look") if len(looked) > 1 else StepFault("as the test says")

    looked: list[str] = []
    monkeypatch.setattr(content, "verified", unseen)
    code, said = ended(["restore", name, "--yes", "--no-backup"], capsys)
    assert (code, said.split("\n")[0]) == (5, "not_verified: as the test says")
    assert (len(looked), maintenance.state().is_on) == (2, False)


def test_a_hook_is_ended_with_whoever_waits_for_it(tmp_path: Path, monkeypatch: Any) -> None:
    hook = tmp_path / "activate"
    monkeypatch.setattr(hooks, "program", lambda _: hook)
    hook.write_text(f"#!{sys.executable}\nimport time; time.sleep(60)\n")
    hook.chmod(0o755)
    begun: list[Any] = []

    def interrupted(self: Any, **_: Any) -> None:
        begun.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(hooks.subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        hooks.ended("activate", build_id="0123456789ab", seconds=5)
    assert begun[0].wait(10) < 0


def test_a_token_passes_nobody_while_the_database_cannot_say_whether_its_run_goes_on(
    own_database: Any, monkeypatch: Any
) -> None:
    token = signing.dumps(7, salt=maintenance.BYPASS_SALT)

    def away() -> None:
        raise OperationalError("the server closed the connection")

    connection.ensure_connection()
    monkeypatch.setattr(connection, "cursor", away)
    assert maintenance.is_bypass(token) is False
    assert connection.connection is None  # a new one is made for the next look
