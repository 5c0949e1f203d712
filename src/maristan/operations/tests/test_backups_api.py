"""Sets and drills as operators see and ask for them over the network; what stays and what is forgotten."""

import json
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.journal import lines_of
from maristan.kernel.tests.client import Client
from maristan.operations import jobs
from maristan.operations.actions import drills, packing, pruning, swapping
from maristan.operations.models import BackupSet
from maristan.operations.queries import restores, servers
from maristan.operations.queries.restores import Plan
from maristan.operations.rules.states import SetStatus
from maristan.operations.tests import factories as run

BACKUPS, DRILLS = "/api/v1/operations/backups/", "/api/v1/operations/drills/"
BY = platform(None, "Olga")


@pytest.fixture
def olga(db) -> Client:
    """Olga, who operates the platform."""
    make.institution()
    return Client(run.operator())


def queued() -> list[tuple[str, dict]]:
    """Name and arguments of every job that waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]


def test_olga_sees_why_each_set_stays_and_how_it_is_restored(olga: Client, settings) -> None:
    settings.BACKUP_DIR, settings.BACKUP_PREFIX = Path("/sets"), "fmu"
    new, old, torn, gone = (f"fmu_2026010{day}_120000" for day in (4, 3, 2, 1))
    now = timezone.now()
    run.backup_set(new)
    run.backup_set(old, created_at=now - timedelta(days=500))
    run.backup_set(torn, status="damaged", error_code="checksum_mismatch")
    run.backup_set(gone, status="removed")
    rows = {each["name"]: each for each in olga.get(BACKUPS).json["results"]}
    assert set(rows) == {new, old, torn}
    kept = {name: [each["code"] for each in row["kept"]] for name, row in rows.items()}
    assert kept == {
        new: ["newest_proven", "day", "week", "month"], old: ["day", "week", "month"], torn: ["damaged"],
    }  # fmt: skip
    assert rows[new]["kept"][3]["which"] == f"{rows[new]['created_at'][:7]}"
    commands = {name: row["restore_command"] for name, row in rows.items()}
    assert commands == {new: f"maristan restore {new}", old: f"maristan restore {old}", torn: ""}
    assert [each["name"] for each in olga.get(f"{BACKUPS}?status=removed").json["results"]] == [gone]
    assert "newest_proven; day:" in olga.get(f"{BACKUPS}export/?format=csv").body.decode()


def test_olga_asks_for_a_set_a_proof_and_a_drill_one_after_the_other(olga: Client, monkeypatch) -> None:
    assert (olga.post(DRILLS).status, olga.post(DRILLS).code) == (409, "no_proven_set")
    made = run.backup_set()
    for reason in ("scheduled", "pre_deploy", "boredom"):
        assert (olga.post(BACKUPS, {"reason": reason}).status, queued()) == (422, [])
    asked = olga.post(BACKUPS, {"reason": "MANUAL"})
    assert (asked.status, queued()) == (
        202, [("operations.create_backup", {"institution_id": None, "reason": "manual", "asked_by": "olga"})],
    )  # fmt: skip
    for url in (BACKUPS, DRILLS, f"{BACKUPS}{made.name}/moves/verify/"):
        assert (olga.post(url).status, olga.post(url).code) == (409, "busy")
    assert len(queued()) == 1
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(drills, "run_command", lambda words, by: said.append(words))
    for url, job in ((BACKUPS, jobs.create_backup), (DRILLS, jobs.run_drill),
                     (f"{BACKUPS}{made.name}/moves/verify/", jobs.verify_backup)):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert olga.post(url).status == 202
        [(_, arguments)] = queued()
        job.func(**arguments)
    assert said == [
        ("backup", "create", "--reason", "manual", "--by", "olga", "--retain", "--json"),
        ("backup", "drill", "--by", "olga", "--json"),
        ("backup", "verify", made.name, "--by", "olga", "--json"),
    ]


def test_a_set_that_is_not_there_or_not_whole_is_not_proven_again(olga: Client) -> None:
    run.backup_set("torn", status="failed")
    unknown = olga.post(f"{BACKUPS}turn/moves/verify/")
    said = "There is no set 'turn'; near it are: torn."
    assert (unknown.status, unknown.code, unknown.json["detail"]) == (404, "not_found", said)
    refused = olga.post(f"{BACKUPS}torn/moves/verify/")
    assert (refused.status, refused.code, queued()) == (409, "not_now", [])


def pressed_at_once(url: str, meanwhile: str = "") -> tuple[list[int], int, str]:
    """Omar asks while Olga's request goes on, at whose end `meanwhile` is done; her statuses, his status and code."""
    with transaction.atomic():
        make.institution()
        olga, omar = run.operator(), run.operator("omar")
    has_asked, may_end, answers = threading.Event(), threading.Event(), []

    def press_first() -> None:
        with transaction.atomic(), connection.cursor() as cursor:  # as long as a request takes
            answers.append(Client(olga).post(url).status)
            if meanwhile:
                cursor.execute(meanwhile)
            has_asked.set()
            may_end.wait(20)
        connection.close()

    first = threading.Thread(target=press_first)
    first.start()
    assert has_asked.wait(20)
    threading.Timer(0.5, may_end.set).start()
    second = Client(omar).post(url)
    first.join()
    return answers, second.status, second.code


@pytest.mark.parametrize("url", [BACKUPS, "/api/v1/operations/integrity/"])
def test_of_two_who_press_at_once_one_is_told_that_it_goes_on(own_database, url: str) -> None:
    assert pressed_at_once(url) == ([202], 409, "busy")
    assert len(queued()) == 1


def test_who_presses_while_a_worker_takes_the_first_is_told_that_it_goes_on(own_database) -> None:
    # Taken before the second is judged, it waits no longer and keeps nobody from queueing by that.
    taken = "UPDATE procrastinate_jobs SET status = 'doing'"
    assert pressed_at_once(BACKUPS, taken) == ([202], 409, "busy")
    assert queued() == []


def test_a_set_that_waits_to_be_tried_again_is_not_queued_beside_itself(olga: Client) -> None:
    assert olga.post(BACKUPS).status == 202
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '10 minutes'")
    second = olga.post(BACKUPS)
    assert (second.status, second.code, len(queued())) == (409, "busy", 1)


def test_of_backups_an_auditor_reads_drills_alone_and_an_administrator_nothing(olga: Client) -> None:
    run.drill(seconds=41.5)
    auditor, admin = (Client(make.member(role, role)) for role in ("auditor", "admin"))
    assert [each["seconds"] for each in auditor.get(DRILLS).json["results"]] == [41.5]
    assert "41.5" in auditor.get(f"{DRILLS}export/?format=csv").body.decode()
    refused = [auditor.get(BACKUPS), auditor.post(DRILLS), admin.get(DRILLS), admin.get(BACKUPS), admin.post(BACKUPS)]
    assert [each.status for each in refused] == [403] * 5
    assert queued() == []


@pytest.mark.parametrize(
    ("status", "step", "percent"), [("running", "writing", 20), ("created", "proving", 60), ("proven", "proven", 100)]
)
def test_olga_sees_how_far_a_set_is(olga: Client, status: str, step: str, percent: int) -> None:
    asked = olga.post(BACKUPS).json
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [asked["job_id"]])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'started', now())", [asked["job_id"]]
        )
    run.backup_set("earlier")
    run.backup_set("mine", status=status, created_at=timezone.now())
    seen = olga.get(asked["progress_url"]).json
    assert seen == {
        "status": "running", "step": step, "percent": percent, "message": "",
        "result": {"name": "mine", "status": status},
    }  # fmt: skip


def test_ended_sessions_and_old_reports_are_forgotten(db, settings, tmp_path: Path) -> None:
    settings.VAR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    now = timezone.now()
    for key, days in (("ended", -1), ("lives", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    (tmp_path / "reports").mkdir()
    for name, days in (("old.md", 401), ("young.md", 399)):
        file = tmp_path / "reports" / name
        file.write_text("x")
        os.utime(file, ((now - timedelta(days=days)).timestamp(),) * 2)
    pruning.prune(by=BY)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["lives"]
    assert [each.name for each in (tmp_path / "reports").iterdir()] == ["young.md"]
    assert queued() == []  # nothing was ever restored here
    (tmp_path / "media_before_20260101_000000").mkdir()
    pruning.prune(by=BY)
    assert [name for name, _ in queued()] == ["operations.drop_former"]


def test_while_a_restore_may_be_undone_nothing_that_it_put_aside_is_dropped(db, settings, tmp_path: Path) -> None:
    settings.VAR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "media"
    aside = tmp_path / "media_before_20200101_000000"
    aside.mkdir()
    swapping.note(plan=Plan("live", "scratch", "former", "m", "n", "b"), step="looking", by=BY)
    assert (pruning.drop_former(by=BY), aside.is_dir()) == ([], True)
    restores.note().unlink()
    assert (pruning.drop_former(by=BY), aside.is_dir()) == ([aside.name], False)


def test_what_a_restore_put_aside_is_dropped_after_its_days_and_nothing_else(place: Path, settings) -> None:
    settings.RESTORE_KEEP_OLD_DAYS = 7
    now, media = clock.now(), Path(settings.MEDIA_ROOT)
    kept, gone = (f"before_{now - timedelta(days=days):%Y%m%d_%H%M%S}" for days in (6, 8))
    mine = servers.live()[:35]
    strange = f"{mine}_other_{gone}"  # of another installation on the same server
    for name in (f"{mine}_{kept}", f"{mine}_{gone}", strange):
        packing.create_database(name=name, by=BY)
    for name in (kept, gone):
        media.with_name(f"{media.name}_{name}").mkdir()
    assert pruning.drop_former(by=BY) == [f"{mine}_{gone}", f"{media.name}_{gone}"]
    there = servers.databases()
    assert {f"{mine}_{kept}", strange, servers.live()} <= there
    assert f"{mine}_{gone}" not in there
    assert [each.name for each in media.parent.glob("media_before_*")] == [f"media_{kept}"]
    with tenancy.acting_in(None):
        [line] = lines_of("backup", "former")
    assert (line.kind, line.changes["dropped"]) == ("backup.forgotten", [f"{mine}_{gone}", f"media_{gone}"])
    assert pruning.drop_former(by=BY) == []
    assert BackupSet.objects.filter(status=SetStatus.RUNNING).count() == 0
