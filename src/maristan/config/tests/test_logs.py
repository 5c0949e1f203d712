"""One line for each request and job, with its id from door to door, and nothing in it that somebody typed."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser

from maristan.config import environment, working
from maristan.directory.tests import factories as make
from maristan.kernel import logs, tenancy
from maristan.kernel.models import JobNote, JournalLine
from maristan.kernel.tests.client import Client
from maristan.operations.queries import lines as files
from maristan.operations.rules.lines import Wanted

pytestmark = pytest.mark.django_db
DEPARTMENTS = "/api/v1/directory/departments/"
GIVEN = "from-the-proxy-1"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Where this process writes its lines for the length of a test."""
    settings.LOG_DIR = tmp_path / "logs"
    handler = logs.Files(settings.LOG_DIR, 14)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield settings.LOG_DIR
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


def written(folder: Path, **wanted: Any) -> list[dict[str, Any]]:
    lines = [json.loads(line) for file in files.files(folder) for line in file.read_text().splitlines()]
    return [line for line in lines if all(line.get(name) == value for name, value in wanted.items())]


def test_a_request_leaves_one_line_with_everything_and_its_route_instead_of_its_path(folder: Path) -> None:
    here = make.institution()
    alice, place = make.member("Alice", "admin"), make.department("Pathology")
    Client(alice).get(f"{DEPARTMENTS}{place.pk}/?secret=hunter2", X_Request_ID=GIVEN)
    (line,) = written(folder, event="request")
    assert list(line)[:7] == ["time", "level", "logger", "event", "request_id", "actor", "institution"]
    assert (line["request_id"], line["actor"], line["institution"]) == (GIVEN, alice.user_id, here.pk)
    assert (line["route"], line["method"], line["status"]) == ("/api/v1/directory/departments/{pk}/", "GET", 200)
    assert line["duration_ms"] > line["db_ms"] > 0
    assert line["db_queries"] > 0
    assert len(line["build"]) == 12
    assert line["host"]
    assert line["pid"] > 0
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


@pytest.mark.parametrize(
    ("offered", "is_kept"),
    [
        (GIVEN, True), ("a" * 64, True), ("a" * 65, False), ("short", False), ("with_underscore", False),
        ("a" * 10_000, False), ("abcdefgh\ninjected", False), ("abcdefgh\n", False), ("", False),
    ],
)  # fmt: skip
def test_an_id_that_is_not_well_formed_is_replaced_everywhere(folder: Path, offered: str, is_kept: bool) -> None:
    answer = Client().get("/api/v1/me/", X_Request_ID=offered)
    given = answer.headers["X-Request-ID"]
    assert (given == offered) is is_kept
    assert logs.WELL_FORMED.fullmatch(given)
    assert answer.json["request_id"] == given
    assert {line["request_id"] for line in written(folder)} == {given}


def test_the_lines_of_a_job_carry_the_id_of_the_request_that_queued_it(folder: Path) -> None:
    make.institution()
    alice = make.member("Alice", "admin")
    holiday = {"name": "Eid", "start_date": "2026-03-20", "end_date": "2026-03-22"}
    assert Client(alice).post("/api/v1/directory/holidays/", holiday, X_Request_ID=GIVEN).status == 201
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs")
        queued = {row[0] for row in cursor.fetchall()}
    assert JournalLine.objects.get(kind="holiday.declared").request_id == GIVEN
    assert len(queued) >= 2
    assert queued == set(JobNote.objects.filter(request_id=GIVEN).values_list("job_id", flat=True))


def test_what_no_request_queued_has_no_note() -> None:
    make.institution()
    tenancy.enter(tenancy.current())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'kernel.purge')")
    assert JobNote.objects.count() == 0


class Job:
    """A job as the queue hands it out."""

    id, task_name, queue = 7, "directory.expire_invitations", "default"


class InHand:
    """With what a worker has in hand."""

    job = Job()


def test_a_job_runs_under_the_id_of_its_request_and_leaves_a_line_also_when_it_fails(folder: Path) -> None:
    working.requests[7] = GIVEN

    def fails() -> None:
        logging.getLogger("maristan.test").info("within")
        raise ValueError("the password is hunter2")

    with pytest.raises(ValueError):
        working.watched(fails, InHand(), None)
    within, line = written(folder)
    assert (within["request_id"], line["request_id"], logs.request_id.get()) == (GIVEN, GIVEN, "")
    assert (line["event"], line["job"], line["status"], line["level"]) == ("job", Job.task_name, "failed", "warning")
    assert working.requests == {}


def test_no_line_holds_what_was_typed_sent_or_kept_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.institution()
    alice, marked = make.member("Alice", "admin"), "hunter2-marked"
    client = Client(alice)

    def breaks(**_: Any) -> None:
        raise RuntimeError(f"somebody typed {marked}")

    monkeypatch.setattr("maristan.directory.actions.departments.create", breaks)
    browser = Browser(raise_request_exception=False)
    browser.cookies = client.django.cookies
    browser.cookies["other"] = marked
    typed = json.dumps({"name": marked, "code": "X"})
    assert browser.post(f"{DEPARTMENTS}?q={marked}", typed, "application/json").status_code == 500
    for path in (f"/{marked}", f"/api/v1/{marked}/", f"/api/v1/directory/invitations/accept/{marked}/"):
        browser.get(path, HTTP_USER_AGENT=marked, HTTP_REFERER=marked)
    Browser().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {marked}")
    Browser().post("/accounts/login/", {"username": marked, "password": marked})
    Browser().get("/api/v1/me/", HTTP_HOST=f"{marked}.example")
    client.post("/api/v1/directory/persons/", {"name": marked, "no_such_field": marked})
    said = "".join(file.read_text() for file in files.files(folder))
    assert marked not in said
    (fault,) = written(folder, error="RuntimeError")
    assert fault["trace"][-1].endswith("breaks")
    assert [each["level"] for each in written(folder, event="request", route=DEPARTMENTS)] == ["error"]


def test_files_are_named_by_kind_and_day_take_many_writers_and_go_when_they_are_old(tmp_path: Path) -> None:
    kept = ["web-2026-01-02.jsonl", "notes.txt", "web-2026-01-01.jsonl.gz"]
    for name in (*kept, "web-2026-01-01.jsonl", "worker-2025-12-01.jsonl"):
        (tmp_path / name).touch()
    gone = {each.name for each in logs.outdated(tmp_path, date(2026, 1, 16), 14)}
    assert gone == {"web-2026-01-01.jsonl", "worker-2025-12-01.jsonl"}
    both = [logs.Files(tmp_path, 14), logs.Files(tmp_path, 14)]
    for handler in both * 50:
        handler.setFormatter(logs.formatter())
        handler.emit(
            logging.LogRecord("maristan.test", logging.INFO, __file__, 1, "line\nbreak %s", ("x" * 500,), None)
        )
    today = tmp_path / f"command-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    lines = today.read_text().splitlines()
    assert len([json.loads(line) for line in lines]) == 100
    assert today.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "worker-2025-12-01.jsonl").exists()
    for handler in both:
        handler.close()


def test_a_disk_that_takes_nothing_takes_no_request_along(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    handler = logs.Files(tmp_path / "file", 14)
    handler.setFormatter(logs.formatter())
    handler.emit(logging.LogRecord("maristan.test", logging.INFO, __file__, 1, "line", (), None))


def test_lines_are_found_by_request_level_route_and_kind(folder: Path) -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    alice.get(DEPARTMENTS, X_Request_ID=GIVEN)
    alice.get("/api/v1/me/")
    tail = files.Tail(folder, Wanted(route="departments"))
    alice.get(DEPARTMENTS)
    alice.get("/api/v1/me/")
    assert [line["route"] for line in tail.new()] == [DEPARTMENTS]
    assert tail.new() == []
    out = StringIO()
    call_command("logs", "--request", GIVEN, "--json", stdout=out)
    assert {json.loads(line)["request_id"] for line in out.getvalue().splitlines()} == {GIVEN}
    assert files.last(folder, Wanted(level="error")) == files.last(folder, Wanted(status="404")) == []
    assert len(files.last(folder, Wanted(), count=2)) == 2
    assert files.last(folder, Wanted(), kind="web") == []


def test_without_a_folder_there_are_no_files_and_the_command_says_so(settings: Any) -> None:
    settings.LOG_DIR = None
    with pytest.raises(SystemExit) as ended:
        call_command("logs", stderr=StringIO())
    assert ended.value.code == 2
    assert environment.read({"MARISTAN_ENV": "test", "LOG_DIR": ""})["LOG_DIR"] is None
    assert environment.read({"MARISTAN_ENV": "test"})["LOG_DIR"] == Path("var/logs")
