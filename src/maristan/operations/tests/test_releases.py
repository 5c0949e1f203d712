"""Olga, an operator, reads what was promised and found; nobody else may ask for more."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from python_calamine import CalamineWorkbook

from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.journal import lines_of
from maristan.kernel.tests.client import Client
from maristan.operations.actions import verifications
from maristan.operations.models import Release, Verification
from maristan.operations.queries import build, evidence
from maristan.operations.rules.findings import finding
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
API = "/api/v1/operations/"
MANIFEST: dict[str, Any] = {
    "build_id": "c" * 12, "version": "1.4.0", "git_sha": "",
    "capabilities": [{"id": "a.b", "title": "A", "since": "1.4.0", "tables": []}],
}  # fmt: skip


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "manifest", lambda: MANIFEST)


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'operations.verify'")
        return int(cursor.fetchone()[0])


def test_olga_reads_releases_and_what_was_found() -> None:
    run.release()
    run.verification()
    olga = Client(run.operator())
    assert [each["build_id"] for each in olga.get(f"{API}releases/").json["results"]] == ["a" * 12]
    (found,) = olga.get(f"{API}verifications/?result=verified").json["results"]
    assert (found["result"], found["scope"], found["findings"]) == ("verified", "quick", [])
    assert olga.get(f"{API}verifications/?result=not_verified").json["count"] == 0


def test_an_auditor_reads_and_may_not_verify(released: None) -> None:
    make.institution()
    ruth = Client(make.member("Ruth", "auditor"))
    assert ruth.get(f"{API}verifications/").status == 200
    refused = ruth.post(f"{API}verifications/", {})
    assert (refused.status, refused.json["permission"], queued()) == (403, "release.verify", 0)


@pytest.mark.parametrize("path", ["releases/", "verifications/", "releases/current/", "releases/current/manifest/"])
def test_an_administrator_does_not_see_the_platform(path: str) -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).get(f"{API}{path}")
    assert (answer.status, answer.json["permission"]) == (403, "release.view")


def test_olga_asks_for_a_verification(released: None) -> None:
    answer = Client(run.operator()).post(f"{API}verifications/", {"quick": True})
    assert answer.status == 202
    assert answer.json["job_id"] > 0
    assert queued() == 1


def test_of_two_presses_the_second_is_told_that_one_waits(released: None) -> None:
    olga = Client(run.operator())
    assert olga.post(f"{API}verifications/", {"quick": True}).status == 202
    second = olga.post(f"{API}verifications/", {"quick": False})
    assert (second.status, second.code, queued()) == (409, "busy", 1)


def test_olga_reads_what_this_build_promises(released: None) -> None:
    answer = Client(run.operator()).get(f"{API}releases/current/manifest/")
    assert (answer.status, answer.json) == (200, MANIFEST)


def of_current(client: Client) -> tuple[Any, ...]:
    """Scope and result of what counts and of what stands beside it, and where the one capability stands."""
    said = client.get(f"{API}releases/current/").json
    both = [each and (each["scope"], each["result"]) for each in (said["verification"], said["beside"])]
    return (*both, *(each["presence"] for each in said["capabilities"]))


def test_the_screen_of_releases_and_the_overview_tell_of_the_same_verification(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    olga, ours, now = Client(run.operator()), build.running().build_id, clock.now()
    table = {key: [] for key in ("constraints", "endpoints", "screens", "jobs", "permissions")}
    promised = {**MANIFEST["capabilities"][0], **table, "tables": ["a_b"]}
    monkeypatch.setattr(build, "manifest", lambda: {"build_id": ours, "capabilities": [promised], "jobs": []})
    gone = [finding("table_missing", "a_b", expected="the table").shown()]
    passed, missed = "verified", "not_verified"
    run.verification("f" * 12, at=now + timedelta(days=1), scope="full", result=missed, findings=gone)
    assert of_current(olga) == (None, None, "not_checked")
    for hour, (scope, result, findings, stands) in enumerate((
        ("quick", passed, [], (("quick", passed), None, "not_checked")),
        ("full", missed, gone, (("full", missed), None, "not_found")),
        ("quick", passed, [], (("full", missed), ("quick", passed), "not_found")),
        ("full", passed, [], (("full", passed), None, "found")),
        ("quick", missed, gone, (("quick", missed), ("full", passed), "not_found")),
        ("full", passed, [], (("full", passed), None, "found")),
        ("quick", passed, [], (("quick", passed), ("full", passed), "found")),
    )):  # fmt: skip
        run.verification(ours, at=now + timedelta(hours=hour), scope=scope, result=result, findings=findings)
        assert of_current(olga) == stands
        counts = olga.get(f"{API}releases/current/").json["verification"]
        tile = olga.get(f"{API}overview/").json["verification"]
        assert {key: counts[key] for key in tile} == tile
        assert counts["findings"] == (gone if counts["result"] == missed else [])


def test_what_another_build_promises_is_not_read_as_there(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {key: [] for key in ("constraints", "endpoints", "screens", "jobs", "permissions")}
    other = {**MANIFEST, "jobs": [], "capabilities": [{**MANIFEST["capabilities"][0], **nothing, "tables": ["a_b"]}]}
    monkeypatch.setattr(build, "manifest", lambda: other)
    run.verification(build.running().build_id, scope="full")
    assert of_current(Client(run.operator())) == (("full", "verified"), None, "not_checked")


def test_a_checkout_has_a_verdict_and_announces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    make.institution()
    monkeypatch.setattr(build, "manifest", lambda: None)
    run.verification(build.running().build_id, scope="full")
    said = Client(make.member("Ruth", "auditor")).get(f"{API}releases/current/").json
    assert (said["build_id"], said["verification"]["scope"], said["beside"], said["capabilities"]) == (
        build.running().build_id, "full", None, [],
    )  # fmt: skip


def test_olga_takes_every_finding_with_everything_that_it_says() -> None:
    olga, ours, now = Client(run.operator()), "a" * 12, clock.now()
    said = finding("column_differs", "a_b.name", expected="type text", found='=HYPERLINK("x")', hint="look, then mend")
    later = {**finding("grant_differs", "a_b to app").shown(), "severity": "warn", "accepted_reason": "until Monday"}
    full = {"scope": "full", "result": "not_verified", "base_url": "https://fmu.example", "started_by": "olga"}
    run.verification(ours, at=now, findings=[said.shown(), later], **full)
    run.verification(ours, at=now - timedelta(hours=1), started_by="worker")
    head, *lines = csv.reader(io.StringIO(olga.get(f"{API}verifications/export/").body.decode("utf-8-sig")))
    first, second, sound = (dict(zip(head, line, strict=True)) for line in lines)
    of_run = {"at": now.isoformat(), "build_id": ours, **full}
    assert {key: first[key] for key in of_run} == {key: second[key] for key in of_run} == of_run
    of_finding = ("code", "severity", "subject", "expected", "found", "hint", "accepted_reason")
    assert [[line[key] for key in of_finding] for line in (first, second, sound)] == [
        ["column_differs", "fail", "a_b.name", "type text", '\'=HYPERLINK("x")', "look, then mend", ""],
        ["grant_differs", "warn", "a_b to app", "", "", "", "until Monday"],
        [""] * 7,
    ]
    assert (sound["scope"], sound["result"], sound["started_by"]) == ("quick", "verified", "worker")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(olga.get(f"{API}verifications/export/?format=xlsx&result=not_verified").body)
    )
    rows = book.get_sheet_by_index(0).to_python()
    assert [rows[0], *([row[rows[0].index("subject")]] for row in rows[1:])] == [head, ["a_b.name"], ["a_b to app"]]


def test_what_a_verification_found_is_kept_and_a_checkout_is_not_verified(
    released: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.VAR, asked = tmp_path, []

    def gathered(*given: Any) -> dict[str, Any]:
        asked.append(given)
        return {
            "build_id": "c" * 12, "version": "1.4.0", "at": clock.now(), "base_url": "", "scope": "quick",
            "result": "not_verified",
            "findings": [finding("worker_absent", "worker").shown()],
            "expected": {"a.b": ["table a_b"]}, "seconds": 2.5, "checked": {}, "contents": {}, "processes": [],
            "environment": "test", "host": "host-1", "command": "maristan release verify",
        }  # fmt: skip

    monkeypatch.setattr(evidence, "_source", [gathered])
    row = verifications.verify(quick=True, expect=["a.b"], by=platform(None, "Olga"))
    assert asked == [(MANIFEST, True, ["a.b"])]
    assert row == Verification.objects.get()
    assert (row.result, row.expected, row.started_by) == ("not_verified", ["a.b"], "Olga")
    assert "- fail `worker_absent` worker" in Path(row.report).read_text()
    with tenancy.acting_in(None):
        (line,) = lines_of("release", row.pk)
    assert (line.kind, line.changes["failed"]) == ("release.verified", 1)
    monkeypatch.setattr(build, "manifest", lambda: None)
    assert verifications.verify(quick=True, expect=[], by=platform(None, "Olga")) is None
    assert (len(asked), Verification.objects.count()) == (1, 1)


def test_a_checkout_promises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "manifest", lambda: None)
    olga = Client(run.operator())
    assert olga.get(f"{API}releases/current/manifest/").status == 404
    refused = olga.post(f"{API}verifications/", {})
    assert (refused.status, refused.json["code"], queued()) == (409, "no_manifest", 0)


def test_everybody_who_is_signed_in_may_know_what_runs(released: None) -> None:
    make.institution()
    said = Client(make.member("Sara", "student")).get("/api/v1/about/").json
    assert said["build"] == build.running().build_id
    assert said["capabilities"] == [{"id": "a.b", "title": "A", "since": "1.4.0"}]
    assert Client(None).get("/api/v1/about/").status == 401


@pytest.mark.parametrize("row", [Release, Verification])
def test_what_was_promised_and_found_is_never_changed(row: type[Any]) -> None:
    run.release()
    run.verification()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.objects.update(build_id="d" * 12)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.objects.all().delete()
    assert row.objects.get().build_id == "a" * 12


def test_a_release_is_put_into_service_once(released: None) -> None:
    from maristan.kernel.access import platform
    from maristan.operations.actions import verifications

    first = verifications.put_into_service(by=platform(None))
    again = verifications.put_into_service(by=platform(None))
    assert first is not None
    assert again == first
    assert Release.objects.get().manifest == MANIFEST


def test_olga_reads_what_was_put_into_service_and_an_auditor_too() -> None:
    make.institution()
    ada, alice = Client(make.member("Ada", "auditor")), Client(make.member("Alice", "admin"))
    accepted = [{"code": "clock_skew", "subject": "database", "reason": "=Both are set right tonight."}]
    done = run.deployment(accepted=accepted)
    left = run.deployment(status="needs_operator", kind="rollback_full", to_build="c" * 12)
    olga = Client(run.operator())
    (found,) = olga.get(f"{API}deployments/?kind=rollback_full").json["results"]
    assert (found["run_id"], found["status"], found["to_build"]) == (str(left.run_id), "needs_operator", "c" * 12)
    assert found["steps"][0]["detail"] == "nothing waited"
    (found,) = olga.get(f"{API}deployments/?status=succeeded").json["results"]
    assert (found["run_id"], found["accepted"]) == (str(done.run_id), accepted)
    assert olga.get(f"{API}deployments/?build={'d' * 12}").json["count"] == 0
    assert ada.get(f"{API}deployments/").json["count"] == 2
    refused = alice.get(f"{API}deployments/")
    assert (refused.status, refused.json["permission"]) == (403, "release.view")
    file = olga.get(f"{API}deployments/export/?format=csv").body.decode()
    assert "migrate: done,clock_skew:database==Both are set right tonight." in file


def test_after_a_start_a_release_is_looked_at_within_a_minute_and_a_checkout_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def waiting() -> list[float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
                " WHERE task_name = 'operations.verify_quick'"
            )
            return [float(row[0]) for row in cursor.fetchall()]

    verifications.soon(by=platform(None))
    assert waiting() == []
    monkeypatch.setattr("maristan.operations.queries.build.manifest", lambda: {"build_id": "a" * 12})
    for _ in range(2):
        verifications.soon(by=platform(None))
    (seconds,) = waiting()
    assert 50 < seconds < 65
    with connection.cursor() as cursor:  # due while nothing ran: others have not begun to beat yet
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 hour'")
    verifications.soon(by=platform(None))
    (seconds,) = waiting()
    assert 50 < seconds < 65
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '2 hours'")
    verifications.soon(by=platform(None))
    assert waiting()[0] > 7000
