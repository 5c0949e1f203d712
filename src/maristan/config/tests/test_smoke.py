"""What is served, tried as every role: by a real web process and a real worker on a database of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from maristan.config import smoke, smoke_people
from maristan.config.calling import Caller
from maristan.config.documents import ROOT
from maristan.config.maintenance import PASS
from maristan.config.roles import TABLE
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import Role
from maristan.kernel.models import JournalLine, User
from maristan.operations.queries import maintenance

PATIENCE = 60
# A build in which nobody is asked for one permission: what a forgotten check looks like from outside.
BROKEN = """
import importlib.abc, sys
class Forget(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "maristan.config.wsgi":
            return None
        sys.meta_path.remove(self)
        from maristan.kernel import access
        from maristan.kernel.errors import NotAllowed
        asked = access.Actor.demand
        def demand(self, permission, *args, **kwargs):
            try:
                return asked(self, permission, *args, **kwargs)
            except NotAllowed:
                if str(permission) != "webhook.manage":
                    raise
                return access.Reach(everything=True)
        access.Actor.demand = demand
        return None
sys.meta_path.insert(0, Forget())
"""


@dataclass(frozen=True)
class Product:
    """What runs, and where."""

    url: str
    environment: dict[str, str]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def web(environment: dict[str, str], **also: str) -> tuple[str, subprocess.Popen[bytes]]:
    """A web process, once it answers."""
    port = free_port()
    program = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "error",
        "maristan.config.wsgi:application",
    ]  # fmt: skip
    running = subprocess.Popen(program, env={**environment, **also})
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{url}/liveness/", timeout=2).close()
            return url, running
        except OSError:
            assert running.poll() is None, "the web process ended"
            assert time.monotonic() < end, "the web process does not answer"
            time.sleep(0.1)


@pytest.fixture
def product(own_database: Callable[[str], None], tmp_path: Path, settings: Any) -> Iterator[Product]:
    """A web process and a worker, and an institution with people whom the smoke test is none of."""
    where = connection.settings_dict
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"
    settings.VAR, settings.MFA_REQUIRED_ROLES = tmp_path / "var", ("operator",)
    environment = {
        **os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src"), "MARISTAN_ENV": "test",
        "MFA_REQUIRED_ROLES": "operator", "BACKUP_DIR": str(tmp_path / "sets"),
        "MAINTENANCE_FILE": str(tmp_path / "MAINTENANCE_MODE"),
    }  # fmt: skip
    with transaction.atomic():
        make.institution()
        make.member("Alice", "admin")
        make.member("Bob", "student")
    address, server = web(environment)
    worker = subprocess.Popen([sys.executable, "-m", "maristan", "worker"], env=environment)
    try:
        yield Product(address, environment)
    finally:
        for each in (server, worker):
            os.kill(each.pid, signal.SIGTERM)
        for each in (server, worker):
            each.wait(timeout=PATIENCE)


def rows() -> dict[str, int]:
    """How many rows each table has, whoever owns them, but for those that every process writes."""
    busy = {"procrastinate", "django_session", "kernel_periodicrun", "kernel_jobnote", "operations_"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall() if not name.startswith(tuple(busy))]
        total = dict.fromkeys(names, 0)
    for here in [None, *tenancy.institution_ids()]:
        with tenancy.acting_in(here), connection.cursor() as cursor:
            for name in names:
                cursor.execute(f'SELECT count(*) FROM "{name}"')
                total[name] += cursor.fetchone()[0]
    return total


def test_every_role_tries_what_is_served_and_nothing_of_it_stays_but_lines(product: Product) -> None:
    before, said = rows(), StringIO()
    with suppress(SystemExit):  # the answer says which step failed
        call_command("smoke", "--base-url", product.url, "--json", stdout=said)
    answer = json.loads(said.getvalue())
    steps = {each["name"]: each["evidence"] for each in answer["steps"]}
    assert [each for each in answer["steps"] if not each["passed"]] == []
    assert answer["passed"]
    assert steps["operator: sign in"] == "_smoke.operator has a session, by a second factor"
    of_roles = {name.partition(":")[0] for name in steps if ":" in name}
    assert of_roles == {role for holders in TABLE.values() for role in holders}
    assert [name for name in steps if ":" not in name] == ["calendar", "file", "job", "integrity"]
    assert all(any(sign.isdigit() and sign != "0" for sign in evidence) for name, evidence in steps.items()
               if not name.endswith(("sign in", "home")))  # fmt: skip
    after = rows()
    grown = {name: after[name] - before[name] for name in before if after[name] != before[name]}
    assert set(grown) <= {"kernel_user", "kernel_journalline", "kernel_journalseal", "kernel_signinfailure"}
    assert smoke_people.present() is None
    accounts = User.objects.filter(username__startswith="_smoke.")
    assert {each.is_active or each.has_usable_password() or each.is_operator for each in accounts} == {False}
    with tenancy.acting_in(None):
        [line] = JournalLine.objects.filter(kind="smoke.checked")
        assert (line.changes["failed"], line.changes["steps"]) == ([], len(steps))
    broken = Path(product.environment["BACKUP_DIR"]).with_name("broken")
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(BROKEN)
    url, server = web(product.environment, PYTHONPATH=f"{broken}:{ROOT / 'src'}")
    try:
        with smoke_people.gathered() as people:
            assert smoke_people.present() == line.changes["institution"]  # the lines of every run are one chain
            faculty = Caller(url)
            faculty.sign_in(people[Role.FACULTY].username, people[Role.FACULTY].password)
            refused = smoke.step("faculty: forbidden lists", lambda: smoke.forbidden(faculty, Role.FACULTY))
            welcome = smoke.step("faculty: allowed lists", lambda: smoke.allowed(faculty, Role.FACULTY))
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=PATIENCE)
    assert (refused["passed"], welcome["passed"]) == (False, True)
    assert "/api/v1/comms/webhooks/ (webhook.manage): 200 instead of 403" in refused["evidence"]


def test_a_step_without_anything_to_look_at_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "listings", lambda: ())
    nobody = Caller("http://127.0.0.1:9")
    assert smoke.step("lists", lambda: smoke.allowed(nobody, Role.ADMIN)) == {
        "name": "lists", "passed": False, "evidence": "there is no such list",
    }  # fmt: skip
    away = smoke.step("home", lambda: smoke._home(nobody, Role.ADMIN))
    assert (away["passed"], away["evidence"]) == (False, "GET /api/v1/me/: URLError")


@pytest.mark.django_db
def test_a_run_keeps_no_password_of_the_address_and_passes_maintenance_while_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[dict[str, object]] = []
    tokens: list[str] = []

    def steps(callers: dict[Role, Caller], *_: object) -> Iterator[smoke.Step]:
        tokens.append(callers[Role.STUDENT]._sent[PASS])
        yield {"name": "pass", "passed": maintenance.is_bypass(tokens[0]), "evidence": callers[Role.STUDENT].base_url}

    monkeypatch.setattr(smoke, "_steps", steps)
    monkeypatch.setattr(smoke.smoke_people, "gathered", lambda: nullcontext({Role.STUDENT: None}))
    monkeypatch.setattr(smoke.smoke_people, "present", lambda: None)
    monkeypatch.setattr(smoke.actions, "keep", lambda **given: kept.append(given))
    call_command("smoke", "--base-url", "http://olga:hunter2@127.0.0.1:9", "--json")
    said = json.loads(capsys.readouterr().out)
    seen = (said["passed"], said["base_url"], kept[0]["base_url"], said["steps"][0]["evidence"])
    assert seen == (True, *["http://127.0.0.1:9"] * 3)
    assert not maintenance.is_bypass(tokens[0])
