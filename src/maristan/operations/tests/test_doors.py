"""Runs close the doors and open them again; what an operator had closed before stays closed, as they said it."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maristan.config.serving_release import Work
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.operations.actions import deployments, maintenance, swapping
from maristan.operations.actions.deployments import Run
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance as queries
from maristan.operations.queries import restores, servers
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus, MaintenanceLevel
from maristan.operations.tests.made_sets import ended

pytestmark = pytest.mark.django_db
OLGA = platform(None, "Olga")
WORDS = ["maintenance", "on", "--message", "New disks until noon.", "--minutes", "240"]


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "MAINTENANCE_MODE"
    queries.forget()
    yield tmp_path
    queries.forget()


def work() -> Work:
    run = deployments.begin(run=Run(DeploymentKind.DEPLOY, "a" * 12, "b" * 12), by=OLGA)
    return Work(run, OLGA, "", lambda _: None)


def window() -> MaintenanceWindow | None:
    return queries.open_window()


@pytest.mark.parametrize("level", ["full", "read_only"])
def test_the_maintenance_of_an_operator_is_the_runs_for_a_while_and_then_theirs_again(
    level: str, var: Path, capsys: Any
) -> None:
    assert ended([*WORDS, "--level", level], capsys)[0] == 0
    was, flag = window(), (var / "MAINTENANCE_MODE").read_text()
    here = work()
    assert here.close() == "full"
    now = window()
    assert (now.pk, now.level, now.message, now.until, now.run_id) == (
        was.pk, "full", "New disks until noon.", was.until, here.run.run_id,
    )  # fmt: skip
    assert queries.of_host().message == "New disks until noon."
    code, said = ended(["maintenance", "off"], capsys)
    assert (code, "not_owned_by_running_deployment" in said) == (3, True)
    assert (window().pk, (var / "MAINTENANCE_MODE").exists()) == (was.pk, True)
    assert here.open() == "on, as it was before"
    now = window()
    assert (now.pk, now.level, now.message, now.until, now.run_id) == (was.pk, level, was.message, was.until, None)
    assert (var / "MAINTENANCE_MODE").read_text() == flag
    assert not queries.note_before().exists()
    deployments.finish(run=here.run, status=DeploymentStatus.SUCCEEDED, exit_code=0, by=OLGA)
    assert ended(["maintenance", "off"], capsys)[0] == 0
    assert (window(), (var / "MAINTENANCE_MODE").exists()) == (None, False)


@pytest.mark.parametrize("is_at_work", [True, False])
def test_why_a_run_keeps_the_doors_closed_is_said_with_what_leads_on(is_at_work: bool, var: Path, capsys: Any) -> None:
    work().close()
    with servers.turn("deploy") if is_at_work else nullcontext():
        code, said = ended(["maintenance", "off"], capsys)
    assert (code, said.split(":")[0], "No running deployment" in said) == (3, "not_owned_by_running_deployment", False)
    deploy = "maristan deploy"
    killed = f"it was killed; next: {deploy} --resume, or back with: {deploy} --undo"
    leads_on = "it is at work, and opens them at its end" if is_at_work else killed
    assert (leads_on in said, said.strip().endswith("--force opens all the same")) == (True, True)
    assert (window() is None, (var / "MAINTENANCE_MODE").exists()) == (False, True)


def test_what_a_run_closed_it_opens(var: Path) -> None:
    here = work()
    here.close()
    assert (window().run_id, (var / "MAINTENANCE_MODE").exists()) == (here.run.run_id, True)
    here.close()  # gone on with after a kill
    assert here.open() == "off"
    assert (window(), (var / "MAINTENANCE_MODE").exists(), queries.note_before().exists()) == (None, False, False)
    kinds = JournalLine.objects.filter(kind__startswith="maintenance.").order_by("pk").values_list("kind", flat=True)
    assert [kinds[0], list(kinds)[-1]] == ["maintenance.started", "maintenance.ended"]


def test_a_file_that_somebody_laid_down_by_hand_stays_as_it_was(var: Path) -> None:
    (var / "MAINTENANCE_MODE").write_text("Back at noon.")
    here = work()
    here.close()
    assert window().message == "Back at noon."
    assert here.open() == "on, as it was before"
    assert (window(), (var / "MAINTENANCE_MODE").read_text()) == (None, "Back at noon.")


def test_what_a_run_left_closed_the_next_one_opens(var: Path) -> None:
    first = work()
    first.close()
    deployments.finish(run=first.run, status=DeploymentStatus.NEEDS_OPERATOR, exit_code=6, by=OLGA)
    second = work()
    second.close()
    assert window().run_id == second.run.run_id
    queries.note_before().unlink()  # from another host, which has no note of it
    second.close()
    assert second.open() == "off"
    assert (window(), (var / "MAINTENANCE_MODE").exists()) == (None, False)


def test_in_the_database_of_a_set_the_operators_window_is_there_again(var: Path, capsys: Any) -> None:
    ended(WORDS, capsys)
    was, here = window(), work()
    here.close()
    MaintenanceWindow.objects.all().delete()  # as the set has it
    maintenance.begin(level=MaintenanceLevel.FULL, message="", until=clock.now() + timedelta(minutes=30), by=OLGA)
    assert here.open() == "on, as it was before"
    assert (window().message, window().until, window().run_id) == (was.message, was.until, None)
    here.close()
    MaintenanceWindow.objects.all().delete()
    assert here.open() == "on, as it was before"
    assert (window().message, window().until, window().level) == (was.message, was.until, "full")


def test_who_ends_it_by_force_ends_all_of_it_and_an_old_note_counts_no_more(var: Path, capsys: Any) -> None:
    ended(WORDS, capsys)
    here = work()
    here.close()
    note = queries.note_before().read_text()
    assert ended(["maintenance", "off", "--force"], capsys)[0] == 0
    assert (window(), queries.note_before().exists()) == (None, False)
    queries.note_before().write_text(note)
    ended(["maintenance", "on", "--message", "Cables"], capsys)
    deployments.finish(run=here.run, status=DeploymentStatus.ROLLED_BACK, exit_code=5, by=OLGA)
    here = work()
    here.close()
    here.open()
    assert (window().message, json.loads((var / "MAINTENANCE_MODE").read_text())["message"]) == ("Cables", "Cables")


def test_begun_for_a_run_the_open_window_is_that_runs(var: Path, capsys: Any) -> None:
    ended(WORDS, capsys)
    here, until = work(), clock.now() + timedelta(minutes=30)
    given = {"level": MaintenanceLevel.FULL, "message": "", "until": until, "by": OLGA}
    assert maintenance.begin(**given, run_id=here.run.run_id).run_id == here.run.run_id
    assert maintenance.begin(**given).run_id == here.run.run_id


def test_opened_twice_what_an_operator_closed_stays_closed(var: Path, capsys: Any) -> None:
    ended(WORDS, capsys)
    here = work()
    here.close()
    here.open()
    assert here.open() == "on, as it was before"
    assert (window().message, (var / "MAINTENANCE_MODE").exists()) == ("New disks until noon.", True)
    ended(["maintenance", "off"], capsys)
    assert here.open() == "off"


def test_doors_that_a_restore_keeps_closed_are_opened_by_force_alone(var: Path, capsys: Any) -> None:
    plan = restores.Plan("live", "scratch", "live_before", "media", "media_new", "media_before")
    maintenance.begin(level=MaintenanceLevel.FULL, message="", until=clock.now() + timedelta(minutes=20), by=OLGA)
    swapping.note(plan=plan, step="smoke", by=OLGA)
    code, said = ended(["maintenance", "off"], capsys)
    assert (code, said.split(":")[0], queries.open_window() is None) == (3, "restore_unfinished", False)
    assert "maristan restore --undo" in said
    swapping.note(plan=plan, step=swapping.SERVES, by=OLGA)  # it is done, and writing goes on in what was restored
    assert (ended(["maintenance", "off"], capsys)[0], queries.open_window()) == (0, None)
    maintenance.begin(level=MaintenanceLevel.FULL, message="", until=clock.now() + timedelta(minutes=20), by=OLGA)
    swapping.note(plan=plan, step="smoke", by=OLGA)
    assert (ended(["maintenance", "off", "--force"], capsys)[0], queries.open_window()) == (0, None)
