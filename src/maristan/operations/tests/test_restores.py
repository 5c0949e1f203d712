"""Restoring: refused before any change, compared before it serves, undone at every step, and no mail sent twice."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connections

from maristan.kernel import clock, journal, tenancy
from maristan.operations.actions import asking, deployments, restores, swapping
from maristan.operations.actions import maintenance as closing
from maristan.operations.management.commands import restore
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import catalogue, health, maintenance, servers
from maristan.operations.queries import restores as restore_queries
from maristan.operations.rules import sets as rules
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus
from maristan.operations.tests.made_sets import BY, STEPS, USERS, asked, created, ended, harm, scratches, state, stored

MAIL = """INSERT INTO comms_delivery (institution_id, channel, kind, params, address, mode, status, due_at, attempts,
  error, created_at, updated_at) SELECT id, 'email', 'x', '{}', 'a@example.edu', 'immediate', 'pending', now(), 0, '',
  now(), now() FROM directory_institution"""


UNSEALED = """INSERT INTO kernel_journalline (kind, subject_kind, subject_id, at, by_name, changes, reason, request_id)
  VALUES ('person.created', 'person', '1', now() - interval '1 hour', 'Bob', '{}', '', '')"""


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


def test_a_run_that_was_going_on_in_the_set_stands_as_it_ended_since_or_waits_for_an_operator(
    place: Path, own_database: Any, capsys: Any
) -> None:
    run = deployments.Run(DeploymentKind.DEPLOY, "a" * 12, "b" * 12)
    deployments.begin(run=run, by=BY)
    name = created(prove=False).row.name
    said = deployments.as_row(run=run, status=DeploymentStatus.SUCCEEDED, exit_code=0, by=BY)
    deployments.finish(run=run, status=DeploymentStatus.SUCCEEDED, exit_code=0, by=BY)
    stands = "SELECT status || coalesce(exit_code, -1) FROM operations_deployment"
    assert ended(["restore", name, "--yes", "--no-backup"], capsys)[0] == 0
    assert asked(stands) == ["needs_operator-1"]  # no report says how it ended
    file = place.parent / "var" / "reports" / "DEPLOYMENT_REPORT_20260102_120323.json"
    file.write_text(json.dumps({"run": said}, default=str))
    with clock.stopped_at(clock.now() + timedelta(seconds=2)):  # former databases are named by whole seconds
        assert ended(["restore", name, "--yes", "--no-backup"], capsys)[0] == 0
    assert asked(stands) == ["succeeded0"]


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


@pytest.mark.django_db
def test_an_empty_database_has_to_have_its_tables_first(
    settings: Any, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    settings.BACKUP_DIR, settings.VAR = tmp_path / "sets", tmp_path / "var"
    monkeypatch.setattr(
        "django.db.backends.postgresql.introspection.DatabaseIntrospection.get_table_list", lambda *_: []
    )
    code, said = ended(["restore", "fmu_20260102_120323", "--yes"], capsys)
    assert (code, said.split(":")[0], "maristan migrate" in said) == (3, "not_migrated", True)
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


def test_a_set_of_an_older_release_is_migrated_unless_its_own_release_is_to_serve_again(
    place: Path, own_database: Any, monkeypatch: Any, settings: Any
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
    assert (maintenance.open_window(), settings.MAINTENANCE_FILE.exists()) == (None, False)
    of_a_run = restores.Wanted(name, backup_before=False, opens_doors=False)
    with pytest.raises(restores.PutBack, match=r"^OperationalError: lock timeout$"):
        restores.restore(wanted=of_a_run, by=BY, confirm=lambda _: True)
    kept = maintenance.open_window()
    assert (kept is not None, settings.MAINTENANCE_FILE.exists(), restore_queries.noted()) == (True, True, None)
    closing.reopen(by=BY)
    assert maintenance.open_window() is None
    own = restores.Wanted(name, backup_before=False, is_migrated=False)
    done = restores.restore(wanted=own, by=BY, confirm=lambda _: True)
    assert (len(ran), "checking: the set stays as its own release made it" in done.not_checked) == (2, True)


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
    ended(["maintenance", "on", "--message", "New disks", "--minutes", "240"], capsys)
    until, flag = maintenance.open_window().until, settings.MAINTENANCE_FILE.read_text()
    code, said = ended(["restore", row.name, "--yes", "--no-backup"], capsys)
    assert (code, "not checked: files" in said) == (0, True)
    window = maintenance.open_window()
    assert (window.message, window.until, window.run_id) == ("New disks", until, None), "an operator's own stays"
    assert (settings.MAINTENANCE_FILE.read_text(), maintenance.note_before().exists()) == (flag, False)
    assert ended(["maintenance", "off"], capsys)[0] == 0
    assert (asked(USERS), state()[2], looked_at) == (users, files, [str(settings.MEDIA_ROOT)])


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
