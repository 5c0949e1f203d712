"""How far long work of the platform is, from what its job has brought so far."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import PeriodicRun
from maristan.kernel.tests.client import Client
from maristan.operations.actions import chain
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
NAME, OTHER = "fmu_20260102_120323", "fmu_20260103_120323"


@pytest.fixture(autouse=True)
def _var(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def job(task: str, status: str = "doing") -> int:
    """A job about a set, and for a full verification, that Olga asked for and that was begun a minute ago."""
    asked = {"name": NAME, "reason": "manual", "quick": False, "asked_by": "Olga"}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('operations', %s, %s, %s) RETURNING id",
            [task, json.dumps(asked), status],
        )
        pk = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'started', now() - interval '1 minute')",
            [pk],
        )
    return pk


def a_set_failed() -> None:
    run.backup_set(NAME, "failed", created_by="Olga", created_at=timezone.now(), error_code="disk_full")


def a_run(name: str = NAME, **values: Any) -> Callable[[], Any]:
    return lambda: run.drill(name, **{"started_by": "Olga", **values})


def bytes_were_read(by: str = "Olga") -> None:
    with tenancy.acting_in(None):
        chain.record(kind="backup.checked", subject=("backup", NAME), by=platform(None, by), changes={})


def the_clock_brought_one_of_each() -> None:
    now = timezone.now()
    run.backup_set("fmu_20260101_120323", created_by="Olga", reason="scheduled", created_at=now)
    run.backup_set(OTHER, created_by="", created_at=now)
    for kind in ("prove", "drill"):
        run.drill(kind=kind, **FAILED)
    bytes_were_read(by="")
    run.verification(started_by="Olga")
    run.verification(scope="full")
    run.integrity_run()


def nothing() -> None:
    run.backup_set(NAME)  # of an hour ago


TASKS = SET, PROOF, DRILL, RELEASE, CHECK = tuple(
    f"operations.{each}" for each in ("create_backup", "verify_backup", "run_drill", "verify", "check_integrity")
)
FAILED = {"outcome": "failed", "mismatches": ["rows differ", "and more"]}


@pytest.mark.parametrize(
    ("task", "brought", "seen"),
    [
        (SET, nothing, ("running", 0, "", None)),
        (SET, a_set_failed, ("failed", 100, "disk_full", {"name": NAME, "status": "failed"})),
        (PROOF, nothing, ("running", 0, "", None)),
        (PROOF, a_run(OTHER, kind="prove"), ("running", 0, "", None)),
        (PROOF, a_run(kind="prove"), ("compared", 100, "", {"name": NAME, "outcome": "passed"})),
        (PROOF, a_run(kind="prove", **FAILED), ("compared", 100, "rows differ", {"name": NAME, "outcome": "failed"})),
        (PROOF, bytes_were_read, ("checksums_only", 100, "", {"name": NAME})),
        (DRILL, nothing, ("running", 0, "", None)),
        (DRILL, a_run(**FAILED), ("compared", 100, "rows differ", {"set": NAME, "outcome": "failed"})),
        (RELEASE, nothing, ("running", 0, "", None)),
    ],
)  # fmt: skip
def test_work_is_as_far_as_what_it_has_brought(
    task: str, brought: Callable[[], Any], seen: tuple[str, int, str, dict[str, Any] | None]
) -> None:
    brought()
    said = Client(run.operator()).get(f"/api/v1/operations/progress/{job(task)}/").json
    step, percent, message, result = seen
    assert said == {"status": "running", "percent": percent, "step": step, "message": message, "result": result}


@pytest.mark.parametrize("task", TASKS)
def test_what_the_clock_or_somebody_else_brings_meanwhile_is_not_what_was_asked_for(task: str) -> None:
    the_clock_brought_one_of_each()
    said = Client(run.operator()).get(f"/api/v1/operations/progress/{job(task, 'failed')}/").json
    assert said == {"status": "failed", "percent": 0, "step": "failed", "message": "failed", "result": None}


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ({"outcome": "", "ago": 50}, ("running", 0, "", None)),
        ({"outcome": "failed", "ago": 70}, ("running", 0, "", None)),
        (
            {"outcome": "failed", "error": "OutOfTime", "seconds": 3600.5, "ago": 50},
            ("failed", 100, "OutOfTime", {"name": "kernel.purge", "outcome": "failed", "seconds": 3600.5}),
        ),
    ],
)  # fmt: skip
def test_what_runs_by_schedule_says_how_its_own_run_ended(
    kept: dict[str, Any], seen: tuple[str, int, str, dict[str, Any] | None]
) -> None:
    pk = job("kernel.purge")
    values = {name: value for name, value in kept.items() if name != "ago"}
    begun = timezone.now() - timedelta(seconds=kept["ago"])
    PeriodicRun.objects.create(name="kernel.purge", started_at=begun, **values)
    said = Client(run.operator()).get(f"/api/v1/operations/progress/{pk}/").json
    step, percent, message, result = seen
    assert said == {"status": "running", "percent": percent, "step": step, "message": message, "result": result}


def test_a_verification_is_named_by_its_row() -> None:
    pk = job(RELEASE, "succeeded")
    found = run.verification(scope="full", started_by="Olga")
    run.verification(scope="full", started_by="Olga", result="not_verified")  # for which she asked again
    run.verification(started_by="Olga", result="not_verified")
    assert Client(run.operator()).get(f"/api/v1/operations/progress/{pk}/").json == {
        "status": "succeeded", "percent": 100, "step": "compared", "message": "",
        "result": {"verification": found.pk, "result": "verified"},
    }  # fmt: skip
