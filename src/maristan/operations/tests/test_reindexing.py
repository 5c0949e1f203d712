"""After a restore the tables learn again what lies on the disk: releases, runs, verifications, restores and drills."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.operations.actions import deployments, reindexing, restore_reports, verifications
from maristan.operations.actions.deployments import Run
from maristan.operations.models import Deployment, Release, RestoreRun, Verification
from maristan.operations.rules.findings import Acceptance, finding
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus

pytestmark = pytest.mark.django_db
BY = platform(None, "Olga")
MANIFEST = {"build_id": "c" * 12, "version": "1.4.0", "git_sha": "f" * 40, "package_files": []}


def _verified(build: str) -> Path:
    """The report of a verification as a verification writes it; gives the path of its JSON."""
    said = {
        "build_id": build, "version": "1.4.0", "at": clock.now(), "base_url": "https://maristan.example",
        "scope": "full", "result": "not_verified", "findings": [finding("worker_absent", "worker").shown()],
        "expected": {"timetable.week_plan": ["table timetable_weekplan"]}, "seconds": 3.5, "checked": {},
        "contents": {}, "processes": [], "environment": "test", "host": "host-1", "command": "maristan release verify",
    }  # fmt: skip
    return verifications.write_report(said=said, by=BY).with_suffix(".json")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """A host with a release folder, and reports of which no table knows."""
    settings.HOME, settings.VAR = tmp_path, tmp_path / "var"
    file = tmp_path / "releases" / f"1.4.0-{'c' * 12}" / "lib" / "maristan" / "release" / "manifest.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(MANIFEST), encoding="utf-8")
    reports = tmp_path / "var" / "reports"
    said = json.loads(_verified("c" * 12).read_text(encoding="utf-8"))
    nobody = {**said, "at": "2026-01-02T12:03:26+00:00", "result": "a word that is longer than any result"}
    (reports / "DEPLOYMENT_REPORT_20260102_120326.json").write_text(json.dumps(nobody), encoding="utf-8")
    (reports / "DEPLOYMENT_REPORT_20260102_120324.json").write_text("{half", encoding="utf-8")
    (reports / "DEPLOYMENT_REPORT_20260102_120325.json").write_text('{"at": "yesterday"}', encoding="utf-8")
    (reports / "DRILL_REPORT_20260102_120325.json").write_text('{"started_at": "yesterday"}', encoding="utf-8")
    (reports / "RESTORE_REPORT_20260102_120325.json").write_text("[]", encoding="utf-8")
    for kind, outcome, fault in (("restore", "passed", ""), ("drill", "failed", "rows differ")):
        done = restore_reports.Done("maristan_20260102_120323")
        done.tables, done.rows, done.files = 120, 4000, 7
        started = clock.now() - timedelta(minutes=2)
        restore_reports.write(done=done, kind=kind, outcome=outcome, started=started, fault=fault, by=BY)
    return tmp_path


def test_what_lies_on_the_disk_is_entered_once() -> None:
    assert len(reindexing.rescan(by=BY)) == 4
    release = Release.objects.get()
    assert (release.build_id, release.version, release.manifest) == ("c" * 12, "1.4.0", MANIFEST)
    found = Verification.objects.get()
    assert (found.result, found.findings[0]["code"], found.seconds) == ("not_verified", "worker_absent", 3.5)
    assert (found.expected, found.started_by) == (["timetable.week_plan"], "rescan")
    assert Path(found.report).read_text(encoding="utf-8").startswith("# Verification of build cccccccccccc")
    runs = {each.kind: each for each in RestoreRun.objects.all()}
    assert {kind: (each.outcome, each.mismatches) for kind, each in runs.items()} == {
        "restore": ("passed", []), "drill": ("failed", ["rows differ"]),
    }  # fmt: skip
    assert (runs["drill"].tables_compared, runs["drill"].rows_compared, runs["drill"].files_compared) == (120, 4000, 7)
    assert 110 < (runs["drill"].finished_at - runs["drill"].started_at).total_seconds() < 130
    assert reindexing.rescan(by=BY) == []
    (line,) = JournalLine.objects.filter(kind="release.indexed")
    assert len(line.changes["entered"]) == 4


def test_a_report_whose_row_is_there_is_not_entered_again() -> None:
    reindexing.rescan(by=BY)
    before = Verification.objects.count()
    file = _verified("d" * 12)
    said = json.loads(file.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(said["at"])
    verifications.enter(said=said, at=at, report=file.with_suffix(".md"), by=BY)
    assert reindexing.rescan(by=BY) == []
    assert Verification.objects.count() == before + 1


def test_the_report_of_a_deployment_is_no_verification() -> None:
    reindexing.rescan(by=BY)
    before = Verification.objects.count()
    said = json.loads(_verified("d" * 12).read_text(encoding="utf-8"))
    at = datetime.fromisoformat(said["at"])
    said |= {"title": "deploy: none → 1.4.0", "at": at - timedelta(minutes=3), "smoke": "done", "more": {"Backup": []}}
    verifications.write_report(said=said, by=BY)
    assert len(reindexing.rescan(by=BY)) == 1
    assert Verification.objects.count() == before + 1
    assert not Verification.objects.filter(at=at - timedelta(minutes=3)).exists()


def _reported(run: Run, status: DeploymentStatus, exit_code: int, but: dict[str, Any] | None = None) -> Path:
    """The report of a run as a deployment writes it; gives the path of its JSON."""
    said = json.loads(_verified("d" * 12).read_text(encoding="utf-8"))
    kept = {**deployments.as_row(run=run, status=status, exit_code=exit_code, by=BY), **(but or {})}
    said |= {"title": "deploy: none → 1.4.0", "at": run.started_at, "smoke": "done", "more": {}, "run": kept}
    return verifications.write_report(said=said, by=BY).with_suffix(".json")


def _run(minutes: int) -> Run:
    run = Run(DeploymentKind.DEPLOY, "a" * 12, "d" * 12, started_at=clock.now() - timedelta(minutes=minutes))
    run.set_name, run.accepted = "maristan_20260102_120323", [Acceptance("backup_old", "", "a new host")]
    run.steps = [{"name": "backup", "started_at": run.started_at, "finished_at": clock.now(), "status": "done",
                  "detail": "proven"}]  # fmt: skip
    return run


def test_a_run_of_which_the_tables_know_nothing_is_entered_from_its_report() -> None:
    run = _run(30)
    file = _reported(run, DeploymentStatus.ROLLED_BACK, 5)
    reindexing.rescan(by=BY)
    row = Deployment.objects.get()
    assert (row.run_id, row.kind, row.from_build, row.to_build) == (run.run_id, "deploy", "a" * 12, "d" * 12)
    assert (row.status, row.exit_code, row.set_name) == ("rolled_back", 5, "maristan_20260102_120323")
    assert (row.started_at, row.started_by, row.accepted) == (run.started_at, "Olga", [asdict(run.accepted[0])])
    assert row.finished_at > row.started_at
    assert [(each["name"], each["detail"]) for each in row.steps] == [("backup", "proven")]
    assert Path(row.report) == file.with_suffix(".md")
    kept = Deployment.objects.values().get()
    assert reindexing.rescan(by=BY) == []
    assert Deployment.objects.values().get() == kept


@pytest.mark.parametrize("status", ["running", "needs_operator"])
def test_a_run_that_was_going_on_in_the_set_ended_as_its_report_says(status: str) -> None:
    run = _run(30)
    deployments.begin(run=run, by=BY)
    ended = {} if status == "running" else {"finished_at": clock.now()}  # what a restore makes of it
    Deployment.objects.update(status=status, **ended)
    other = _run(20)
    Deployment.objects.create(
        run_id=other.run_id, kind="deploy", to_build="d" * 12, status="needs_operator", exit_code=6, host="host-1",
        pid=7, started_at=other.started_at, finished_at=clock.now(),
    )  # fmt: skip
    _reported(run, DeploymentStatus.SUCCEEDED, 0)
    _reported(other, DeploymentStatus.SUCCEEDED, 0)
    reindexing.rescan(by=BY)
    found = {each.run_id: (each.status, each.exit_code) for each in Deployment.objects.all()}
    assert found == {run.run_id: ("succeeded", 0), other.run_id: ("needs_operator", 6)}
    assert reindexing.rescan(by=BY) == []


@pytest.mark.parametrize(
    "wrong",
    [{"status": "running"}, {"exit_code": None}, {"run_id": 7}, {"status": "fine"}, {"steps": "all"},
     {"finished_at": "2020-01-01T00:00:00+00:00"}, {"accepted": None}],
)  # fmt: skip
def test_a_report_that_says_no_end_changes_no_run(wrong: dict[str, Any]) -> None:
    run = _run(30)
    deployments.begin(run=run, by=BY)
    kept = Deployment.objects.values().get()
    _reported(run, DeploymentStatus.SUCCEEDED, 0, wrong)
    reindexing.rescan(by=BY)
    assert Deployment.objects.values().get() == kept
