"""Drills, the jobs by the clock, the scripts of operators, and another version of PostgreSQL."""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import ProgrammingError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from maristan.config.documents import ROOT
from maristan.kernel import clock
from maristan.operations import jobs as declared
from maristan.operations.actions import drills, holding
from maristan.operations.actions.deployments import StepFault
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import contents, figures, servers
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import SetFault
from maristan.operations.tests import factories as run
from maristan.operations.tests.made_sets import BY, created, ended, manifest_of, scratches, stored

FIFTEEN = Path("/usr/lib/postgresql/15/bin")


def test_a_drill_restores_the_newest_set_and_in_turn_an_older_one(place: Path, capsys: Any, settings: Any) -> None:
    older, newest = created(), created()
    for expected in (newest, older):
        code, said = ended(["backup", "drill", "--json"], capsys)
        told = json.loads(said)
        assert (code, told["set"]) == (0, expected.row.name)
    runs = RestoreRun.objects.filter(kind="drill")
    assert set(runs.values_list("outcome", "files_compared")) == {("passed", 1)}
    assert told["report"] == runs.first().report
    text = Path(told["report"]).read_text()
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        f"# Drill of {older.row.name}", "## Set", "## Steps", "## Compared", "## Not checked", "## Result",
    ]  # fmt: skip
    kept = json.loads(Path(told["report"]).with_suffix(".json").read_text())
    assert [(each["name"], each["detail"]) for each in kept["steps"]] == [
        ("reading", ""), ("restoring", ""), ("migrating", ""), ("unpacking", ""), ("checking", "no finding"),
        ("serving", "healthy"),
    ]  # fmt: skip
    assert (kept["outcome"], kept["rows"] > 0, text.splitlines()[-1]) == ("passed", True, "- PASSED")
    assert scratches() == set()
    assert {each.name for each in place.iterdir() if each.is_dir()} == {older.row.name, newest.row.name}


def test_a_set_from_which_nothing_can_be_served_is_damaged(
    place: Path, capsys: Any, content: Any, monkeypatch: Any
) -> None:
    def ill(aside: Any) -> str:
        assert (Path(aside.media) / stored()[0][0]).read_bytes() == b"the thesis of Bob"
        raise StepFault("3 findings")

    created()
    for look, code in (("integrity", "integrity_findings"), ("served", "not_served")):
        BackupSet.objects.update(status="proven", error_code="")
        with monkeypatch.context() as now:
            now.setattr(content, look, ill)
            ended_with, said = ended(["backup", "drill"], capsys)
        assert (ended_with, f"{code}: 3 findings" in said) == (1, True)
        row = BackupSet.objects.get()
        assert (row.status, row.error_code, scratches()) == ("damaged", code, set())
        assert RestoreRun.objects.filter(kind="drill").first().outcome == "failed"


def ill(fault: Exception) -> Any:
    def raises(*_: Any, **__: Any) -> None:
        raise fault

    return raises


def seen(database: bool, pending: int | None) -> Any:
    return lambda: SimpleNamespace(database=database, pending=pending)


FAULTS = (
    (rules, "of_manifest", lambda _: rules.Contents({}, {}, ["a.0001"], {}), "contents_differ", "not in the set"),
    (drills.packing, "load", ill(psycopg.OperationalError("gone")), "migration_failed", "OperationalError"),
    (drills, "call_command", ill(ProgrammingError("no such column")), "migration_failed", "ProgrammingError"),
    (drills, "call_command", ill(InconsistentMigrationHistory("a.0002 before b.0001")), "migration_failed", "a.0002 "),
    (drills, "call_command", ill(ValueError("3520112345671")), "migration_failed", "ValueError at test_drills.py:"),
    (drills.packing, "held", ill(KeyError("3520112345671")), "drill_failed", "KeyError at test_drills.py:"),
    (drills.health, "look", seen(True, 2), "unhealthy", "2 migrations pending"),
    (drills.health, "look", seen(False, None), "unhealthy", "None migrations pending"),
)


STEPS = [*["restoring"] * 2, *["migrating"] * 3, "restoring", *["migrating"] * 2]


def test_each_way_in_which_a_drill_fails_is_told_and_marks_the_set(
    place: Path, capsys: Any, monkeypatch: Any, content: Any
) -> None:
    whole = rules.of_manifest(manifest_of(created(prove=False)))
    monkeypatch.setattr(drills.packing, "load", lambda **_: None)  # what it would restore is `whole`
    monkeypatch.setattr(drills.packing, "held", lambda **_: whole)
    monkeypatch.setattr(drills, "ensure_runtime_role", lambda _: None)
    monkeypatch.setattr(drills, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(content, "integrity", ill(AssertionError("nothing is served from it")))
    steps: list[str] = []
    for where, name, does, code, said in FAULTS:
        proof = {"proven_at": clock.now(), "prove_seconds": 1, "tables_compared": 9}
        BackupSet.objects.update(status="proven", error_code="", **proof)
        with monkeypatch.context() as now:
            now.setattr(where, name, does)
            ended_with, told = ended(["backup", "drill"], capsys)
        row = BackupSet.objects.get()
        assert (ended_with, row.status, row.error_code, scratches()) == (1, "damaged", code, set()), told
        run = RestoreRun.objects.filter(kind="drill", outcome="failed").first()
        (why,) = run.mismatches
        assert figures.evidence().drill_failed == f"{row.name} {run.failed_step} {code}"
        steps.append(run.failed_step)
        assert (why.split(":")[0], said in why, "3520112345671" in why) == (code, True, False)
    assert steps == STEPS


OF_DISKS = (
    (drills.packing, "load", ill(SetFault("disk_full", "no room for a table")), "disk_full"),
    (drills.packing, "unpack", ill(OSError(errno.ENOSPC, "No space left on device")), "disk_full"),
    (drills.packing, "unpack", ill(OSError(errno.EIO, "Input/output error")), "disk_fault"),
    (drills.packing, "held", ill(psycopg.errors.DiskFull("could not extend file")), "disk_full"),
)


def test_a_disk_of_this_place_fails_a_drill_and_says_nothing_of_the_set(
    place: Path, capsys: Any, monkeypatch: Any
) -> None:
    whole = rules.of_manifest(manifest_of(created()))
    monkeypatch.setattr(drills.packing, "load", lambda **_: None)
    monkeypatch.setattr(drills.packing, "held", lambda **_: whole)
    monkeypatch.setattr(drills, "ensure_runtime_role", lambda _: None)
    monkeypatch.setattr(drills, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(drills.health, "look", seen(True, 0))
    monkeypatch.setattr(drills.swapping, "end_what_was_going_on", lambda **_: None)
    for where, name, does, code in OF_DISKS:
        with monkeypatch.context() as now:
            now.setattr(where, name, does)
            ended_with, told = ended(["backup", "drill"], capsys)
        row, tried = BackupSet.objects.get(), RestoreRun.objects.filter(kind="drill").first()
        assert (ended_with, row.status, row.error_code, scratches()) == (1, "proven", "", set()), told
        assert (tried.outcome, tried.mismatches[0].split(":")[0]) == ("failed", code)
        assert list(place.glob("*.partial")) == []


def test_a_drill_with_the_database_alone_says_what_it_could_not_look_at(
    place: Path, capsys: Any, settings: Any
) -> None:
    settings.BACKUP_MEDIA = "none"
    created()
    code, said = ended(["backup", "drill", "--json"], capsys)
    report = Path(json.loads(said)["report"])
    assert (code, RestoreRun.objects.get(kind="drill").files_compared) == (0, 0)
    assert json.loads(report.with_suffix(".json").read_text())["not_checked"] == [
        "files: the set is the database only", "checking: it needs the files",
    ]  # fmt: skip


def test_a_drill_takes_a_copy_off_the_host_in_turn_and_opens_it(
    place: Path, tmp_path: Path, capsys: Any, settings: Any
) -> None:
    (tmp_path / "far").mkdir()
    olga = pyrage.x25519.Identity.generate()
    settings.BACKUP_OFFSITE_URL = f"file://{tmp_path}/far"
    settings.BACKUP_AGE_RECIPIENTS = (str(olga.to_public()),)
    row = created().row
    assert queued() == ["operations.announce", "operations.offsite"]
    assert ended(["backup", "offsite"], capsys)[0] == 0
    code, said = ended(["backup", "drill"], capsys)
    assert (code, said.split(":")[0]) == (3, "identity_missing")
    assert (RestoreRun.objects.filter(kind="drill").count(), BackupSet.objects.get().status) == (0, "proven")
    settings.BACKUP_AGE_IDENTITY = (str(olga),)
    run.drill(row.name)  # the last one was that of the newest
    shutil.rmtree(row.location)
    BackupSet.objects.update(created_at="2025-01-01T00:00:00Z", status="removed", removed_at=clock.now())
    newer = created().row
    code, said = ended(["backup", "drill", "--json"], capsys)
    assert (code, json.loads(said)["set"]) == (0, row.name)
    kept = json.loads(Path(json.loads(said)["report"]).with_suffix(".json").read_text())
    assert [each["name"] for each in kept["steps"]][:3] == ["fetching", "decrypting", "restoring"]
    file = tmp_path / "far" / row.name / "media.tar.age"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    run.drill(newer.name)
    code, said = ended(["backup", "drill"], capsys)
    assert (code, "checksum_mismatch" in said) == (1, True)
    there = BackupSet.objects.get(name=row.name)
    assert (there.status, there.offsite_at, there.error_code) == ("removed", None, "offsite_failed")
    assert not any(each.name.startswith(("far_", "open_", "drill_")) for each in place.iterdir())


def test_a_drill_that_fails_marks_the_set_damaged(place: Path, capsys: Any) -> None:
    made = created()
    file = Path(made.row.location) / "media.tar"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    code, said = ended(["backup", "drill"], capsys)
    assert (code, "checksum_mismatch" in said) == (1, True)
    assert RestoreRun.objects.get(kind="drill").outcome == "failed"
    assert BackupSet.objects.get().status == "damaged"
    code, said = ended(["backup", "drill"], capsys)
    assert (code, said.split(":")[0]) == (3, "no_proven_set")


def queued() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_backup_and_drill_are_queued_once_when_the_clock_says_so(place: Path, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Karachi"  # 02:00 there is 21:00 of the day before
    with clock.stopped_at("2026-03-07T20:59:00+00:00"):
        declared.watch_clock.func(0)
        assert queued() == []
    with clock.stopped_at("2026-03-07T21:01:00+00:00"):
        declared.watch_clock.func(0)
        declared.watch_clock.func(0)
        assert queued() == ["operations.backup"]
    with clock.stopped_at("2026-03-07T22:31:00+00:00"):
        assert drills.queue_due(by=BY) == []  # the backup has not ended
        became("failed", "2026-03-07T21:01:00+00:00")
        assert drills.queue_due(by=BY) == ["operations.drill"]


def became(status: str, queued: str) -> None:
    """What was queued is at work or ended, and was queued then."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE type = 'deferred'", [queued])
        cursor.execute("UPDATE procrastinate_jobs SET status = %s", [status])


@pytest.mark.parametrize(
    ("name", "setting", "due", "later", "again"),
    [
        ("operations.backup", "BACKUP_SCHEDULE", "2026-03-07T21:00:00", "2026-03-08T20:59:00", "2026-03-08T21:00:00"),
        ("operations.drill", "DRILL_SCHEDULE", "2026-03-07T22:30:00", "2026-03-14T22:29:00", "2026-03-14T22:30:00"),
    ],
)
@pytest.mark.django_db
def test_what_is_at_work_or_failed_is_not_queued_again_before_its_next_time(
    settings: Any, name: str, setting: str, due: str, later: str, again: str
) -> None:
    settings.TIME_ZONE, settings.BACKUP_SCHEDULE, settings.DRILL_SCHEDULE = "Asia/Karachi", "off", "off"
    setattr(settings, setting, {"BACKUP_SCHEDULE": "02:00", "DRILL_SCHEDULE": "sun 03:30"}[setting])

    def queues(at: str) -> list[str]:
        with clock.stopped_at(f"{at}+00:00"):
            return drills.queue_due(by=BY)

    assert queues(due) == [name]
    became("doing", f"{due[:-6]}:00:30+00:00" if due[-5:] == "00:00" else f"{due}+00:00")
    minute = due[:-2] + "59"
    assert queues(minute) == []
    became("failed", (datetime.fromisoformat(f"{due}+00:00") - timedelta(seconds=2)).isoformat())  # by its own clock
    assert (queues(minute), queues(later), BackupSet.objects.count(), RestoreRun.objects.count()) == ([], [], 0, 0)
    assert queues(again) == [name]


@pytest.mark.django_db
def test_a_job_that_a_restore_holds_keeps_no_other_from_its_time(settings: Any) -> None:
    settings.TIME_ZONE, settings.DRILL_SCHEDULE = "UTC", "off"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) VALUES"
            f" ('operations', 'operations.create_backup', '{{}}', now() + {holding.LATER})"
        )
    with clock.stopped_at("2026-03-07T02:00:10+00:00"):
        assert drills.queue_due(by=BY) == ["operations.backup"]


def test_the_jobs_run_the_commands(place: Path, monkeypatch: Any) -> None:
    ran, codes = [], [0, 1, drills.BUSY]

    def begin(words: list[str]) -> Any:
        ran.append(words[3:5])
        return SimpleNamespace(wait=lambda _: codes[len(ran) - 1])

    monkeypatch.setattr(drills.subprocess, "Popen", begin)
    declared.make_backup.func(institution_id=None)
    with pytest.raises(drills.CommandFailed, match="ended with 1") as failed:
        declared.make_drill.func(institution_id=None)
    with pytest.raises(drills.CommandBusy) as busy:
        declared.make_drill.func(institution_id=None)
    assert ran == [["backup", "create"], ["backup", "drill"], ["backup", "drill"]]
    for task in (declared.make_backup, declared.make_drill):  # a job that found another at work comes again, no other
        tried = [task.get_retry_exception(each.value, SimpleNamespace(attempts=1)) for each in (failed, busy)]
        assert [each is None for each in tried] == [True, False]


@pytest.mark.parametrize(("words", "is_killed"), [("except KeyboardInterrupt: pass", False), ("finally: pass", True)])
def test_a_command_that_hangs_is_interrupted_and_at_last_killed(
    tmp_path: Path, monkeypatch: Any, words: str, is_killed: bool
) -> None:
    # Whoever starts the tests in the background may have left the signal ignored.
    heeds = f"signal.signal(signal.SIGINT, signal.{'SIG_IGN' if is_killed else 'default_int_handler'})"
    program = f"import signal, time, pathlib; {heeds}\n"
    program += f"try: pathlib.Path({str(tmp_path / 'begun')!r}).touch(); time.sleep(60)\n{words}\n"
    whole, begun = subprocess.Popen, []

    def begin(_: list[str]) -> Any:
        begun.append(whole([sys.executable, "-c", program]))
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        return begun[0]

    monkeypatch.setattr(drills.subprocess, "Popen", begin)
    monkeypatch.setattr(drills, "LASTS", timedelta(seconds=0.1))
    monkeypatch.setattr(drills, "ENDS_WITHIN", 0.5 if is_killed else 20)
    with pytest.raises(drills.CommandFailed, match=r"^maristan backup drill did not end within 0:00:00.1"):
        drills.run_command(words=("backup", "drill"), by=BY)
    assert begun[0].wait(10) == (-9 if is_killed else 0)


def script(name: str, *arguments: str, place: Path, tmp_path: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """A script of operators, as cron runs it, on the database of the test."""
    where, program = connection.settings_dict, tmp_path / "maristan"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m maristan "$@"\n')
    program.chmod(0o700)
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"
    env = {
        **os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src"), "MARISTAN_ENV": "test",
        "MARISTAN": str(program), "MARISTAN_HOME": str(tmp_path), "MEDIA_ROOT": str(tmp_path / "media"),
        "BACKUP_DIR": str(place), "BACKUP_PREFIX": "maristan", **more,
    }  # fmt: skip
    return subprocess.run(
        ["sh", str(ROOT / "scripts" / name), *arguments],
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_the_scripts_make_a_set_and_put_it_into_service(place: Path, tmp_path: Path) -> None:
    made = script("backup_db.sh", place=place, tmp_path=tmp_path)
    assert made.returncode == 0, made.stderr
    row = BackupSet.objects.get()
    assert row.location in made.stdout
    assert f"{row.size_bytes} bytes" in made.stdout
    assert "proven" in made.stdout
    refused = script("restore_db.sh", row.name, place=place, tmp_path=tmp_path)
    assert (refused.returncode, "Restore cancelled" in refused.stderr) == (1, True)
    done = script("restore_db.sh", row.name, "--no-backup", place=place, tmp_path=tmp_path, FORCE="1")
    assert done.returncode == 0, done.stderr
    assert "checking: no finding in" in done.stdout
    assert "not checked: verifying: this build carries no manifest" in done.stdout
    assert "not checked: smoke: no web process lived when it began" in done.stdout
    assert len(scratches()) == 1
    connection.close()
    assert RestoreRun.objects.filter(kind="restore").count() == 1
    assert script("restore_db.sh", place=place, tmp_path=tmp_path).returncode == 2
    failed = script("backup_db.sh", place=place, tmp_path=tmp_path, PG_BIN_DIR=str(tmp_path))
    assert (failed.returncode, "tools_too_old" in failed.stderr) == (3, True)


@pytest.fixture
def fifteen(tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """A server of PostgreSQL 15 with an empty database, on a socket; gives how to reach it."""
    if not (FIFTEEN / "initdb").is_file():
        pytest.skip("PostgreSQL 15 is not installed in /usr/lib/postgresql/15")
    folder = Path("/tmp") / f"maristan-15-{os.getpid()}"  # a socket's path must be short, and open to its server
    folder.mkdir(mode=0o755)
    who = {"user": "postgres", "cwd": "/"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run([str(FIFTEEN / program), *arguments], check=True, stdout=subprocess.DEVNULL, **who)

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c fsync=off -k {folder} -p 5415"
    run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield {"HOST": str(folder), "PORT": "5415", "USER": "postgres", "PASSWORD": ""}
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def test_a_set_of_a_newer_server_is_refused_by_an_older_one(place: Path, fifteen: dict[str, Any], capsys: Any) -> None:
    made = created(prove=False)
    where = connection.settings_dict
    usual = {each: where[each] for each in fifteen}
    connection.close()
    where.update(fifteen)
    try:
        before = servers.databases()
        code, said = ended(["restore", made.row.location, "--yes"], capsys)
        assert servers.databases() == before
    finally:
        where.update(usual)
    assert code == 3
    assert {line.split(":")[0] for line in said.splitlines()} == {"dump_newer_than_tools", "server_too_old"}


VALUES = """SELECT 1.1::float8 / 3 AS a, 'NaN'::float4 AS b, 0.1::numeric AS c,
  '{"b": 1, "a": [1.50, null]}'::jsonb AS d,
  '2026-03-29 02:30+01'::timestamptz AS e, interval '1 mon -3 days 04:05:06.7' AS f, '\\xdeadbeef'::bytea AS g,
  ARRAY['a,b', NULL, '"'] AS h, 'اردو'::text AS i, NULL::date AS j, true AS k, '10.0.0.1'::inet AS l,
  int4range(1, 5) AS m, ROW(1, 'x')::text AS n"""


def test_the_digest_is_the_same_on_both_versions(place: Path, fifteen: dict[str, Any]) -> None:
    digests = {}
    for name, of in (("here", connection.settings_dict), ("fifteen", fifteen)):
        with psycopg.connect(
            host=of["HOST"], port=of["PORT"] or None, user=of["USER"], password=of["PASSWORD"] or None, autocommit=True,
            dbname=servers.live() if name == "here" else "postgres",
        ) as there:  # fmt: skip
            there.execute(f"SET timezone = '{'Asia/Karachi' if name == 'here' else 'UTC'}'")
            there.execute(f"CREATE TABLE public.every_kind AS {VALUES}")
            digests[name] = contents.read(there).tables["every_kind"]
    assert digests["here"] == digests["fifteen"]
    assert digests["here"][0] == 1
