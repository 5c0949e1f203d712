"""Maintenance closes the doors of every host within a second, and opens them again without a restart."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from maristan.config import identity
from maristan.config.session_keys import SessionStore
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.journal import lines_of
from maristan.kernel.models import StoredReply, User
from maristan.kernel.tests.client import Client
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance
from maristan.operations.rules.maintenance import OFF, State, of_file
from maristan.operations.rules.states import MaintenanceLevel
from maristan.operations.tests import factories as run

BROWSER = "text/html,application/xhtml+xml"
HOUR = timedelta(hours=1)
EVERY = maintenance.LOOKED_AT_EVERY  # as it is outside of tests


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
@pytest.mark.parametrize(
    ("left", "said", "in_urdu"),
    [
        (40, "is expected to end in about 1 minute, at 2 January 2026, 12:00 UTC", "تقریباً 1 منٹ میں"),
        (1501, "is expected to end in about 26 minutes, at", "تقریباً 26 منٹ میں"),
        (7201, "is expected to end in about 2 hours, at", "تقریباً 2 گھنٹوں میں"),
        (0, "takes longer than expected: it should have ended at 2 January 2026, 12:00 UTC", "توقع سے زیادہ وقت"),
    ],
)  # fmt: skip
def test_the_page_says_how_long_it_takes_and_not_only_until_when(
    left: int, said: str, in_urdu: str, flag: Path
) -> None:
    until = datetime(2026, 1, 2, 12, tzinfo=UTC)
    touch(flag, '{"until": "2026-01-02T12:00:00+00:00"}')
    with clock.stopped_at(until - timedelta(seconds=left)):
        page = " ".join(re.sub("<[^>]+>", "", Client().get("/", Accept=BROWSER).body.decode()).split())
    assert said in page
    assert in_urdu in page


@pytest.mark.django_db
def test_a_flag_file_holds_within_a_second_and_no_longer_than_it_lies_there(flag: Path, monkeypatch: Any) -> None:
    """Nobody tells the process: it looks by itself, once a second."""
    make.institution()
    alice, now = Client(make.member("Alice", "registrar")), [1000.0]
    monkeypatch.setattr(maintenance, "LOOKED_AT_EVERY", EVERY)
    monkeypatch.setattr(maintenance, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def after(seconds: float) -> int:
        now[0] += seconds
        return alice.get("/api/v1/directory/departments/").status

    assert after(0) == 200
    flag.touch()
    assert (after(0.5), after(0.5)) == (200, 503)
    flag.unlink()
    assert (after(0.5), after(0.5)) == (503, 200)


@pytest.mark.django_db
def test_who_signs_in_or_out_is_let_to_the_door(flag: Path) -> None:
    touch(flag)
    answer = Client().get("/_allauth/browser/v1/auth/session")
    assert answer.status == 401
    assert Client().get("/api/v1/me/").status == 503


ALLAUTH = "/_allauth/browser/v1/"


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["", '{"level": "read_only"}'])
def test_an_account_signs_in_by_each_of_its_proofs_and_out_and_is_not_changed(flag: Path, said: str) -> None:
    make.institution()
    user = User.objects.get(pk=make.member("Alice", "registrar").user_id)
    user.set_password("Long-enough-4-now")
    user.save()
    touch(flag, said)
    alice = Client()
    wrong = {"username": user.username, "password": "x"}
    assert alice.post(f"{ALLAUTH}auth/login", wrong).status == 400
    assert alice.post(f"{ALLAUTH}auth/login", {**wrong, "password": "Long-enough-4-now"}).status == 200
    assert [alice.get(f"{ALLAUTH}{path}").status for path in ("config", "auth/session", "auth/webauthn/login")] == [
        200
    ] * 3
    for way in ("2fa/authenticate", "webauthn/authenticate"):
        assert Client().post(f"{ALLAUTH}auth/{way}", {}).status != 503
    form = Client().django.post("/accounts/login/", {"username": user.username, "password": "Long-enough-4-now"})
    assert form.status_code == 302
    changes = ("account/password/change", "account/email", "account/authenticators/totp", "auth/password/request",
               "auth/password/reset", "auth/reauthenticate", "auth/2fa/reauthenticate", "auth/email/verify",
               "auth/signup", "account/authenticators/recovery-codes", "account/authenticators/webauthn")  # fmt: skip
    given = {"current_password": "Long-enough-4-now", "new_password": "Another-1-of-it", "email": "alice@example.org"}
    assert {path: alice.post(f"{ALLAUTH}{path}", given).code for path in changes} == dict.fromkeys(
        changes, "maintenance"
    )
    assert alice.delete(f"{ALLAUTH}auth/sessions").status == 503
    assert Client().post("/accounts/elsewhere/", {}).status == 503
    user.refresh_from_db()
    assert (user.check_password("Long-enough-4-now"), Authenticator.objects.count()) == (True, 0)
    assert not EmailAddress.objects.filter(email="alice@example.org").exists()
    assert alice.delete(f"{ALLAUTH}auth/session").status == 401  # signed out


@pytest.mark.django_db
def test_without_the_database_nobody_passes_and_everybody_is_told(flag: Path, monkeypatch: Any) -> None:
    make.institution()
    olga, touched = Client(run.operator()), touch(flag)

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("the server closed the connection unexpectedly")

    assert (olga.get("/api/v1/me/").status, touched) == (200, None)
    monkeypatch.setattr(SessionStore, "load", away)
    monkeypatch.setattr(identity, "_by_token", away)
    with maintenance.passing("smoke") as token:
        monkeypatch.setattr(maintenance, "GOES_ON", "SELECT 1 / 0 WHERE %s > 0")
        by_hand = {"Authorization": "Bearer mrs_x"}
        for answer in (
            olga.get("/api/v1/me/"), olga.post("/api/v1/me/language/", {}), olga.get(f"{ALLAUTH}account/email"),
            Client().get("/api/v1/me/", **by_hand), Client().get("/api/v1/me/", X_Maristan_Bypass=token),
        ):  # fmt: skip
            assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "maintenance", "600")
        assert not maintenance.is_bypass(token)
    page = olga.get("/", Accept=BROWSER)
    assert (page.status, b"<title>Scheduled Maintenance</title>" in page.body) == (503, True)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", State(True)), (b"Back at noon.", State(True, message="Back at noon.")),
        (b'{"message": null, "level": "read_only"}', State(True, MaintenanceLevel.READ_ONLY)),
        (b'{"message": "Disks"}', State(True, message="Disks")),
        (b'{"a":' * 20_000, State(True)), (b'{"a":' + b"[" * 20_000, State(True)), (b'{"level": null}', State(True)),
        (b'{"message": ["Disks"], "level": "read_only"}', State(True)), (b'{"until": 5}', State(True)),
        (b'{"until": "2026-01-02T03:04:05"}', State(True)), (b"\xff", State(True)), (b'{"message"', State(True)),
    ],
)  # fmt: skip
def test_what_a_flag_says_is_understood_or_closes_everything(content: bytes, seen: State) -> None:
    assert of_file(content) == seen


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
    with maintenance.passing("smoke") as token:
        assert Client().get("/api/v1/me/", X_Maristan_Bypass=token).status == 401
        assert Client().get("/api/v1/me/", X_Maristan_Bypass=token + "x").status == 503
        monkeypatch.setattr(maintenance, "BYPASS_SECONDS", -1)
        assert Client().get("/api/v1/me/", X_Maristan_Bypass=token).status == 503


@pytest.mark.django_db
def test_nobody_passes_by_a_run_that_ended_or_died_or_never_was(flag: Path) -> None:
    touch(flag)

    def status(token: Any) -> int:
        return Client().get("/api/v1/me/", X_Maristan_Bypass=token).status

    with maintenance.passing("release verify") as other, maintenance.passing("smoke") as token:
        assert (other != token, status(other), status(token)) == (True, 401, 401)
    assert (status(other), status(token)) == (503, 503)
    with pytest.raises(ValueError, match="killed"), maintenance.passing("smoke") as token:
        raise ValueError("killed")
    assert status(token) == 503
    for made_up in (7, "release verify", [1], 2**70):
        assert status(signing.dumps(made_up, salt=maintenance.BYPASS_SALT)) == 503


@pytest.mark.django_db
@pytest.mark.parametrize("is_pooled", [False, True])
def test_a_run_holds_a_session_past_the_pooler_and_has_no_token_without_the_database(
    settings: Any, monkeypatch: Any, is_pooled: bool
) -> None:
    found = connection.settings_dict
    where = f"postgresql://{found['USER']}@:{found['PORT']}/{found['NAME']}?host={quote(found['HOST'], safe='')}"
    settings.DATABASE_IS_POOLED, settings.DATABASE_DIRECT_URL = is_pooled, where
    if is_pooled:
        monkeypatch.setattr(maintenance.servers, "connected", None)
    with maintenance.passing("smoke") as token:
        assert maintenance.is_bypass(token)
    settings.DATABASE_DIRECT_URL = "postgresql://u@:1/d?host=/nowhere"
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    with maintenance.passing("smoke") as token:
        assert token == ""


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
    (other,) = overlap.json["missing"]
    assert (other["detail"], other["where"]["window"]) == ("Disks", planned.json["id"])
    assert datetime.fromisoformat(other["where"]["from"]) == now + HOUR
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
def test_where_nobody_says_how_long_it_takes_people_are_told_half_an_hour(flag: Path) -> None:
    olga, now = Client(run.operator()), timezone.now()
    planned = olga.post("/api/v1/operations/maintenance/", {"from": (now + HOUR).isoformat()})
    begun = olga.post("/api/v1/operations/maintenance/", {"message": "Disks"})
    for answer in (planned, begun):
        assert answer.status == 201
        begins, until = (datetime.fromisoformat(answer.json[name]) for name in ("planned_from", "until"))
        assert until - begins == timedelta(minutes=30)
    changed = olga.post("/api/v1/operations/maintenance/", {"message": "More disks"})
    assert (changed.status, changed.json["message"], changed.json["until"]) == (201, "More disks", begun.json["until"])


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


@pytest.mark.parametrize("last_seen", [OFF, State(True), State(True, MaintenanceLevel.READ_ONLY, "Disks")])
@pytest.mark.parametrize(("in_transaction", "closed"), [(False, [True]), (True, [])])
def test_without_the_database_a_window_is_as_it_was_last_seen_and_the_next_look_opens_another_connection(
    monkeypatch: pytest.MonkeyPatch, in_transaction: bool, closed: list[bool], last_seen: State
) -> None:
    def away(_: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    seen: list[bool] = []
    there = SimpleNamespace(in_atomic_block=in_transaction, close=lambda: seen.append(True))
    monkeypatch.setattr(maintenance, "connection", there)
    monkeypatch.setattr(maintenance, "_window", maintenance._Look(state=last_seen))
    monkeypatch.setattr(maintenance, "_open_or_next", away)
    assert maintenance.state() == last_seen
    assert seen == closed
    maintenance.forget()
    assert maintenance.state(cursor="that of a probe") == last_seen  # whoever lent it closes it
    assert seen == closed
    monkeypatch.setattr(maintenance, "_open_or_next", lambda _: (OFF, None))
    maintenance.forget()
    assert not maintenance.state().is_on
