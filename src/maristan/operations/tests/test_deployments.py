"""The engine: what a run does is kept as it is done, the rest is done by whoever goes on, and nothing runs twice."""

import json
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from django.db import OperationalError, connection
from procrastinate.exceptions import ConnectorException

from maristan.config.interrupting import interruptible
from maristan.directory.tests import factories as institution
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.operations.actions import deployments
from maristan.operations.actions.deployments import NotChecked, Run, Step, StepFailed, StepFault
from maristan.operations.models import AppliedMigration, Deployment
from maristan.operations.queries import deployments as queries
from maristan.operations.queries import migrations
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus
from maristan.operations.tests import factories as make

pytestmark = pytest.mark.django_db
OLGA = platform(None, "Olga")
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _var(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def run() -> Run:
    return deployments.begin(run=Run(DeploymentKind.DEPLOY, "a" * 12, "b" * 12), by=OLGA)


def step(name: str, said: list[str], fault: Exception | None = None) -> Step:
    def do() -> str:
        said.append(name)
        if fault is not None:
            raise fault
        return f"did {name}"

    return Step(name, do)


def kept() -> list[tuple[str, str, str]]:
    return [(each["name"], each["status"], each["detail"]) for each in Deployment.objects.get().steps]


def test_steps_are_kept_with_how_they_ended_in_row_chain_and_on_the_host(tmp_path: Path) -> None:
    said: list[str] = []
    steps = [step("one", said), step("two", said, NotChecked("nobody to ask")), step("three", said)]
    here = run()
    assert queries.unfinished().run_id == here.run_id
    deployments.carry_out(run=here, steps=steps, by=OLGA)
    assert kept() == [
        ("one", "done", "did one"), ("two", "not checked", "nobody to ask"), ("three", "done", "did three"),
    ]  # fmt: skip
    deployments.finish(run=here, status=DeploymentStatus.SUCCEEDED_WITH_WARNINGS, exit_code=0, by=OLGA)
    row = Deployment.objects.get()
    assert (row.status, row.exit_code, row.finished_at >= row.started_at) == ("succeeded_with_warnings", 0, True)
    assert queries.unfinished() is None
    kinds = ["release.begun", *["release.advanced"] * 3, "release.deployed"]
    assert list(JournalLine.objects.filter(institution_id=None).order_by("pk").values_list("kind", flat=True)) == kinds
    lines = [json.loads(line) for line in (tmp_path / "operations.jsonl").read_text().splitlines()]
    assert [each["kind"] for each in lines] == kinds
    assert lines[2]["changes"] == {"name": "two", "status": "not checked", "detail": "nobody to ask"}


def test_the_first_step_that_fails_ends_the_run_and_whoever_goes_on_repeats_none(tmp_path: Path) -> None:
    said: list[str] = []
    here = run()
    with pytest.raises(StepFailed) as failed:
        deployments.carry_out(
            run=here, steps=[step("one", said), step("two", said, StepFault("no disk")), step("three", said)], by=OLGA
        )
    assert (failed.value.step, failed.value.why, said) == ("two", "no disk", ["one", "two"])
    assert kept() == [("one", "done", "did one"), ("two", "failed", "no disk")]
    again = deployments.left(row=Deployment.objects.get(), by=OLGA)
    deployments.carry_out(run=again, steps=[step("one", said), step("two", said), step("three", said)], by=OLGA)
    assert said == ["one", "two", "two", "three"]
    assert [each[:2] for each in kept()] == [("one", "done"), ("two", "done"), ("three", "done")]
    deployments.finish(run=again, status=DeploymentStatus.ROLLED_BACK, exit_code=5, by=OLGA)
    assert JournalLine.objects.filter(kind="release.stopped").count() == 1


def test_sigterm_fails_the_step_in_hand() -> None:
    def interrupted() -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        return "never"

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(StepFailed) as failed, interruptible():
        deployments.carry_out(run=run(), steps=[Step("one", interrupted)], by=OLGA)
    assert (failed.value.why, kept()) == ("interrupted", [("one", "failed", "interrupted")])
    assert signal.getsignal(signal.SIGTERM) == before


def hook(folder: Path, text: str) -> None:
    file = folder / "process" / "activate"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def called(here: Run) -> str:
    return deployments.call_hook(
        run=here, name="activate", folder=Path("/releases/x"), build_id="b" * 12, version="1.1", by=OLGA
    )


def test_a_hook_is_told_what_is_to_serve_and_fails_by_its_code(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEPLOY_HOOKS_DIR, settings.DEPLOY_TARGET = tmp_path, "process"
    here = run()
    hook(tmp_path, 'echo "$1 $2 $RELEASE_VERSION ${MARISTAN_DB_OWNER:-nobody}"')
    assert called(here) == f"/releases/x {'b' * 12} 1.1 nobody"
    assert here.commands == [f"{tmp_path}/process/activate /releases/x {'b' * 12}"]
    hook(tmp_path, "echo no room >&2; exit 3")
    with pytest.raises(StepFault, match="hook activate ended with 3: no room"):
        called(here)
    monkeypatch.setattr(deployments, "HOOK_SECONDS", 0.2)
    hook(tmp_path, "exec sleep 5")
    with pytest.raises(StepFault, match=r"did not end within 0\.2 s"):
        called(here)
    monkeypatch.setattr(deployments, "HOOK_SECONDS", 20)
    hook(tmp_path, "printf 'done \\377'")
    assert called(here) == "done \ufffd"


@pytest.mark.parametrize("ends", ["wait", "exit 0"])
def test_a_hook_that_does_not_end_in_time_ends_with_all_that_it_started(
    ends: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEPLOY_HOOKS_DIR, settings.DEPLOY_TARGET = tmp_path, "process"
    monkeypatch.setattr(deployments, "HOOK_SECONDS", 0.5)
    hook(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; {ends}")
    with pytest.raises(StepFault, match=r"did not end within 0\.5 s"):
        called(run())
    child, end = int((tmp_path / "child").read_text()), time.monotonic() + 5
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "what the hook started lives on"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("maristan.kernel.journal.record", OperationalError("the server closed the connection unexpectedly")),
        ("maristan.operations.actions.announcing.ask_of", ConnectorException()),
    ],
)
def test_where_the_database_is_away_the_host_alone_keeps_the_line(
    part: str, fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, closed = run(), []

    def away(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(part, away)
    monkeypatch.setattr(deployments, "connection", SimpleNamespace(close=lambda: closed.append(True)))
    deployments.finish(run=here, status=DeploymentStatus.NEEDS_OPERATOR, exit_code=6, by=OLGA)
    line = json.loads((tmp_path / "operations.jsonl").read_text().splitlines()[-1])
    assert (line["kind"], line["subject"], line["by"]) == ("release.stopped", ["release", str(here.run_id)], "Olga")
    assert (line["changes"]["status"], line["changes"]["exit_code"], closed) == ("needs_operator", 6, [True])
    assert JournalLine.objects.filter(kind="release.stopped").count() == 0


def test_how_long_former_runs_took_is_known_from_the_last_three_that_were_done() -> None:
    first, then = "2026-01-09T00:00:00+00:00", "2026-01-09T00:00:07+00:00"
    for number in range(4):
        steps = [
            {"name": f"run {number}", "started_at": first, "finished_at": then},
            {"name": "left", "started_at": then, "finished_at": None},
        ]
        make.deployment(started_at=f"2026-01-0{number + 1}T00:00:00Z", steps=steps)
    make.deployment(status="rolled_back")
    began = 1767916800.0
    assert queries.steps_of_former() == [
        [{"name": f"run {number}", "at": began, "until": began + 7}] for number in (3, 2, 1)
    ]


def test_a_database_before_its_first_migration_has_no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    make.deployment(status="running")
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: ["of_somebody_else"])
    assert (queries.unfinished(), queries.steps_of_former()) == (None, [])
    assert (queries.applied_since(clock.now() - timedelta(days=9999)), migrations.applied()) == ([], [])


def test_migrations_that_were_applied_before_anybody_kept_their_hash_are_known_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: ["django_migrations"])
    found = migrations.applied()
    assert {(each.sha256, each.breaks_former_code) for each in found} == {("", None)}
    assert {"kernel", "operations"} <= {each.app for each in found}


@pytest.mark.parametrize(("noted", "is_breaking"), [(None, True), (True, True), (False, False)])
def test_an_applied_migration_that_this_build_does_not_know_is_breaking_unless_it_was_noted(
    noted: bool | None, is_breaking: bool
) -> None:
    before = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_of_tomorrow', %s)", [before]
        )
    if noted is not None:
        AppliedMigration.objects.create(
            app="kernel", name="9999_of_tomorrow", sha256="x", build_id="y", breaks_former_code=noted, applied_at=before
        )
    (found,) = queries.applied_since(before)
    assert (found.name, found.is_breaking) == ("kernel.9999_of_tomorrow", is_breaking)
    manifest = {"migrations": [{"app": each.app, "name": each.name} for each in migrations.of_build()]}
    assert found in queries.applied_unknown_to(manifest)


def test_what_people_write_is_counted_and_what_the_platform_writes_is_not() -> None:
    institution.institution()
    before = queries.written()
    with tenancy.acting_in(None):
        journal.record("backup.started", ("backup", 1), by=platform(None), changes={})
    assert queries.written() == before
    journal.record("department.created", ("department", 1), by=platform(tenancy.current()), changes={})
    assert queries.written() == before + 1


def test_a_hook_that_is_not_there_is_a_fault_of_the_step(settings: Any, tmp_path: Path) -> None:
    settings.DEPLOY_HOOKS_DIR, settings.DEPLOY_TARGET = tmp_path, "process"
    with pytest.raises(StepFault, match=r"^hook activate: No such file or directory$"):
        called(run())


def test_a_killed_run_is_gone_on_with_by_what_it_was_for(settings: Any) -> None:
    rollback, deploy = make.deployment(kind="rollback_code"), make.deployment(to_build="c" * 12)
    assert queries.next_of(rollback) == "back with: maristan deploy --undo"
    assert queries.next_of(deploy) == "next: maristan deploy --resume, or back with: maristan deploy --undo"
    settings.DEPLOY_TARGET = "compose"
    by_image = f"scripts/deploy_production.sh :{'c' * 12}"
    assert queries.next_of(deploy) == f"next: {by_image} --resume, or back with: {by_image} --undo"


def test_a_build_is_unproven_until_a_run_of_it_was_done() -> None:
    assert queries.unproven("b" * 12) is None
    first = make.deployment(status="needs_operator", started_at=NOW - timedelta(minutes=3))
    make.deployment(status="rolled_back", from_build="b" * 12, started_at=NOW - timedelta(minutes=2))
    assert queries.unproven("b" * 12) == first
    make.deployment(from_build="b" * 12, started_at=NOW - timedelta(minutes=1))
    assert queries.unproven("b" * 12) is None
