"""Two web processes and a worker behind PgBouncer by transaction, with Redis.

Everything is a real process on loopback; what cannot be had is skipped by its name.
"""

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client as DjangoClient
from psycopg.rows import dict_row

from maristan.config.database import runtime_role
from maristan.config.documents import ROOT
from maristan.config.tests.loopback import Loopback, environment, pooled, port_of
from maristan.config.tests.programs import NotToBeHad, Program, answers, free_port, program, until
from maristan.conftest import _as_owner
from maristan.directory.tests import factories as make
from maristan.kernel.models import User

DATABASE, POOL_SIZE, CLIENTS, PEOPLE = "rig_pooling", 6, 50, 5
DEPARTMENTS = "/api/v1/directory/departments/?page_size=100"
# Tests that do in their own process what a command of the owner does, which goes past a pooler: it keeps a lock of its
# session while it works, makes databases, or alters tables.
OF_THE_OWNER = (
    "config/tests/test_demo.py",
    "config/tests/test_health.py::test_a_probe_gives_up_after_two_seconds_with_a_pooler_as_without",
    "config/tests/test_health.py::test_before_there_is_a_table_of_processes_nothing_is_known_of_workers",
    "config/tests/test_maintenance.py::test_a_run_of_the_command_line_passes_for_a_quarter_of_an_hour",
    "config/tests/test_maintenance.py::test_nobody_passes_by_a_run_that_ended_or_died_or_never_was",
    "config/tests/test_smoke.py",
    "config/tests/test_throttling.py::test_a_verification_calls_every_endpoint_and_nobody_else_passes_for_one",
    "operations/tests/test_backups_api.py",
    "operations/tests/test_offsite.py",
    "operations/tests/test_periodic.py",
)
STATE = "SELECT status FROM procrastinate_jobs WHERE id = %s"


@dataclass
class Rig(Loopback):
    """What runs, and the cookies of people by institution."""

    people: dict[str, list[str]] = field(default_factory=dict)
    theirs: dict[str, int] = field(default_factory=dict)

    @property
    def pooled(self) -> str:
        """Where the pooler listens."""
        return self.environment["DATABASE_URL"]


def fetched(name: str) -> Program:
    try:
        return program(name)
    except NotToBeHad as why:
        pytest.skip(f"not to be had: {why}")


@pytest.fixture(scope="module")
def rig(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rig]:
    bouncer, redis = fetched("pgbouncer"), fetched("redis-server")
    usual, options = connection.settings_dict["NAME"], dict(connection.settings_dict["OPTIONS"])
    there, owner = connection.settings_dict, connection.settings_dict["USER"]
    connections.close_all()
    _as_owner(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    _as_owner(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{usual}"')
    _as_owner(f'ALTER ROLE "{runtime_role(owner)}" LOGIN')
    there["NAME"] = DATABASE
    with tempfile.TemporaryDirectory(prefix="maristan-pooling-") as name, django_db_blocker.unblock():
        folder = Path(name)
        folder.chmod(0o755)
        made = Rig(folder, told_to(folder))
        try:
            settle_people(made)
            serve(made, bouncer, redis)
            yield made
        finally:
            made.end()
            connections.close_all()
            there.update(NAME=usual, OPTIONS=options)
            _as_owner(f'ALTER ROLE "{runtime_role(owner)}" NOLOGIN')
            _as_owner(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def told_to(folder: Path) -> dict[str, str]:
    """What the processes of the rig are told: two for the web, a pooler, and Redis."""
    redis = f"redis://127.0.0.1:{free_port()}/0"
    return environment(folder, **pooled(DATABASE), REDIS_URL=redis, WEB_WORKERS="2", ALERT_EMAILS="watch@example.edu")


def settle_people(made: Rig) -> None:
    """Two institutions, in each some people who are signed in, and departments that bear its name."""
    for code in ("alpha", "beta"):
        with transaction.atomic():
            make.institution(code)
            people = [make.member(f"{code} {number}", "admin") for number in range(PEOPLE)]
            rows = [make.department(f"{code} {number}", code=f"{code}{number}") for number in range(30)]
        made.theirs[code], made.people[code] = rows[0].pk, []
        for each in people:
            browser = DjangoClient()
            account = User.objects.get(pk=each.user_id)
            browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
            made.people[code].append(browser.cookies["sessionid"].value)
    connections.close_all()


def serve(made: Rig, bouncer: Program, redis: Program) -> None:
    """Start everything, and wait until it answers."""
    made.pool(bouncer, size=POOL_SIZE)
    port = port_of(made.environment["REDIS_URL"])
    made.start("redis", redis.path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", of=redis)
    until(lambda: answers(port), seconds=20, what=f"redis: {made.said('redis')[-500:]}")
    made.serve_web()
    made.serve("worker", "worker")
    until(lambda: made.ask("/health/")[1].get("checks", {}).get("workers", {}).get("status") == "ok", seconds=60,
          what=f"a worker: {made.said('worker')[-500:]}")  # fmt: skip


def no_fault(rig: Rig) -> None:
    """Nobody complained of a statement that belongs to another session."""
    for name in ("web", "worker", "bouncer"):
        said = rig.said(name)
        assert "prepared statement" not in said
        assert "unsupported startup parameter" not in said
        assert "Traceback" not in said, said[-3000:]


def test_every_role_and_every_list_works_through_the_pooler(rig: Rig) -> None:
    status, health = rig.ask("/health/")
    assert (status, health["status"]) == (200, "ok")
    assert {name: each["status"] for name, each in health["checks"].items()} == dict.fromkeys(
        ("db", "migrations", "redis", "workers"), "ok"
    )
    paths = rig.ask("/api/schema/")[1]["paths"]
    lists = sorted(path for path, said in paths.items() if "get" in said and "{" not in path)
    assert len(lists) > 100
    got = {path: rig.ask(path, rig.people["alpha"][0])[0] for path in lists}
    assert {path: status for path, status in got.items() if status >= 500} == {}
    assert sum(status == 200 for status in got.values()) > 50
    ended = rig.maristan("smoke", "--base-url", rig.url, "--json")
    said = json.loads(ended.stdout.strip().splitlines()[-1])
    assert [each for each in said["steps"] if not each["passed"]] == [], ended.stderr
    assert ended.returncode == 0
    no_fault(rig)


def test_fifty_clients_at_once_never_see_what_is_another_institutions(rig: Rig) -> None:
    other = {"alpha": "beta", "beta": "alpha"}
    strange: list[str] = []

    def look(number: int) -> int:
        code = ("alpha", "beta")[number % 2]
        cookie, seen = rig.people[code][number % PEOPLE], 0
        for _ in range(8):
            status, body = rig.ask(DEPARTMENTS, cookie)
            names = [each["name"] for each in body["results"]] if status == 200 else [f"status {status}"]
            strange.extend(f"{code} saw {name}" for name in names if not name.startswith(code))
            seen += len(names)
            status, _ = rig.ask(f"/api/v1/directory/departments/{rig.theirs[other[code]]}/", cookie)
            if status != 404:
                strange.append(f"{code} got {status} for what is {other[code]}'s")
        return seen

    with ThreadPoolExecutor(CLIENTS) as together:
        seen = sum(together.map(look, range(CLIENTS)))
    assert strange == []
    assert seen == CLIENTS * 8 * 30
    left_behind(rig)
    no_fault(rig)


def left_behind(rig: Rig) -> None:
    """No session that the pooler hands out carries anything of whoever had it before."""
    asked = """SELECT pg_backend_pid(), current_setting('maristan.institution', true),
      current_setting('statement_timeout'), current_setting('role'), current_setting('lock_timeout'), pg_sleep(0.2)"""

    def one(_number: int) -> tuple[Any, ...]:
        with psycopg.connect(rig.pooled, autocommit=True, prepare_threshold=None) as there:
            row = there.execute(asked).fetchone()
            assert row is not None
            return row

    with ThreadPoolExecutor(POOL_SIZE) as together:
        found = list(together.map(one, range(POOL_SIZE * 3)))
    assert len({row[0] for row in found}) > 1
    assert {(row[1] or "", *row[2:5]) for row in found} == {("", "0", "none", "0")}


def suites() -> list[str]:
    """The files of all tests that ask the API, of every app."""
    there = sorted(each for each in (ROOT / "src" / "maristan").rglob("test_*.py") if "/api/v1/" in each.read_text())
    for each in OF_THE_OWNER:
        file, _, test = each.partition("::")
        assert f"def {test or 'test_'}" in (ROOT / "src" / "maristan" / file).read_text(), each
    return [str(each) for each in there]


def test_the_tests_of_the_api_pass_through_the_pooler(rig: Rig, told: Callable[[str], None]) -> None:
    kept = {**rig.environment}
    for name in (
        "REDIS_URL", "WEB_BIND", "THROTTLE_USER_RATE", "MFA_REQUIRED_ROLES", "MEDIA_ROOT", "LOG_LEVEL", "ALERT_EMAILS",
    ):  # fmt: skip
        del kept[name]
    (rig.folder / "tests").mkdir()
    asked = suites()
    began = asked_of_bouncer(rig)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--show-capture=no",
         *asked, *(f"--deselect=src/maristan/{each}" for each in OF_THE_OWNER)],
        env={**kept, "PYTEST_XDIST_WORKER": "pooled", "MARISTAN_TEST_HOME": str(rig.folder / "tests")},
        capture_output=True, text=True, timeout=3600, cwd=ROOT, check=False,
    )  # fmt: skip
    summary = ended.stdout.strip().splitlines()
    assert ended.returncode == 0, "\n".join(each for each in summary if not each.startswith("{"))[-6000:]
    went = asked_of_bouncer(rig) - began
    assert went > 1000  # through the pooler, and not past it
    told(f"{len(asked)} suites, {sum(each.count('.') for each in summary if set(each) & {'%'})} tests, passed through "
         f"PgBouncer by transaction, in {went} transactions")  # fmt: skip
    no_fault(rig)


FAILS, ENDS = "Critical: The server fails to answer", "Over: The server fails to answer"
ALERTS = "SELECT status, value FROM operations_alert WHERE rule = 'http_5xx'"
JUDGED = "SELECT count(*) FROM operations_sample WHERE name = 'evaluated' AND minute > %s"


def mailed(rig: Rig, subject: str) -> int:
    """How many mails of a subject left."""
    there = (each.read_text(errors="replace") for each in (rig.folder / "var" / "mail").glob("*"))
    return sum(f"Subject: {subject}" in text for text in there)


def fail(rig: Rig, binds: tuple[str, str], count: int) -> datetime:
    """So many answers of 500 within one minute, by both web servers in turn; gives the minute."""
    time.sleep(65 - time.time() % 60 if time.time() % 60 > 30 else max(0.0, 5 - time.time() % 60))
    minute = datetime.now(UTC).replace(second=0, microsecond=0)
    for number in range(count):
        there = Rig(rig.folder, {**rig.environment, "WEB_BIND": binds[number % 2]})
        assert there.ask(DEPARTMENTS, rig.people["alpha"][0])[0] == 500
    assert datetime.now(UTC) - minute < timedelta(seconds=55)
    return minute


def test_eleven_answers_of_500_by_two_servers_are_one_alert_and_one_mail(rig: Rig, told: Callable[[str], None]) -> None:
    port = free_port()
    other = {**rig.environment, "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1"}
    both = rig.environment["WEB_BIND"], other["WEB_BIND"]
    with (rig.folder / "web.log").open("ab") as log:
        second = subprocess.Popen([sys.executable, "-m", "maristan", "web"], env=other, stdout=log, stderr=log,
                                  cwd=rig.folder)  # fmt: skip
    with psycopg.connect(rig.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        try:
            until(lambda: answers(port), seconds=180, what=f"a second web server: {rig.said('web')[-500:]}")
            owner.execute("ALTER TABLE directory_department RENAME TO hidden")
            ten = fail(rig, both, 10)
            until(lambda: owner.execute(JUDGED, [ten]).fetchone()[0], seconds=120, what="a judged minute")
            time.sleep(3)
            assert (owner.execute(ALERTS).fetchall(), mailed(rig, FAILS)) == ([], 0)
            fail(rig, both, 11)
            until(lambda: mailed(rig, FAILS), seconds=120, what="a mail")
            assert owner.execute(ALERTS).fetchall() == [("firing", 11.0)]
            owner.execute("ALTER TABLE hidden RENAME TO directory_department")
            until(lambda: mailed(rig, ENDS), seconds=240, what="the mail that it is over")
            time.sleep(65)
            assert [row[0] for row in owner.execute(ALERTS).fetchall()] == ["resolved"]
            assert (mailed(rig, FAILS), mailed(rig, ENDS)) == (1, 1)
        finally:
            owner.execute("ALTER TABLE IF EXISTS hidden RENAME TO directory_department")
            second.send_signal(signal.SIGTERM)
            second.wait(30)
    told("ten answers of 500 over two web servers: nothing; eleven: one alert of 11 and one mail; gone for two "
         "evaluations: resolved, one mail more")  # fmt: skip
    (rig.folder / "web.log").write_text("")  # its tracebacks were asked for


def asked_of_bouncer(rig: Rig) -> int:
    """How many transactions the pooler has passed on."""
    itself = rig.pooled.removesuffix(DATABASE) + "pgbouncer"
    with psycopg.connect(itself, autocommit=True, prepare_threshold=None) as there:
        rows = there.cursor(row_factory=dict_row).execute("SHOW STATS_TOTALS").fetchall()
    return sum(int(each["xact_count"]) for each in rows)


def test_a_job_is_heard_of_past_the_pooler(rig: Rig) -> None:
    took = []
    with psycopg.connect(rig.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for _ in range(3):
            began = time.monotonic()
            ((job,),) = owner.execute("""INSERT INTO procrastinate_jobs (queue_name, task_name, args)
              VALUES ('operations', 'operations.watch_clock', '{"timestamp": 0}') RETURNING id""").fetchall()
            until(lambda job=job: owner.execute(STATE, [job]).fetchone()[0] == "succeeded", seconds=20, what="the job")
            took.append(time.monotonic() - began)
            time.sleep(0.3)
        listening = """SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' OR query = 'SELECT 1'"""
        assert owner.execute(listening).fetchone()[0] >= 1
    assert sorted(took)[1] < 3.0, took  # who only looks every five seconds takes longer


def test_two_web_processes_count_as_one_by_redis(rig: Rig) -> None:
    from_outside = {"X-Forwarded-For": "203.0.113.50"}

    def call(_number: int) -> tuple[int, Any]:
        return rig.ask("/api/v1/directory/departments/", **from_outside)

    with ThreadPoolExecutor(20) as together:
        got = list(together.map(call, range(130)))
    statuses = [status for status, _ in got]
    assert (statuses.count(401), statuses.count(429)) == (100, 30)
    waits = [int(headers["Retry-After"]) for status, headers in got if status == 429]
    assert all(3500 < each <= 3600 for each in waits)
    assert rig.ask("/api/v1/directory/departments/", **{"X-Forwarded-For": "203.0.113.51"})[0] == 401


def loaded(rig: Rig, meanwhile: Callable[[], float], *, seconds: float) -> tuple[float, list[tuple[float, float, str]]]:
    """Eight clients ask without a pause while something happens: when it did, and begin, end and fault of each call."""
    stop, calls, lock = threading.Event(), [], threading.Lock()

    def ask_on() -> None:
        while not stop.is_set():
            began, fault = time.monotonic(), ""
            try:
                status, _ = rig.ask(DEPARTMENTS, rig.people["alpha"][0])
                fault = "" if status == 200 else str(status)
            except OSError as broken:
                fault = type(broken).__name__
            with lock:
                calls.append((began, time.monotonic(), fault))

    clients = [threading.Thread(target=ask_on) for _ in range(8)]
    for each in clients:
        each.start()
    time.sleep(seconds / 2)
    moment = meanwhile()
    time.sleep(seconds / 2)
    stop.set()
    for each in clients:
        each.join()
    return moment, calls


def workers_of(main: int) -> list[psutil.Process]:
    """The processes that serve under a web server."""
    found = psutil.Process(main).children(recursive=True)
    return [each for each in found if "resource_tracker" not in " ".join(each.cmdline()) and each.is_running()]


def test_a_web_process_that_is_killed_takes_only_what_it_had_in_hand_with_it(rig: Rig) -> None:
    main = rig.running["web"].pid
    first, second = workers_of(main)

    def kill() -> float:
        first.kill()
        first.wait(10)  # until it is gone the system still takes connections for it
        return time.monotonic()

    moment, calls = loaded(rig, kill, seconds=8)
    failed = [each for each in calls if each[2]]
    assert len(failed) <= 8, failed
    assert all(began <= moment for began, _, _ in failed), (moment, failed)
    served = [each for each in calls if not each[2] and each[0] > moment]
    assert len(served) > 20
    assert second.is_running()
    until(lambda: len(workers_of(main)) == 2, seconds=30, what="the one that was killed to be replaced")
    no_fault(rig)
