"""Restoring: refused before any change, compared before it serves, undone at every step, and no mail sent twice."""

import gzip
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import DataError, IntegrityError, OperationalError, connections

from maristan.kernel import journal, tenancy
from maristan.operations.actions import asking, restores, swapping
from maristan.operations.actions.deployments import StepFault
from maristan.operations.management.commands import restore
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import catalogue, health, maintenance, servers
from maristan.operations.queries import restores as restore_queries
from maristan.operations.rules import sets as rules
from maristan.operations.tests.made_sets import BY, created, ended, scratches, stored

USERS = "SELECT username FROM kernel_user ORDER BY 1"
MAIL = """INSERT INTO comms_delivery (institution_id, channel, kind, params, address, mode, status, due_at, attempts,
  error, created_at, updated_at) SELECT id, 'email', 'x', '{}', 'a@example.edu', 'immediate', 'pending', now(), 0, '',
  now(), now() FROM directory_institution"""


UNSEALED = """INSERT INTO kernel_journalline (kind, subject_kind, subject_id, at, by_name, changes, reason, request_id)
  VALUES ('person.created', 'person', '1', now() - interval '1 hour', 'Bob', '{}', '', '')"""


def asked(statement: str) -> list[Any]:
    """What the live database answers its owner."""
    with servers.connected(servers.live()) as there:
        return [row[0] for row in there.execute(statement).fetchall()]


def harm(own_database: Callable[[str], None]) -> None:
    """Somebody removes Bob and his thesis."""
    own_database("INSERT INTO django_session VALUES ('of-today', 'x', now())")
    own_database("UPDATE kernel_user SET username = 'nobody' WHERE username = (SELECT max(username) FROM kernel_user)")
    default_storage.delete(stored()[0][0])


def state() -> tuple[Any, ...]:
    """All that a restore may change: users, sessions, files, databases."""
    root = Path(default_storage.location)
    there = sorted((str(each.relative_to(root)), each.read_bytes()) for each in root.rglob("*") if each.is_file())
    return asked(USERS), asked("SELECT session_key FROM django_session ORDER BY 1"), there, scratches()


def test_everything_is_as_it_was_when_the_set_was_made(place: Path, own_database: Any, capsys: Any) -> None:
    own_database("INSERT INTO django_session VALUES ('of-yesterday', 'x', now())")
    for _ in range(5):
        own_database(MAIL)
    own_database("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('mail', 'a.letter', '{}')")
    own_database(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock, status)"
        " VALUES ('default', 'kernel.purge', '{}', 'kernel.purge', 'doing')"
    )
    own_database(UNSEALED)  # no worker had sealed it when the set was made
    users, files, schema = asked(USERS), stored(), catalogue.read().tables
    made = created()
    harm(own_database)
    code, said = ended(["restore", made.row.name, "--yes", "--json"], capsys)
    assert code == 0, said
    told = json.loads(said)
    assert asked(USERS) == users
    assert stored() == files
    assert (Path(default_storage.location) / files[0][0]).read_bytes() == b"the thesis of Bob"
    assert asked("SELECT session_key FROM django_session") == []
    assert asked("SELECT count(*) FROM comms_delivery WHERE due_at <= now()") == [0]
    assert asked("SELECT count(*) FROM comms_delivery WHERE settled_at IS NULL") == [5]
    held = "SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at > now()"
    assert asked(held) == ["a.letter"]
    free = (
        "SELECT DISTINCT task_name FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND scheduled_at IS NULL"
    )
    assert asked(free) == ["operations.announce"]  # that maintenance is over; nothing of the set
    assert asked("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at <= now()") == [0]
    assert catalogue.read().tables == schema
    assert told["former_database"] in scratches()
    assert [each["name"] for each in told["steps"]] == list(STEPS)
    assert (told["not_checked"], told["files"]) == (["smoke: no web process lived when it began"], 1)
    assert RestoreRun.objects.get(kind="restore").report == told["report"]
    assert "## Result\n\n- PASSED" in Path(told["report"]).read_text()
    assert len(list(Path(default_storage.location).parent.glob("media_before_*"))) == 1
    assert health.look().database
    assert not maintenance.state().is_on
    assert asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [0]
    assert BackupSet.objects.get(name=made.row.name).status == "proven"
    assert BackupSet.objects.filter(reason="pre_restore", status="proven").count() == 1
    assert RestoreRun.objects.get(kind="restore").outcome == "passed"
    assert asked("SELECT count(*) FROM kernel_journalline WHERE kind = 'backup.restored'") == [1]
    with tenancy.acting_in(None):
        assert list(journal.verify(None)) == []
    assert restore_queries.noted() is None


def test_the_runtime_role_may_do_in_the_restored_database_what_it_may_here(place: Path, capsys: Any) -> None:
    granted = """SELECT table_name || privilege_type FROM information_schema.role_table_grants
      WHERE grantee LIKE '%_app' ORDER BY 1"""
    before = asked(granted)
    assert len(before) > 100
    code, _ = ended(["restore", created(prove=False).row.name, "--yes", "--no-backup"], capsys)
    assert code == 0
    assert asked(granted) == before


def test_what_was_held_goes_its_way_when_an_operator_releases_it(place: Path, own_database: Any, capsys: Any) -> None:
    own_database(MAIL)
    own_database("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('mail', 'a.letter', '{}')")
    own_database(  # a set that the clock asked for, as every such set finds itself, and one that Olga asked for
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock, status) VALUES"
        " ('operations', 'operations.backup', '{}', 'operations.backup', 'doing'),"
        f" ('operations', '{asking.CREATE}', '{{}}', '{asking.LOCK}', 'todo')"
    )
    assert ended(["restore", created(prove=False).row.name, "--yes", "--no-backup"], capsys)[0] == 0
    held = "SELECT task_name FROM procrastinate_jobs WHERE scheduled_at > now() AND queueing_lock IS NULL ORDER BY 1"
    assert asked(held) == ["a.letter", asking.CREATE]
    assert asked("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'operations.backup'") == [0]
    own_database(f"DELETE FROM procrastinate_jobs WHERE task_name = '{asking.CREATE}'")
    connections["default"].settings_dict["OPTIONS"].pop("options", None)
    connections.close_all()
    code, said = ended(["jobs", "release", "--restored"], capsys)
    assert (code, said.split()[0]) == (0, "2")
    assert asked("SELECT count(*) FROM comms_delivery WHERE due_at <= now()") == [1]
    assert asked("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at <= now()") == [1]
    assert ended(["jobs", "release", "--restored"], capsys)[1].split()[0] == "0"


@pytest.mark.parametrize("answer", ["no\n", "YES\n", "yes \n", ""])
def test_only_yes_goes_on(place: Path, own_database: Any, capsys: Any, monkeypatch: Any, answer: str) -> None:
    import io

    name = created(prove=False).row.name
    harm(own_database)
    was = state()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    code, said = ended(["restore", name], capsys)
    assert (code, "Restore cancelled" in said) == (1, True)
    assert state() == was


@pytest.mark.parametrize("stdin", [None, "closed"])
def test_without_anybody_who_could_answer_nothing_is_changed(
    place: Path, own_database: Any, capsys: Any, monkeypatch: Any, stdin: str | None
) -> None:
    import io

    name = created(prove=False).row.name
    harm(own_database)
    was, there = state(), io.StringIO()
    there.close()
    monkeypatch.setattr("sys.stdin", there if stdin else None)
    code, said = ended(["restore", name], capsys)
    assert (code, "Restore cancelled" in said, state() == was) == (1, True, True)


def test_a_flipped_byte_is_refused_and_changes_nothing(place: Path, own_database: Any, capsys: Any) -> None:
    folder = Path(created(prove=False).row.location)
    dump = next(folder.glob("*.dump"))
    good = dump.read_bytes()
    dump.write_bytes(good[:-7] + bytes([good[-7] ^ 1]) + good[-6:])
    harm(own_database)
    was = state()
    code, said = ended(["restore", str(folder), "--yes"], capsys)
    assert (code, said.startswith("checksum_mismatch")) == (3, True)
    assert state() == was
    assert BackupSet.objects.count() == 1


HERE = rules.Here("18.1", "18.1", {"a.0001"}, {"key"}, 10**9, True)
SAID = {
    "migrations": ["a.0001"], "pg_dump_version": "18.0", "postgres_version": "18.0", "secret_key_fingerprint": "key",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "here", "codes"),
    [
        ({}, {}, []),
        ({"migrations": ["a.0001", "a.0002"]}, {}, ["set_from_newer_release"]),
        ({}, {"tools": "17.9"}, ["dump_newer_than_tools"]),
        ({}, {"server": "15.4", "tools": "15.4"}, ["dump_newer_than_tools", "server_too_old"]),
        ({"secret_key_fingerprint": "other"}, {}, ["secret_key_differs"]),
        ({}, {"free_bytes": 99}, ["disk_space"]),
        ({}, {"may_create": False}, ["owner_role"]),
    ],
)
def test_each_reason_to_refuse_a_set(said: dict[str, Any], here: dict[str, Any], codes: list[str]) -> None:
    found = rules.refusals({**SAID, **said}, replace(HERE, **here), needed_bytes=100, is_other_key=False)
    assert [each.code for each in found] == codes


def test_another_key_is_taken_when_the_operator_says_so() -> None:
    other = {**SAID, "secret_key_fingerprint": "other"}
    assert rules.refusals(other, HERE, needed_bytes=1, is_other_key=True) == []


@pytest.mark.parametrize(
    "content", [b"", b"some words\n", b"\x1f\x8b\x08broken", gzip.compress(b"not a dump", mtime=0)]
)
def test_a_file_that_is_no_dump_is_refused(place: Path, tmp_path: Path, capsys: Any, content: bytes) -> None:
    (tmp_path / "a.dump").write_bytes(content)
    code, said = ended(["restore", str(tmp_path / "a.dump"), "--yes", "--unproven"], capsys)
    assert (code, said.split(":")[0]) == (3, "not_a_backup")
    assert scratches() == set()


@pytest.mark.django_db
def test_a_lone_file_is_not_restored_by_who_may_not_make_a_database_and_a_set_that_is_not_there_is_named(
    tmp_path: Path, settings: Any, capsys: Any, monkeypatch: Any
) -> None:
    settings.BACKUP_DIR, settings.VAR = tmp_path / "sets", tmp_path / "var"
    (tmp_path / "a.sql").write_text("-- PostgreSQL database dump\n")
    monkeypatch.setattr(servers, "may_create", lambda: False)
    code, said = ended(["restore", str(tmp_path / "a.sql"), "--yes", "--unproven"], capsys)
    assert (code, said.split(":")[0]) == (3, "owner_role")
    code, said = ended(["restore", "fmu_20200101_000000", "--yes"], capsys)
    assert (code, said) == (2, "set_unknown: no set fmu_20200101_000000; near it are: none\n")
    assert restore_queries.noted() is None


@pytest.mark.parametrize("format", ["custom", "plain", "unpacked"])
def test_a_lone_file_is_restored_only_when_said_and_by_its_content(
    place: Path, tmp_path: Path, own_database: Any, capsys: Any, format: str
) -> None:
    made = created(prove=False, format="custom" if format == "custom" else "plain")
    file, lone = next(each for each in Path(made.row.location).iterdir() if made.row.name in each.name), tmp_path / "x"
    lone.write_bytes(gzip.decompress(file.read_bytes()) if format == "unpacked" else file.read_bytes())
    users = asked(USERS)
    own_database("DELETE FROM kernel_user WHERE username = (SELECT max(username) FROM kernel_user) AND false")
    own_database("UPDATE kernel_user SET username = username || 'x'")
    code, said = ended(["restore", str(lone), "--yes", "--no-backup"], capsys)
    assert (code, said.split(":")[0]) == (3, "unproven")
    code, said = ended(["restore", str(lone), "--yes", "--no-backup", "--unproven"], capsys)
    assert code == 0, said
    assert "not checked: contents" in said
    assert asked(USERS) == users


def test_a_lone_file_that_cannot_be_restored_is_refused_before_the_question(
    place: Path, tmp_path: Path, own_database: Any, capsys: Any, monkeypatch: Any
) -> None:
    dump = next(Path(created(prove=False).row.location).glob("*.dump"))
    packed = next(Path(created(prove=False, format="plain").row.location).glob("*.sql.gz"))
    whole, text, lone = dump.read_bytes(), gzip.decompress(packed.read_bytes()), tmp_path / "x"
    newer = text.replace(b"Dumped from database version 1", b"Dumped from database version 9", 1)
    assert newer != text
    harm(own_database)
    was, asked_for = state(), []
    monkeypatch.setattr(restore, "is_yes_given", lambda *_: asked_for.append(1))

    def refused(content: bytes) -> tuple[int, str]:
        lone.write_bytes(content)
        code, said = ended(["restore", str(lone), "--unproven"], capsys)
        assert (state(), restore_queries.noted(), maintenance.of_host().is_on) == (was, None, False)
        return code, said.split(":")[0]

    at = packed.stat().st_size // 2
    for content in (whole[:-100], whole[:20_000], packed.read_bytes()[:at], text[:-200]):
        assert refused(content) == (3, "set_incomplete")
    assert refused(whole[:5] + b"\x09\x63" + whole[7:]) == (3, "dump_newer_than_tools")  # version 9.99 of the format
    assert refused(newer) == (3, "server_too_old")
    assert refused(newer.replace(b"by pg_dump version 1", b"by pg_dump version 9", 1)) == (3, "dump_newer_than_tools")
    with monkeypatch.context() as now:
        now.setattr(restore_queries.shutil, "disk_usage", lambda _: SimpleNamespace(free=len(whole)))
        assert refused(whole) == (3, "disk_space")
    assert asked_for == []
    assert (refused(whole)[0], asked_for) == (1, [1])
    assert RestoreRun.objects.filter(kind="restore").count() == 0


def test_a_database_of_any_name_is_closed_from_outside(place: Path, monkeypatch: Any) -> None:
    with servers.connected(servers.outside()) as there:
        assert there.info.dbname == "postgres"
    monkeypatch.setattr(servers, "live", lambda: "postgres")  # as the embedded one is called
    with servers.connected(servers.outside()) as there:
        assert there.info.dbname == "template1"


def test_a_second_restore_at_the_same_time_is_told_who_works(place: Path, capsys: Any) -> None:
    name = created(prove=False).row.name
    with servers.turn("restore"):
        assert ended(["restore", name, "--yes"], capsys)[0] == 4
    assert scratches() == set()


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


def test_a_set_of_an_older_release_is_migrated_unless_its_own_release_is_to_serve_again(
    place: Path, own_database: Any, monkeypatch: Any
) -> None:
    name, known = created(prove=False).row.name, health.known_migrations() | {("kernel", "9999_of_today")}
    ran: list[tuple[str, str]] = []

    def fails(word: str, **_: Any) -> None:
        ran.append((word, servers.live()))
        raise OperationalError("lock timeout")

    monkeypatch.setattr(health, "known_migrations", lambda: known)
    monkeypatch.setattr(restores, "call_command", fails)
    harm(own_database)
    was = state()
    with pytest.raises(restores.PutBack, match=r"^OperationalError: lock timeout$"):
        restores.restore(wanted=restores.Wanted(name, backup_before=False), by=BY, confirm=lambda _: True)
    assert (ran, state()) == ([("migrate", RestoreRun.objects.get(kind="restore").scratch)], was)
    own = restores.Wanted(name, backup_before=False, is_migrated=False)
    done = restores.restore(wanted=own, by=BY, confirm=lambda _: True)
    assert (len(ran), "checking: the set stays as its own release made it" in done.not_checked) == (1, True)


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


def test_a_set_that_is_the_database_only_leaves_the_files_where_they_are(
    place: Path, own_database: Any, capsys: Any, settings: Any, content: Any, monkeypatch: Any
) -> None:
    settings.BACKUP_MEDIA = "none"
    code, said = ended(["backup", "create"], capsys)
    row = BackupSet.objects.get()
    assert (code, row.status, "database only" in said) == (0, "proven", True)
    assert {each.name for each in Path(row.location).iterdir()} == {
        f"{row.name}.dump", "manifest.json", "SHA256SUMS"
    }  # fmt: skip
    assert "database only" in ended(["backup", "list"], capsys)[1]
    users, files = asked(USERS), state()[2]
    own_database("UPDATE kernel_user SET username = username || 'x'")
    looked_at: list[str] = []
    monkeypatch.setattr(content, "integrity", lambda aside: looked_at.append(aside.media) or "well")
    code, said = ended(["restore", row.name, "--yes", "--no-backup"], capsys)
    assert (code, "not checked: files" in said) == (0, True)
    assert (asked(USERS), state()[2], looked_at) == (users, files, [str(settings.MEDIA_ROOT)])


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


def test_a_restore_waits_for_workers_and_says_what_they_still_had_in_hand(
    place: Path, own_database: Any, settings: Any, monkeypatch: Any
) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 4:  # the workers ended it meanwhile
            own_database("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE queue_name = 'mail'")

    monkeypatch.setattr(swapping, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: sum(waited)))
    settings.GRACEFUL_TIMEOUT_S = 1
    assert swapping.wait_for_workers(by=BY) == "no worker lives"
    own_database("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    own_database(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) SELECT q, q || '.job', '{}',"
        " 'doing', id FROM procrastinate_workers, unnest(ARRAY['mail', 'operations']) q"
    )
    assert swapping.wait_for_workers(by=BY) == "after 1 s still in hand, and interrupted: mail.job"
    assert waited == [1.5]
    settings.GRACEFUL_TIMEOUT_S = 60
    assert swapping.wait_for_workers(by=BY) == "idle after 1.9 s"
    assert waited == [1.5, 1.5, 0.2, 0.2]


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
    looks = iter([True, False])

    def verified() -> str:
        if next(looks):
            raise StepFault("tables are missing")
        return "every table"

    monkeypatch.setattr(content, "verified", verified)
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
    invalid = DataError('invalid input syntax for type date: "3520112345671"')
    for fault, why in (
        (ValueError("3520112345671 is nobody"), r"ValueError at test_restores\.py:\d+"),
        (KeyError("3520112345671"), r"KeyError at test_restores\.py:\d+"),
        (Own("3520112345671"), r"Own at test_restores\.py:\d+"),
        (CommandError("Conflicting migrations"), "CommandError: Conflicting migrations"),
        (unique, 'IntegrityError 23505: duplicate key value violates unique constraint "one"'),
        (invalid, "DataError: invalid input syntax for type date: …"),
    ):  # fmt: skip

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


STEPS = (
    "begun", "saving", "closing doors", "waiting for workers", "restoring", "preparing", "unpacking", "checking",
    "closing", "swapping", "exchanging files", "looking", "verifying", "smoke",
)  # fmt: skip


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
        assert ended(["backup", "list"], capsys)[0] == 0
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
