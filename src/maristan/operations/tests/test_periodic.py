"""What runs by schedule, as operators see it: also backup and drill, and what is late."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.journal import lines_of
from maristan.kernel.models import PeriodicRun
from maristan.kernel.tests.client import Client
from maristan.operations.actions import asking
from maristan.operations.jobs import watch_clock
from maristan.operations.models import BackupSet
from maristan.operations.queries import figures, maintenance, schedules, servers, sets
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
PERIODIC = "/api/v1/operations/periodic/"
NOON = "2026-03-10T12:00:00+00:00"  # a Tuesday
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def karachi(settings: Any) -> None:
    """Five hours ahead of UTC the whole year."""
    settings.TIME_ZONE, settings.BACKUP_SCHEDULE, settings.DRILL_SCHEDULE = "Asia/Karachi", "02:00", "sun 03:30"


@pytest.fixture
def olga(db: None) -> Client:
    """Olga, who operates the platform."""
    return Client(run.operator())


def rows(olga: Client) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in olga.get(PERIODIC).json["results"]}


def queued(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def test_backup_and_drill_stand_there_with_their_own_times_and_records(olga: Client) -> None:
    with clock.stopped_at(NOON):
        now = clock.now()
        run.backup_set("by_hand", created_at=now)
        made = run.backup_set("fmu_1", reason="scheduled", created_at=now - timedelta(hours=15))
        proof = made.created_at + timedelta(seconds=90)
        run.drill(made.name, kind="prove", started_at=proof, finished_at=proof)
        run.drill(made.name, started_at=now - timedelta(days=2), seconds=70.5)
        found = rows(olga)
    backup, drill = found["operations.backup"], found["operations.drill"]
    assert {name: backup[name] for name in ("schedule", "zone", "next_at", "last_at", "is_overdue")} == {
        "schedule": "02:00", "zone": "Asia/Karachi", "next_at": "2026-03-10T21:00:00Z",
        "last_at": "2026-03-09T21:00:00Z", "is_overdue": False,
    }  # fmt: skip
    assert (backup["last_outcome"], backup["last_error"], backup["last_seconds"]) == ("succeeded", "", 90)
    assert (drill["schedule"], drill["next_at"]) == ("sun 03:30", "2026-03-14T22:30:00Z")
    assert (drill["last_at"], drill["last_outcome"], drill["last_seconds"]) == (
        "2026-03-08T12:00:00Z", "succeeded", 70.5,
    )  # fmt: skip
    assert (found["kernel.purge"]["zone"], found["kernel.purge"]["next_at"]) == ("UTC", "2026-03-11T01:20:00Z")


@pytest.mark.parametrize(
    ("values", "outcome", "error"),
    [
        ({"status": "running"}, "running", ""), ({"status": "created"}, "running", ""),
        ({"status": "failed", "error_code": "disk_full"}, "failed", "disk_full"),
        ({"status": "damaged", "error_code": "contents_differ"}, "failed", "contents_differ"),
        ({"status": "removed", "proven_at": timezone.now(), "prove_seconds": 2.5}, "succeeded", ""),
        ({"status": "removed", "error_code": "killed"}, "failed", "killed"),
    ],
)  # fmt: skip
def test_a_backup_ended_as_its_set_says(olga: Client, values: dict[str, Any], outcome: str, error: str) -> None:
    run.backup_set(reason="scheduled", **values)
    with servers.turn("backup"):
        found = rows(olga)["operations.backup"]
    assert (found["last_outcome"], found["last_error"], found["last_seconds"]) == (outcome, error, None)


def test_of_a_set_that_nobody_proves_any_more_all_say_that_it_failed(
    olga: Client, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR, settings.BACKUP_PREFIX, settings.BACKUP_SCHEDULE = tmp_path, "fmu", "off"
    made = {
        name: created(tmp_path, name, **values)
        for name, values in {
            "fmu_20260102_020000": {"created_at": timezone.now()}, "fmu_20260101_020000": {"reason": "manual"},
            "fmu_20251231_020000": {"error_code": "contents_differ", "status": "damaged"}, "other_20260101_020000": {},
        }.items()
    }  # fmt: skip
    with servers.turn("backup verify"):
        watch_clock(timestamp=0)
        assert codes() == {**dict.fromkeys(made, ""), "fmu_20251231_020000": "contents_differ"}
        assert (rows(olga)["operations.backup"]["last_outcome"], figures.evidence().backup_failed) == ("running", "")
    left = "fmu_20260102_020000"
    with servers.turn("backup offsite", of="offsite"):
        watch_clock(timestamp=0)
        watch_clock(timestamp=0)
    assert codes() == {**dict.fromkeys(made, ""), "fmu_20251231_020000": "contents_differ", left: "unproven"}
    found = rows(olga)["operations.backup"]
    assert (found["last_outcome"], found["last_error"]) == ("failed", "unproven")
    assert figures.evidence().backup_failed == f"{left} unproven"
    assert {name: sets.state(folder).get("error_code") for name, folder in made.items()} == {
        **dict.fromkeys(made), left: "unproven",
    }  # fmt: skip
    (line,) = lines_of("backup", left)
    assert (line.kind, line.changes) == ("backup.failed", {"error": "unproven"})


def test_of_sets_made_by_hand_only_those_that_were_to_be_proven_are_told_as_unproven(
    settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR, settings.BACKUP_PREFIX, settings.BACKUP_SCHEDULE = tmp_path, "fmu", "off"
    created(tmp_path, "fmu_20260102_030000", reason="manual", to_be_proven=True, created_at=timezone.now())
    created(tmp_path, "fmu_20260102_020000", reason="manual")  # with `--no-prove`
    with servers.turn("backup"):
        watch_clock(timestamp=0)
        assert set(codes().values()) == {""}
    watch_clock(timestamp=0)
    assert codes() == {"fmu_20260102_030000": "unproven", "fmu_20260102_020000": ""}
    assert figures.evidence().backup_failed == "fmu_20260102_030000 unproven"
    assert [each.changes for each in lines_of("backup", "fmu_20260102_030000")] == [{"error": "unproven"}]


def codes() -> dict[str, str]:
    return dict(BackupSet.objects.values_list("name", "error_code"))


def created(root: Path, name: str, **values: Any) -> Path:
    """A set by schedule that was written, and not proven yet."""
    folder = root / name
    folder.mkdir()
    (folder / "manifest.json").write_text(f'{{"name": "{name}"}}')
    digest = sets.hashed(folder / "manifest.json").sha256
    given = {"reason": "scheduled", "status": "created", "location": str(folder), "manifest_sha256": digest}
    run.backup_set(name, **{**given, **values})
    return folder


def test_of_a_backup_that_was_killed_is_told_within_the_minute() -> None:
    begun = run.backup_set(reason="scheduled", status="running")
    done = run.backup_set("fmu_20260102_020000", reason="scheduled")
    with servers.turn("deploy"):
        watch_clock(timestamp=0)
    begun.refresh_from_db()
    assert begun.status == "running"
    watch_clock(timestamp=0)
    begun.refresh_from_db()
    done.refresh_from_db()
    assert (begun.status, begun.error_code, done.status) == ("failed", "killed", "proven")
    watch_clock(timestamp=0)
    (line,) = lines_of("backup", begun.name)
    assert (line.kind, line.changes) == ("backup.failed", {"error": "killed"})


def test_a_drill_that_failed_says_at_what(olga: Client) -> None:
    run.drill(outcome="failed", mismatches=["contents_differ: 3 rows"])
    found = rows(olga)["operations.drill"]
    assert (found["last_outcome"], found["last_error"]) == ("failed", "contents_differ: 3 rows")


def test_what_is_switched_off_has_no_next_time_and_what_never_ran_is_not_late(olga: Client, settings: Any) -> None:
    settings.BACKUP_SCHEDULE = "off"
    run.backup_set(reason="scheduled", created_at=timezone.now() - timedelta(days=400))
    found = rows(olga)
    assert (found["operations.backup"]["next_at"], found["operations.backup"]["is_overdue"]) == (None, False)
    assert (found["operations.drill"]["last_outcome"], found["operations.drill"]["is_overdue"]) == ("", False)


@pytest.mark.parametrize(("late", "is_overdue"), [(5 * MINUTE, False), (5 * MINUTE + timedelta(seconds=1), True)])
def test_late_is_what_the_alert_calls_late(
    olga: Client, settings: Any, tmp_path: Any, late: timedelta, is_overdue: bool
) -> None:
    now = datetime.fromisoformat(NOON)
    PeriodicRun.objects.create(name="kernel.seal_journal", started_at=now - 3 * MINUTE - late)
    run.backup_set(reason="scheduled", created_at=now - timedelta(days=3) - late)
    run.drill(started_at=now - timedelta(days=21) - late)
    with clock.stopped_at(now):
        found = rows(olga)
        names = ("kernel.seal_journal", "operations.backup", "operations.drill")
        assert [found[name]["is_overdue"] for name in names] == [is_overdue] * 3
        settings.MAINTENANCE_FILE = tmp_path / "MAINTENANCE_MODE"
        settings.MAINTENANCE_FILE.touch()
        maintenance.forget()
        assert not any(each["is_overdue"] for each in schedules.periodic())
    settings.MAINTENANCE_FILE.unlink()
    maintenance.forget()


def test_olga_runs_a_backup_or_a_drill_as_she_asks_for_one_by_hand(olga: Client) -> None:
    refused = olga.post(f"{PERIODIC}operations.drill/run/")
    assert (refused.status, refused.code, queued(asking.RUN_DRILL)) == (409, "no_proven_set", 0)
    run.backup_set()
    answer = olga.post(f"{PERIODIC}operations.drill/run/")
    assert (answer.status, answer.json["name"], queued(asking.RUN_DRILL)) == (202, "operations.drill", 1)
    assert olga.get(answer.json["progress_url"]).json["status"] == "queued"
    busy = olga.post(f"{PERIODIC}operations.backup/run/")
    assert (busy.status, busy.code, queued(asking.CREATE)) == (409, "busy", 0)
    assert [line.by_name for line in lines_of("job", "operations.drill")] == ["olga"]
    assert list(lines_of("job", "operations.backup")) == []


def test_olga_runs_a_backup_now(olga: Client) -> None:
    assert olga.post(f"{PERIODIC}operations.backup/run/").status == 202
    assert (queued(asking.CREATE), queued(schedules.BACKUP)) == (1, 0)


def test_an_administrator_runs_neither() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    assert alice.post(f"{PERIODIC}operations.backup/run/").status == 403
    assert queued(asking.CREATE) == 0
