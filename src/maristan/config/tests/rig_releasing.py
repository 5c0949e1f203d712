"""The whole way with real processes: release A serves, B fails or takes its place, and A comes back."""

import hashlib
import http.client
import json
import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client

from maristan.agenda import actions as agenda
from maristan.assessment.tests import factories as exams
from maristan.config import calendar, integrity
from maristan.config.documents import ROOT
from maristan.config.tests.programs import NotToBeHad, answers, free_port, program, until, with_options
from maristan.config.tests.releases import Shelf, build_of
from maristan.config.working import LOOK_EVERY
from maristan.conftest import _as_owner
from maristan.directory.tests import factories as make
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.queries import servers
from maristan.operations.rules.report import HEADINGS

COMPATIBLE = (
    "ALTER TABLE operations_sample ADD COLUMN of_rig text",
    "ALTER TABLE operations_sample DROP COLUMN of_rig",
)
# What no smoke test, no announcement and no restore adds to: there each row is one of the set.
OF_INSTITUTIONS = ("academics_", "assessment_", "attendance_", "timetable_")
BATCH, LEARNERS = "batch_generate_transcripts", 12
DEPARTMENTS = "/api/v1/directory/departments/"
BREAKING = ("CREATE TABLE rig_thing (id int)", "DROP TABLE rig_thing")


def digest(file: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Rig(Shelf):
    """A database with an institution, release A in service, and what is looked at."""

    def asked(self, statement: str) -> list[Any]:
        with servers.connected(servers.live()) as there:
            return [row[0] for row in there.execute(statement).fetchall()]

    def current(self) -> Path:
        return (self.home / "current").resolve()

    def builds(self) -> list[str]:
        """The builds of the processes that live."""
        return self.asked("""SELECT DISTINCT build_id FROM operations_process WHERE kind <> 'command'
          AND last_seen_at > now() - interval '12 seconds' ORDER BY 1""")

    def processes(self, kind: str) -> list[str]:
        """The builds of the live processes of a kind, one for each of them."""
        return self.asked(f"""SELECT build_id FROM operations_process WHERE kind = '{kind}'
          AND last_seen_at > now() - interval '12 seconds'""")

    def state(self) -> tuple[Any, ...]:
        """All that a refusal leaves alone."""
        return (
            self.current(), self.builds(), self.asked("SELECT name FROM django_migrations ORDER BY id"),
            self.asked("SELECT count(*) FROM operations_deployment"), sorted((self.home / "media").rglob("*")),
            self.asked("SELECT count(*) FROM operations_backupset"), (self.home / "MAINTENANCE_MODE").exists(),
        )  # fmt: skip

    def steps(self) -> dict[str, str]:
        (found,) = self.asked("SELECT steps FROM operations_deployment ORDER BY started_at DESC LIMIT 1")
        return {each["name"]: each["status"] for each in found}


@pytest.fixture(scope="module")
def rig(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Rig]:
    """A copy of the migrated database, and release A that serves over it."""
    usual, options = connection.settings_dict["NAME"], dict(connection.settings_dict["OPTIONS"])
    connections.close_all()
    _as_owner('DROP DATABASE IF EXISTS "rig" WITH (FORCE)')
    _as_owner(f'CREATE DATABASE "rig" TEMPLATE "{usual}"')
    connection.settings_dict["NAME"] = "rig"
    there = connection.settings_dict
    url = f"postgresql://{there['USER']}:{there['PASSWORD']}@/rig?host={there['HOST']}&port={there['PORT']}"
    with django_db_blocker.unblock():
        made = Rig(tmp_path_factory.mktemp("rig"), url)
        made.environment |= {
            "WEB_WORKERS": "2",
            "THROTTLE_USER_RATE": "1000000/hour",
            "SECRET_KEY": settings.SECRET_KEY,
        }
        made.environment["DB_STATEMENT_TIMEOUT_MS"] = "300000"  # a batch waits for longer than anybody would
        try:
            with transaction.atomic():
                by = platform(make.institution().pk)
                make.holiday("Founders' Day", "2026-03-02")  # no smoke test may take it for its own
                shown = calendar.holidays_shown(by=by)
                agenda.put(owner_kind=calendar.HOLIDAY, entries=[each for each in shown.values() if each], by=by)
            first = made.put("1.0", {})
            (made.home / "current").symlink_to(first)
            code, said = made.run(first, "up", "--detach")
            assert code == 0, said
            yield made
        finally:
            made.end()
            connections.close_all()
            there.update(NAME=usual, OPTIONS=options)
            for name in ("rig", *made.asked("SELECT datname FROM pg_database WHERE datname LIKE 'rig\\_%'")):
                _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_migration_that_fails_leaves_the_former_release_in_service(rig: Rig) -> None:
    former = rig.current()
    broken = rig.put("1.1", {"compatible": ("CREATE TABLE half (id int); SELECT 1/0", "SELECT 1")})
    code, said = rig.run(broken, "deploy", "--yes")
    assert code == 5, said
    assert "division by zero" in said
    assert rig.asked("SELECT count(*) FROM pg_class WHERE relname = 'half'") == [0]
    assert (rig.current(), rig.served()) == (former, (200, build_of(former)))
    assert rig.builds() == [build_of(former)]
    assert rig.asked("SELECT status FROM operations_deployment") == ["rolled_back"]
    assert rig.asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [0]
    assert rig.steps()["back: verify"] == "done"


def writing(rig: Rig, stop: threading.Event) -> None:
    """Somebody who writes until everybody is kept out."""
    institution = tenancy.institution_ids()[0]
    while not stop.wait(0.3) and not (rig.home / "MAINTENANCE_MODE").exists():
        with tenancy.acting_in(institution):
            journal.record("department.created", ("department", 1), by=platform(institution))
    connection.close()


class Batches(threading.Thread):
    """Two batches of transcripts: a worker has the first in hand when it is told to end, because somebody holds what it
    writes to; the second is asked for when the doors are closed, and waits."""

    def __init__(self, rig: Rig) -> None:
        super().__init__(name="batches")
        self.rig, self.asked = rig, rig.asked
        with transaction.atomic(), clock.stopped_at(exams.CLOCK):
            of = exams.college("batches", learners=LEARNERS)
            exams.published(of)
        self.eve = of.eve
        with tenancy.acting_in(of.batch.institution_id):
            journal.seal()  # lines of a clock that stood still would seem to wait for it since then
            by = platform(of.batch.institution_id)  # rows that no action made are in no calendar
            named = [f"{kind}:{pk}" for kind, shown in integrity.SHOWN.items() for pk in shown(by=by)]
            integrity.mend_entries(ids=named, by=by)
        self.jobs = [self._ask("en")]
        until(lambda: self.documents() >= 3, seconds=60, what="a batch that was begun")
        self.holder = servers.connected(servers.live(), doing="somebody")
        self.holder.autocommit = False
        self.holder.execute("LOCK TABLE assessment_document IN SHARE MODE")
        self.begun, self.fault = self.documents(), ""

    def _ask(self, language: str) -> int:
        wanted = {"audience": [["institution"]], "language": language}
        with transaction.atomic():
            return int(self.eve.post("/api/v1/transcripts/batch/", wanted).json["job_id"])

    def documents(self) -> int:
        """How many were written."""
        (found,) = self.asked("SELECT count(*) FROM assessment_document")
        return int(found)

    def run(self) -> None:
        """Ask for the second when the doors are closed; let go when the workers were told to end."""
        try:
            until((self.rig.home / "MAINTENANCE_MODE").exists, seconds=200, what="closed doors")
            time.sleep(2 * LOOK_EVERY)  # workers have seen it then
            self.jobs.append(self._ask("ur"))
            until(lambda: self.rig.steps().get("stop workers") == "done", seconds=200, what="workers that ended")
            self.in_hand = self.asked("SELECT status::text FROM procrastinate_jobs WHERE task_name = '" + BATCH + "'")
        except Exception as fault:
            self.fault = repr(fault)
        finally:
            self.holder.close()
            connection.close()

    def judge(self) -> None:
        """Each document was written once, under one result for each batch."""
        self.join()
        assert self.fault == ""
        assert sorted(self.in_hand) == ["doing", "todo"]
        wanted = f"SELECT status FROM kernel_job WHERE id IN ({self.jobs[0]}, {self.jobs[1]})"
        until(lambda: self.asked(wanted) == ["succeeded"] * 2, seconds=60, what=f"batches {self.asked(wanted)}")
        numbers = self.asked("SELECT right(number, 6)::int FROM assessment_document ORDER BY number")
        assert numbers == list(range(1, 2 * LEARNERS + 1))
        assert self.asked("SELECT DISTINCT count(*) FROM assessment_document GROUP BY person_id") == [2]
        assert self.asked("SELECT count(*) FROM kernel_job") == [2]
        began = """SELECT count(*) FROM procrastinate_events WHERE type = 'started' AND job_id IN
          (SELECT id FROM procrastinate_jobs WHERE task_name = '{}') GROUP BY job_id ORDER BY job_id"""
        assert self.asked(began.format(BATCH)) == [2, 1]


def test_a_release_takes_the_place_of_the_former_and_a_rollback_brings_it_back(
    rig: Rig, told: Callable[[str], None]
) -> None:
    former = rig.current()
    later = rig.put("1.2", {"compatible": COMPATIBLE, "breaking": BREAKING})
    rig.asked("""INSERT INTO procrastinate_jobs (queue_name, task_name, args)
      VALUES ('operations', 'operations.prune', '{"timestamp": 0}') RETURNING id""")
    batches = Batches(rig)
    stop = threading.Event()
    writer = threading.Thread(target=writing, args=(rig, stop))
    writer.start()
    batches.start()
    code, said = rig.run(later, "deploy", "--yes")
    stop.set()
    writer.join()
    assert code == 0, said
    batches.judge()
    told(f"while A gave way to B a batch was in hand after {batches.begun} of {LEARNERS} documents and another waited: "
         f"{2 * LEARNERS} documents, each once, two results")  # fmt: skip
    assert (rig.current(), rig.served(), rig.builds()) == (later, (200, build_of(later)), [build_of(later)])
    assert {kind: rig.processes(kind) for kind in ("web", "worker")} == dict.fromkeys(
        ("web", "worker"), [build_of(later)] * 2
    )
    assert rig.asked("SELECT reason FROM operations_backupset ORDER BY id DESC LIMIT 2") == ["final", "pre_deploy"]
    assert set(rig.steps().values()) <= {"done", "not checked"}
    (report,) = rig.asked("SELECT report FROM operations_deployment ORDER BY started_at DESC LIMIT 1")
    text = Path(report).read_text()
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(HEADINGS)
    assert rig.asked("""SELECT count(*) FROM procrastinate_events e JOIN procrastinate_jobs j ON j.id = e.job_id
      WHERE e.type = 'started' AND j.args = '{"timestamp": 0}' AND j.task_name = 'operations.prune'""") == [1]
    lines = [json.loads(line)["kind"] for line in (rig.home / "var" / "operations.jsonl").read_text().splitlines()]
    assert lines.count("release.deployed") == 1
    refused(rig, later)
    back(rig, former, later)


def refused(rig: Rig, later: Path) -> None:
    """Code alone does not go back over a breaking migration."""
    was = rig.state()
    code, said = rig.run(later, "rollback", "--level", "1", "--yes")
    assert (code, "incompatible_schema: operations." in said, "of_rig_breaking" in said) == (3, True, True), said
    assert rig.state() == was
    code, said = rig.run(later, "rollback", "--level", "1", "--to", "9.9", "--dry-run")
    assert (code, "no release 9.9; nearest: " in said) == (2, True), said


def back(rig: Rig, former: Path, later: Path) -> None:
    """The set of before the deployment serves again, with the release that made it."""
    (name,) = rig.asked("SELECT name FROM operations_backupset WHERE reason = 'pre_deploy' ORDER BY id DESC LIMIT 1")
    assert rig.asked(f"SELECT build_id FROM operations_backupset WHERE name = '{name}'") == [build_of(former)]
    was = rig.asked("SELECT name FROM django_migrations WHERE name NOT LIKE '%_of_rig_%' ORDER BY id")
    code, said = rig.run(later, "rollback", "--level", "3", "--set", name, "--yes")
    assert code == 0, said
    assert (rig.current(), rig.served(), rig.builds()) == (former, (200, build_of(former)), [build_of(former)])
    assert rig.asked("SELECT name FROM django_migrations ORDER BY id") == was
    promised = json.loads((rig.home / "sets" / name / "manifest.json").read_text(encoding="utf-8"))
    rows = {table: said["rows"] for table, said in promised["tables"].items() if table.startswith(OF_INSTITUTIONS)}
    assert len(rows) > 50
    assert {table: rig.asked(f"SELECT count(*) FROM {table}") for table in rows} == {
        table: [count] for table, count in rows.items()
    }
    media = rig.home / "media"  # a smoke test leaves a file of its own for some days
    assert {each["key"]: digest(media / each["key"]) for each in promised["media"]["items"]} == {
        each["key"]: each["sha256"] for each in promised["media"]["items"]
    }
    assert rig.asked("SELECT count(*) FROM pg_class WHERE relname = 'rig_thing'") == [0]
    assert rig.asked("SELECT status FROM operations_deployment WHERE kind = 'rollback_full'") == [
        "succeeded_with_warnings"
    ]
    assert rig.asked("SELECT count(*) FROM operations_deployment WHERE finished_at IS NULL") == [0]
    assert rig.asked("SELECT count(*) FROM operations_maintenancewindow WHERE ended_at IS NULL") == [0]
    assert not (rig.home / "MAINTENANCE_MODE").exists()
    sets = rig.asked("SELECT reason FROM operations_backupset WHERE status = 'proven' ORDER BY created_at DESC LIMIT 1")
    assert sets == ["pre_restore"]


@contextmanager
def proxied(rig: Rig, folder: Path) -> Iterator[int]:
    """The shipped Caddyfile before the web server, without TLS; gives the port of Caddy."""
    try:
        caddy = program("caddy")
    except NotToBeHad as why:
        pytest.skip(f"not to be had: {why}")
    port, text = free_port(), (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    file = folder / "Caddyfile"
    text = re.sub(r"\ttls \{.*?\n\t\}\n", "", text, flags=re.S)
    file.write_text(with_options(text.replace("127.0.0.1:8010", f"127.0.0.1:{rig.port}"), "admin off"))
    named = {"MARISTAN_DOMAINS": f"http://localhost:{port}", "XDG_DATA_HOME": str(folder), **caddy.environment}
    with (folder / "caddy.log").open("wb") as log:
        running = subprocess.Popen(
            [caddy.path, "run", "--adapter", "caddyfile", "--config", str(file)], env={**os.environ, **named},
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            until(lambda: answers(port), seconds=20, what="Caddy")
            yield port
        finally:
            running.terminate()
            running.wait(20)


def signed_in(rig: Rig) -> str:
    """The session of an administrator."""
    connections.close_all()  # a restore ended them
    (here,) = rig.asked("SELECT id FROM directory_institution WHERE code = 'fmu'")
    with tenancy.acting_in(here):
        account = User.objects.get(pk=make.member("Visitor", "admin").user_id)
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def visited(port: int, session: str) -> Iterator[Counter[tuple[str, int, str]]]:
    """Six visitors ask for page, readiness and, signed in, a list, without a pause; counts path, status and build."""
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    stop, got, lock = threading.Event(), Counter[tuple[str, int, str]](), threading.Lock()

    def ask(path: str) -> tuple[str, int, str]:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request("GET", path, headers={"Host": f"localhost:{port}", **cookie})
            answer = link.getresponse()
            said, build = answer.read(), answer.headers.get("X-Maristan-Build", "")
            return path, answer.status, build if answer.status == 200 else f"{build} {said[:400]!r}"
        except (OSError, http.client.HTTPException) as broken:
            return path, 0, type(broken).__name__
        finally:
            link.close()

    def ask_on() -> None:
        while not stop.is_set():
            for path in ("/", "/readiness/", DEPARTMENTS):
                found = ask(path)
                with lock:
                    got[found] += 1

    visitors = [threading.Thread(target=ask_on) for _ in range(6)]
    for each in visitors:
        each.start()
    try:
        yield got
    finally:
        stop.set()
        for each in visitors:
            each.join()


def test_a_rolling_release_fails_nobody(rig: Rig, tmp_path: Path) -> None:
    former = rig.current()
    later = rig.put("1.3", {"compatible": COMPATIBLE})
    with proxied(rig, tmp_path) as port, visited(port, signed_in(rig)) as got:
        code, said = rig.run(later, "deploy", "--yes", "--rolling")
    assert code == 0, said
    assert (rig.current(), rig.served(), rig.builds()) == (later, (200, build_of(later)), [build_of(later)])
    assert got.total() >= 2000, got
    assert [each for each in got if each[1] != 200] == []
    of_members = {build for path, _, build in got if path == DEPARTMENTS}
    assert {build for _, _, build in got} == of_members == {build_of(former), build_of(later)}
