"""Maintenance closes the doors of every host within a second, and opens them again without a restart."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from maristan.directory.tests import factories as make
from maristan.kernel.journal import lines_of
from maristan.kernel.models import StoredReply
from maristan.kernel.tests.client import Client
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance
from maristan.operations.tests import factories as run

BROWSER = "text/html,application/xhtml+xml"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def flag(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.MAINTENANCE_FILE = tmp_path / "MAINTENANCE_MODE"
    maintenance.forget()
    yield settings.MAINTENANCE_FILE
    settings.MAINTENANCE_FILE.unlink(missing_ok=True)
    maintenance.forget()


def touch(flag: Path, content: str = "") -> None:
    flag.write_text(content, encoding="utf-8")
    maintenance.forget()


@pytest.mark.django_db
def test_a_flag_file_closes_pages_and_api_and_leaves_probes_and_operators(flag: Path) -> None:
    make.institution()
    alice, olga = Client(make.member("Alice", "registrar")), Client(run.operator())
    touch(flag, "Back at noon.")
    page = alice.get("/", Accept=BROWSER)
    assert page.status == 503
    assert b"<title>Scheduled Maintenance</title>" in page.body
    assert "Back at noon." in page.body.decode()
    assert 'lang="ur" dir="rtl"' in page.body.decode()
    assert (page.headers["Retry-After"], page.headers["Cache-Control"]) == ("600", "no-store")
    for method in ("get", "post"):
        answer = getattr(alice, method)("/api/v1/directory/departments/")
        assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "maintenance", "600")
        assert answer.headers["Content-Type"] == "application/problem+json"
    health = Client().get("/health/")
    assert (health.status, health.json["maintenance"]) == (200, True)
    assert olga.get("/api/v1/me/").status == 200
    flag.unlink()
    maintenance.forget()
    assert alice.get("/api/v1/directory/departments/").status == 200
    assert Client().get("/health/").json["maintenance"] is False


@pytest.mark.django_db
def test_who_signs_in_or_out_is_let_to_the_door(flag: Path) -> None:
    touch(flag)
    answer = Client().get("/_allauth/browser/v1/auth/session")
    assert answer.status == 401
    assert Client().get("/api/v1/me/").status == 503


@pytest.mark.django_db
def test_read_only_keeps_writes_out_and_consumes_no_key(flag: Path) -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    touch(flag, '{"level": "read_only", "message": "Moving disks"}')
    assert alice.get("/api/v1/directory/departments/").status == 200
    key = {"Idempotency_Key": "k-1"}
    refused = alice.post("/api/v1/directory/departments/", {"code": "MED", "name": "Medicine"}, **key)
    assert (refused.status, refused.code, refused.json["level"]) == (503, "maintenance", "read_only")
    assert refused.json["detail"] == "Moving disks"
    assert StoredReply.objects.count() == 0
    flag.unlink()
    maintenance.forget()
    assert alice.post("/api/v1/directory/departments/", {"code": "MED", "name": "Medicine"}, **key).status == 201


@pytest.mark.django_db
def test_a_run_of_the_command_line_passes_for_a_quarter_of_an_hour(flag: Path, monkeypatch: Any) -> None:
    touch(flag)
    token = maintenance.bypass_token("run-1")
    assert Client().get("/api/v1/me/", X_Maristan_Bypass=token).status == 401
    assert Client().get("/api/v1/me/", X_Maristan_Bypass=token + "x").status == 503
    monkeypatch.setattr(maintenance, "BYPASS_SECONDS", -1)
    assert Client().get("/api/v1/me/", X_Maristan_Bypass=token).status == 503


@pytest.mark.django_db
def test_an_operator_plans_begins_changes_and_ends(flag: Path) -> None:
    olga = Client(run.operator())
    now = timezone.now()
    planned = olga.post(
        "/api/v1/operations/maintenance/",
        {
            "level": "READ_ONLY",
            "message": "Disks",
            "from": (now + HOUR).isoformat(),
            "until": (now + 2 * HOUR).isoformat(),
        },
    )
    assert (planned.status, planned.json["status"], planned.json["level"]) == (201, "planned", "read_only")
    overlap = olga.post(
        "/api/v1/operations/maintenance/",
        {"from": (now + 1.5 * HOUR).isoformat(), "until": (now + 3 * HOUR).isoformat()},
    )
    assert (overlap.status, overlap.code) == (409, "no_overlap")
    backwards = olga.post(
        "/api/v1/operations/maintenance/", {"from": (now + 5 * HOUR).isoformat(), "until": (now + 4 * HOUR).isoformat()}
    )
    assert (backwards.status, backwards.pointers) == (422, [("/until", "until_after_start")])
    past = olga.post(
        "/api/v1/operations/maintenance/", {"from": (now - HOUR).isoformat(), "until": (now + HOUR / 2).isoformat()}
    )
    assert (past.status, past.pointers) == (422, [("/from", "from_is_past")])
    assert MaintenanceWindow.objects.count() == 1

    one = f"/api/v1/operations/maintenance/{planned.json['id']}/"
    assert olga.post(f"{one}moves/end/").missing == ["wrong_status"]
    begun = olga.post(f"{one}moves/start/")
    assert (begun.status, begun.json["status"]) == (200, "open")
    assert Client().post("/api/v1/me/language/", {"language": "ur"}).status == 503
    assert Client().get("/api/v1/me/").status == 401
    assert olga.patch(one, {"level": "full"}).json["level"] == "full"
    maintenance.forget()
    assert Client().get("/api/v1/me/").status == 503
    ended = olga.post(f"{one}moves/end/")
    assert (ended.status, ended.json["status"]) == (200, "ended")
    assert Client().get("/api/v1/me/").status == 401
    again = olga.post(f"{one}moves/end/")
    assert (again.status, again.missing) == (409, ["wrong_status"])
    kinds = [line.kind for line in lines_of("maintenance", planned.json["id"])]
    assert kinds == ["maintenance.ended", "maintenance.changed", "maintenance.started", "maintenance.planned"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["admin", "registrar", "auditor", "student"])
def test_nobody_of_an_institution_plans_maintenance(role: str) -> None:
    make.institution()
    until = (timezone.now() + HOUR).isoformat()
    answer = Client(make.member("Bob", role)).post("/api/v1/operations/maintenance/", {"until": until})
    assert (answer.status, answer.json["permission"]) == (403, "maintenance.manage")
    assert MaintenanceWindow.objects.count() == 0


@pytest.mark.django_db
def test_the_command_writes_file_and_window_and_removes_both(flag: Path, capsys: Any) -> None:
    call_command("maintenance", "on", "--level", "read_only", "--message", "Disks", "--minutes", "45")
    assert flag.exists()
    window = MaintenanceWindow.objects.get()
    assert (window.level, window.message, window.ended_at) == ("read_only", "Disks", None)
    call_command("maintenance", "status", "--json")
    assert '"maintenance": true' in capsys.readouterr().out
    call_command("maintenance", "off")
    assert not flag.exists()
    assert MaintenanceWindow.objects.get().ended_at is not None
    assert maintenance.state().is_on is False
    call_command("maintenance", "off")


@pytest.mark.django_db
def test_what_changes_nothing_leaves_no_line_and_no_version_and_an_unknown_window_is_not_found() -> None:
    olga, row = Client(run.operator()), run.window()
    one = f"/api/v1/operations/maintenance/{row.pk}/"
    begun = olga.post(f"{one}moves/start/").json
    answer = olga.patch(one, {"level": "full", "message": "Disks"})
    assert (answer.status, answer.json["version"]) == (200, begun["version"])
    assert [each.kind for each in lines_of("maintenance", row.pk)] == ["maintenance.started"]
    assert olga.patch(f"/api/v1/operations/maintenance/{row.pk + 1}/", {"level": "full"}).status == 404


def test_a_flag_that_cannot_be_read_closes_the_doors(flag: Path) -> None:
    assert not maintenance.of_host().is_on
    flag.mkdir()
    maintenance.forget()
    assert maintenance.of_host().is_on
    flag.rmdir()


def test_doors_that_the_environment_closes_are_closed_since_this_process_began(settings: Any) -> None:
    assert maintenance.of_host_since() == (None, None)
    settings.MAINTENANCE_MODE = True
    assert maintenance.of_host_since() == (maintenance.BEGUN, None)


@pytest.mark.parametrize(("in_transaction", "closed"), [(False, [True]), (True, [])])
def test_without_the_database_only_the_host_speaks_and_the_next_look_opens_another_connection(
    monkeypatch: pytest.MonkeyPatch, in_transaction: bool, closed: list[bool]
) -> None:
    def away(_: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    seen: list[bool] = []
    there = SimpleNamespace(in_atomic_block=in_transaction, close=lambda: seen.append(True))
    monkeypatch.setattr(maintenance, "connection", there)
    monkeypatch.setattr(maintenance, "_window", maintenance._Look(state=maintenance.State(True)))
    monkeypatch.setattr(maintenance, "_open_or_next", away)
    assert not maintenance.state().is_on
    assert seen == closed
    maintenance.forget()
    assert not maintenance.state(cursor="that of a probe").is_on  # whoever lent it closes it
    assert seen == closed
