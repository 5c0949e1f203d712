"""What is served, tried as every role: by a real web process and a real worker on a database of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from maristan.agenda import actions as agenda
from maristan.config import calendar, seams, smoke, smoke_people
from maristan.config.calling import Answer, Caller
from maristan.config.database import runtime_role
from maristan.config.documents import ROOT
from maristan.config.maintenance import PASS
from maristan.config.roles import TABLE
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import Role, platform
from maristan.kernel.models import JournalLine, JournalSeal, User
from maristan.operations.actions.deployments import StepFault
from maristan.operations.queries import maintenance, servers
from maristan.operations.rules.sets import Busy

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
        by = platform(make.institution().pk)
        make.member("Alice", "admin")
        make.member("Bob", "student")
        make.holiday("Founders' Day", "2026-03-02")
        shown = calendar.holidays_shown(by=by)
        agenda.put(owner_kind=calendar.HOLIDAY, entries=[each for each in shown.values() if each], by=by)
    address, server = web(environment)
    worker = subprocess.Popen([sys.executable, "-m", "maristan", "worker"], env=environment)
    try:
        yield Product(address, environment)
    finally:
        for each in (server, worker):
            os.kill(each.pid, signal.SIGTERM)
        for each in (server, worker):
            each.wait(timeout=PATIENCE)


@contextmanager
def the_owner(settings: Any) -> Iterator[None]:
    """This process as a deployment has it: row-level security hides nothing from its login."""
    options = connection.settings_dict["OPTIONS"]
    usual = options.pop("options")
    settings.BOUND_ROLE = runtime_role(connection.settings_dict["USER"])
    connection.close()
    try:
        yield
    finally:
        options["options"], settings.BOUND_ROLE = usual, ""
        connection.close()


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


def test_every_role_tries_what_is_served_and_nothing_of_it_stays_but_lines(product: Product, settings: Any) -> None:
    before, said = rows(), StringIO()
    with the_owner(settings), suppress(SystemExit):  # the answer says which step failed
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
    with tenancy.acting_in(line.changes["institution"]):
        assert JournalLine.objects.exists()
        assert {*JournalLine.objects.values_list("pk", flat=True)} == {
            *JournalSeal.objects.values_list("line_id", flat=True)
        }
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


class Misled(BaseHTTPRequestHandler):
    """A proxy that lets people sign in and leads every other address to the page of the client."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.tell(302 if self.path == "/accounts/login/" else 200)

    def do_GET(self) -> None:
        self.tell(200)

    def tell(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Set-Cookie", "sessionid=1")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *_said: Any) -> None:
        """Nothing."""


@pytest.fixture
def misled() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Misled)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_pages_in_the_place_of_answers_are_faults_of_every_step_and_the_run_is_kept(
    misled: str, settings: Any, tmp_path: Path
) -> None:
    settings.VAR, settings.MFA_REQUIRED_ROLES = tmp_path, ()
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("smoke", "--base-url", misled, "--json", stdout=said)
    assert ended.value.code == 1
    steps = {each["name"]: each for each in json.loads(said.getvalue())["steps"]}
    failed = [each for each in steps.values() if not each["passed"]]
    assert [each["name"] for each in steps.values() if each["passed"]] == [
        f"{role}: sign in" for role in smoke_people.roles()
    ]
    assert steps["student: home"]["evidence"] == "me: text/html instead of JSON"
    assert steps["calendar"]["evidence"] == "calendar: text/html instead of JSON"
    assert steps["file"]["evidence"] == "leave: 200 instead of 201"
    assert steps["job"]["evidence"] == "queue: 200 instead of 202"
    with tenancy.acting_in(None):
        [line] = JournalLine.objects.filter(kind="smoke.checked")
    assert line.changes["failed"] == [each["name"] for each in failed]
    assert smoke_people.present() is None


class Says:
    """A caller to whom everything is answered alike."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __getattr__(self, name: str) -> Any:
        wanted = {"post": 202, "get": 200, "upload": 204}
        return lambda path, *_: Answer(201 if path.endswith("leaves/") else wanted[name], "text/html", self.body)


LOOKS: dict[str, Callable[[Any], str]] = {
    "home": lambda who: smoke._home(who, Role.STUDENT),
    "file": lambda who: smoke._file(who, who),
    "job": lambda who: smoke._job(who, {}),
    "integrity": lambda who: smoke._integrity(who, {"run": 1}),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_step_that_is_answered_by_a_page_or_in_another_shape_fails_and_ends_nothing(name: str) -> None:
    paged = smoke.step(name, lambda: LOOKS[name](Says(b"<!doctype html>")))
    assert (paged["passed"], paged["evidence"].partition(": ")[2]) == (False, "text/html instead of JSON")
    for body in (b"{}", b"[]", b'{"user": 1, "results": [1]}'):
        shaped = smoke.step(name, lambda said=body: LOOKS[name](Says(said)))  # type: ignore[misc]
        assert (shaped["passed"], "answered in another shape" in shaped["evidence"]) == (False, True)
    nothing = smoke.step(name, lambda: LOOKS[name](Says(b"null")))
    assert (nothing["passed"], nothing["evidence"].endswith("instead of JSON")) == (False, True)


def a_run(pk: int, by: str = "olga", app: str = "", **counts: int) -> dict[str, Any]:
    found = [{"app": "kernel", "code": code, "count": count} for code, count in counts.items()]
    return {"id": pk, "app": app, "started_by": by, "seconds": 0.5, "findings": found}


OWN = "_smoke.operator"


@pytest.mark.parametrize(
    ("earlier", "found", "passes", "evidence"),
    [
        ([], {}, True, "run 9 has no findings after 0.5 s"),
        ([a_run(8, file_missing=2)], {}, True, "run 9 has no findings after 0.5 s"),
        ([], {"file_missing": 1}, False, "kernel file_missing: 1"),
        ([a_run(8, file_missing=1)], {"file_missing": 1}, True,
         "run 9 found nothing new after 0.5 s; as in run 8: kernel file_missing: 1"),
        ([a_run(8, file_missing=1)], {"file_missing": 2}, False, "kernel file_missing: 2 (1 before)"),
        ([a_run(8, file_missing=1)], {"file_missing": 1, "file_altered": 1}, False, "kernel file_altered: 1"),
        # What a smoke test found, a check of one app, and an older check are nothing that was known.
        ([a_run(8, OWN, file_missing=1), a_run(7)], {"file_missing": 1}, False, "kernel file_missing: 1"),
        ([a_run(8, app="kernel", file_missing=1), a_run(7)], {"file_missing": 1}, False, "kernel file_missing: 1"),
        ([a_run(8), a_run(7, file_missing=1)], {"file_missing": 1}, False, "kernel file_missing: 1"),
        ([a_run(10, file_missing=1), a_run(7)], {"file_missing": 1}, False, "kernel file_missing: 1"),
    ],
)  # fmt: skip
def test_what_was_known_before_a_smoke_test_is_no_fault_of_a_release(
    earlier: list[Any], found: dict[str, int], passes: bool, evidence: str
) -> None:
    listed = {"results": [a_run(9, OWN, **found), *earlier]}
    said = smoke.step("integrity", lambda: smoke._integrity(Says(json.dumps(listed).encode()), {"run": 9}))
    assert (said["passed"], said["evidence"]) == (passes, evidence)
    if passes and found:
        assert seams.judged([said]) == f"1 steps, none failed; integrity: {evidence}"


@pytest.mark.django_db
def test_two_runs_do_not_take_each_others_people_away(misled: str, monkeypatch: Any, capsys: Any) -> None:
    with servers.alone("smoke"):
        with pytest.raises(SystemExit) as ended:
            call_command("smoke", "--base-url", misled)
        assert ended.value.code == 4
        holder = f"busy: maristan smoke {socket.gethostname()} {os.getpid()}"
        assert capsys.readouterr().err.startswith(holder)
        assert not User.objects.filter(username__startswith="_smoke.").exists()
        monkeypatch.setattr(seams, "PATIENCE", 0.1)
        with pytest.raises(StepFault, match="another smoke test did not end: maristan smoke"):
            seams.smoke(misled)
    with servers.turn("deploy"), servers.alone("smoke"), pytest.raises(Busy), servers.alone("smoke", patience=0.1):
        raise AssertionError


@pytest.mark.django_db
def test_a_deployment_goes_on_when_the_smoke_test_of_somebody_else_has_ended(misled: str, monkeypatch: Any) -> None:
    held, ended = threading.Event(), threading.Event()

    def other() -> None:
        with servers.alone("smoke"):
            held.set()
            ended.wait(10)

    somebody = threading.Thread(target=other)
    somebody.start()
    held.wait(10)
    monkeypatch.setattr(seams, "judged", lambda steps: f"{len(steps)} steps")
    monkeypatch.setattr(time, "sleep", lambda _: ended.set())
    assert seams.smoke(misled, is_quick=True) == f"{2 * len(smoke_people.roles())} steps"
    somebody.join()
    codes = iter([4, 4, 0])
    run = lambda: subprocess.CompletedProcess([], next(codes), "", "")  # noqa: E731
    assert seams.after_others(run).returncode == 0
    assert list(codes) == []
