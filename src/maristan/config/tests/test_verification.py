"""`maristan release verify` finds each fault that is put into a database, a file or a setting, and nothing else."""

import json
import shlex
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from maristan.config import capabilities, release, verification
from maristan.config.database import runtime_role
from maristan.config.maintenance import PASS
from maristan.conftest import _act_as
from maristan.kernel.models import PeriodicRun
from maristan.operations.models import Process, Verification
from maristan.operations.queries import build, catalogue, maintenance, migrations
from maristan.operations.rules import presence
from maristan.operations.rules.report import HEADINGS
from maristan.operations.tests import factories as run

Owner = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("own_database")


@cache
def promised() -> dict[str, Any]:
    """The manifest of this code and of any copy of the test database."""
    return release.written(catalogue.read().tables)


@pytest.fixture
def manifest(own_database: Owner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> dict[str, Any]:
    """The manifest of this code, in a database of the test's own where web and worker live."""
    settings.VAR = tmp_path / "var"
    found = deepcopy(promised())
    monkeypatch.setattr(build, "manifest", lambda: found)
    monkeypatch.setattr(verification.machine, "all_listening", list)
    ours = {"build_id": build.running().build_id, "code_build_id": build.running().build_id}
    run.process("web", listen=["127.0.0.1:8010"], **ours)
    run.process("worker", **ours)
    return found


@pytest.fixture
def as_owner(own_database: Owner) -> Iterator[None]:
    """The command connects as the owner."""
    name = connection.settings_dict["NAME"]
    _act_as(None)
    connection.settings_dict["NAME"] = name
    yield
    _act_as(runtime_role(connection.settings_dict["USER"]))
    connections.close_all()


def found_in(manifest: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    seen = verification.examine(manifest, **options)
    return [(each.code, each.subject) for each in seen.findings]


def test_nothing_is_found_where_everything_is_sound(manifest: dict[str, Any]) -> None:
    for _ in range(3):
        assert found_in(manifest) == []


FAULTS = {
    "un-record a migration": (
        "DELETE FROM django_migrations WHERE app = 'operations' AND name = '0001_initial'",
        ("migration_pending", "operations.0001_initial"),
    ),
    "record an unknown one": (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('operations', '0999_x', now())",
        ("migration_unknown", "operations.0999_x"),
    ),
    "a migration that was edited since": (
        "UPDATE operations_appliedmigration SET sha256 = repeat('0', 64) WHERE app = 'work' AND name = '0001_initial'",
        ("migration_changed", "work.0001_initial"),
    ),
    "recorded but not done": ("DROP TABLE operations_sample", ("table_missing", "operations_sample")),
    "an index": (
        "DROP INDEX operations_process_seen_idx",
        ("index_missing", "operations_process.operations_process_seen_idx"),
    ),
    "row-level security": (
        "ALTER TABLE directory_place DISABLE ROW LEVEL SECURITY",
        ("rls_missing", "directory_place"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_database_is_found(own_database: Owner, manifest: dict[str, Any], fault: str) -> None:
    statement, expected = FAULTS[fault]
    own_database(statement)
    assert found_in(manifest, quick=True) == [expected]


def test_a_broken_chain_is_found(own_database: Owner, manifest: dict[str, Any]) -> None:
    from maristan.kernel import journal, tenancy
    from maristan.kernel.access import platform

    with tenancy.acting_in(None):
        journal.record("maintenance.started", ("maintenance", 1), by=platform(None), changes={})
        journal.seal()
    assert found_in(manifest) == []
    own_database("ALTER TABLE kernel_journalline DISABLE TRIGGER ALL")
    own_database("UPDATE kernel_journalline SET subject_id = '2'")
    own_database("ALTER TABLE kernel_journalline ENABLE TRIGGER ALL")
    assert [code for code, _ in found_in(manifest)] == ["journal_broken"]
    assert found_in(manifest, quick=True) == []


def test_a_changed_file_is_found(manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "roles.py"
    copy.write_bytes(build.package_files()["config/roles.py"].read_bytes() + b"\n")
    changed = {**build.package_files(), "config/roles.py": copy}
    monkeypatch.setattr(build, "package_files", lambda: changed)
    assert found_in(manifest) == [("manifest_altered", "config/roles.py")]


def test_an_installed_release_finds_its_screens_without_the_sources_that_name_them(
    manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    wanted = sorted({each for capability in manifest["capabilities"] for each in capability["screens"]})
    (tmp_path / "assets").mkdir()
    chunk, settings.WEB_BUNDLE = tmp_path / "assets" / "a.js", tmp_path
    chunk.write_text("".join(f"P.displayName=`{each}`;" for each in wanted))
    monkeypatch.setattr(release, "screens", list)
    assert found_in(manifest, expect=["timetable.week_plan"]) == []
    chunk.write_text(chunk.read_text().replace("`timetable.WeekPage`", "`timetable.Other`"))
    assert found_in(manifest, expect=["timetable.week_plan"]) == [("capability_missing", "timetable.week_plan")]


def test_another_version_of_a_package_is_found(manifest: dict[str, Any]) -> None:
    manifest["dependencies"].append({"name": "django-unheard-of", "version": "1"})
    assert found_in(manifest) == [("dependency_differs", "django-unheard-of")]


def test_two_files_of_one_number_are_found(manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "duplicates", lambda: {"operations 0009": ["0009_a.py", "0009_b.py"]})
    assert found_in(manifest) == [("duplicate_migration_number", "operations 0009")]


def test_a_job_by_schedule_that_is_gone_is_found(manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(verification.jobs.periodic_jobs, "comms.send_due")
    assert found_in(manifest, quick=True) == [("periodic_missing", "comms.send_due")]


def test_a_job_is_overdue_when_the_alert_says_so_and_not_in_the_minute_that_it_is_due(manifest: dict[str, Any]) -> None:
    name, now = "attendance.lock_registers", timezone.now()  # every 15 minutes: late by two of them and five minutes
    ran = PeriodicRun.objects.create(name=name, started_at=now - timedelta(minutes=49))
    assert found_in(manifest, quick=True) == []
    ran.started_at = now - timedelta(minutes=51)
    ran.save()
    assert found_in(manifest, quick=True) == [("periodic_overdue", name)]
    Process.objects.filter(kind="worker").delete()
    assert ("periodic_overdue", name) not in found_in(manifest, quick=True)  # that no worker lives says enough


def test_what_is_too_old_is_told_from_when_on_its_alert_fires(manifest: dict[str, Any], settings: Any) -> None:
    now = timezone.now()
    run.backup_set(created_at=now - timedelta(hours=5))
    run.drill(started_at=now - timedelta(hours=30), finished_at=now - timedelta(hours=29))
    assert found_in(manifest, quick=True) == []
    settings.ALERTS = {**settings.ALERTS, "BACKUP_MISSING": 4}
    assert found_in(manifest, quick=True) == [("backup_old", "newest proven backup")]
    settings.ALERTS = {**settings.ALERTS, "BACKUP_MISSING": 6, "DRILL_MISSING": 1}
    assert found_in(manifest, quick=True) == [("drill_old", "newest passed drill")]


def test_an_unsafe_setting_is_found_where_people_are_served(manifest: dict[str, Any], settings: Any) -> None:
    settings.IS_LOCAL = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert found_in(manifest, quick=True) == []
    settings.SECURE_HSTS_SECONDS = 60
    assert found_in(manifest, quick=True) == [("insecure_setting", "SECURE_HSTS_SECONDS")]


@pytest.mark.parametrize("quick", [False, True])
def test_a_promised_capability_is_looked_for(manifest: dict[str, Any], own_database: Owner, quick: bool) -> None:
    without_screens = [{**each, "screens": []} for each in capabilities.read()]
    manifest["capabilities"] = without_screens
    assert found_in(manifest, quick=quick, expect=["timetable.week_plan"]) == []
    unknown = [("capability_unknown", "timetable.week_plans")]
    assert found_in(manifest, quick=quick, expect=["timetable.week_plans"]) == unknown
    said = verification.told(manifest, quick=quick, expect=["timetable.week_plan"])
    assert sum(each.endswith(": present") for each in said["expected"]["timetable.week_plan"]) > 8
    assert "timetable_weekcell: present" in said["expected"]["timetable.week_plan"]
    own_database("DROP TABLE timetable_weekchangelog")
    assert f"; 1 of {len(without_screens)} capabilities looked for" in said["checked"]["code"]
    assert said["checked"]["code"].startswith("not checked (quick)") is quick
    assert [code for code, _ in found_in(manifest, quick=quick, expect=["timetable.week_plan"])] == [
        "table_missing",
        "capability_missing",
    ]
    looked = presence.Look(True, True, verification.told(manifest)["findings"])
    queues = {each["name"]: each["queue"] for each in manifest["jobs"]}
    there = {each["id"]: each["presence"] for each in presence.told(without_screens, [looked], queues=queues)}
    assert {name for name, is_there in there.items() if is_there != "found"} == {"timetable.week_plan"}
    assert there["timetable.week_plan"] == "not_found"


def test_each_capability_of_operations_may_be_expected_of_what_has_it(manifest: dict[str, Any]) -> None:
    """Also those whose addresses are no part of the API, as the shapes of health."""
    manifest["capabilities"] = [{**each, "screens": []} for each in capabilities.read()]
    names = [each["id"] for each in manifest["capabilities"] if each["id"].startswith("operations.")]
    assert {"operations.health", "operations.liveness", "operations.restores", "operations.rollbacks"} <= {*names}
    assert found_in(manifest, quick=True, expect=names) == []


def test_a_permission_that_the_code_does_not_know_is_missed(
    manifest: dict[str, Any],
) -> None:
    (weeks,) = [each for each in capabilities.read() if each["id"] == "timetable.week_plan"]
    manifest["capabilities"] = [{**weeks, "screens": [], "permissions": ["week_plan.foretell"]}]
    manifest["permissions"] = [*manifest["permissions"], "week_plan.foretell"]
    (found,) = verification.told(manifest, expect=["timetable.week_plan"])["findings"]
    assert (found["code"], found["found"]) == ("capability_missing", "permission week_plan.foretell")


def test_screens_are_looked_for_where_no_sources_of_the_client_lie(
    manifest: dict[str, Any], own_database: Owner, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a wheel was installed."""
    (weeks,) = [each for each in capabilities.read() if each["id"] == "timetable.week_plan"]
    monkeypatch.setattr(release, "screens", list)
    settings.WEB_BUNDLE = tmp_path
    chunk, missing = tmp_path / "a.js", weeks["screens"][0]
    manifest["capabilities"] = [weeks]
    chunk.write_text("".join(f"`{each}`" for each in weeks["screens"][1:]))
    (found,) = verification.told(manifest, expect=["timetable.week_plan"])["findings"]
    assert (found["code"], found["found"]) == ("capability_missing", f"screen {missing}")
    chunk.write_text("".join(f"`{each}`" for each in weeks["screens"]))
    assert found_in(manifest, expect=["timetable.week_plan"]) == []


def test_a_database_that_is_away_is_a_finding(manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away() -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(catalogue, "read", away)
    assert found_in(manifest, quick=True) == [("database_unreachable", "database")]


@pytest.mark.parametrize("secret", ["hunter2", "hun/ter2", "hun@ter2", "hun%2Fter2"])
def test_a_password_of_the_address_stands_in_nothing_that_is_kept_or_told(
    manifest: dict[str, Any], as_owner: None, capsys: pytest.CaptureFixture[str], settings: Any, secret: str
) -> None:
    verify("--quick", "--json", "--base-url", f"https://olga:{secret}@maristan.example/")
    said = json.loads(capsys.readouterr().out)
    shown = "https://maristan.example/"
    assert (said["base_url"], said["command"]) == (shown, f"maristan release verify --quick --base-url {shown}")
    row = Verification.objects.get()
    reports = [each.read_text() for each in (settings.VAR / "reports").iterdir()]
    assert (row.base_url, len(reports)) == (shown, 2)
    kept = "".join([json.dumps(said), *reports, (settings.VAR / "operations.jsonl").read_text()])
    assert [each for each in ("hun", "ter2", "olga") if each in kept] == []


def test_a_report_says_how_the_same_is_verified_again(
    manifest: dict[str, Any], as_owner: None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--quick", "--expect", "timetable.week_plan,operations.backups"]
    words += ["--accept", "worker_absent:worker=the day's work is done"]
    verify(*words, "--json")
    command = json.loads(capsys.readouterr().out)["command"]
    assert shlex.split(command) == ["maristan", "release", "verify", *words]


def test_who_looks_at_what_is_served_passes_maintenance_while_it_looks(own_database: Owner) -> None:
    with verification._visiting("http://127.0.0.1:9") as visitor:
        assert visitor is not None
        token = visitor._headers[PASS]
        assert maintenance.is_bypass(token)
    assert not maintenance.is_bypass(token)
    with verification._visiting("") as nobody:
        assert nobody is None


def verify(*options: str) -> int:
    try:
        call_command("release", "verify", *options)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_command_says_keeps_and_ends_as_it_found(
    own_database: Owner, manifest: dict[str, Any], as_owner: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert verify("--quick") == 0
    text = capsys.readouterr().out
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(HEADINGS)
    assert "- VERIFIED\n" in text
    own_database("DROP INDEX operations_process_seen_idx")
    assert verify("--quick", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in said["findings"]] == ["index_missing"]
    subject = "index_missing:operations_process.operations_process_seen_idx"
    assert verify("--quick", "--accept", f"{subject}=It is built tonight.") == 0
    assert "accepted: It is built tonight." in capsys.readouterr().out
    assert verify("--quick", "--strict", "--accept", f"{subject}=It is built tonight.") == 1
    assert verify("--accept", "nonsense") == 2
    assert verify("--quick", "--expect", "timetable.week_plams", "--accept", f"{subject}=It is built tonight.") == 1
    kept = list(Verification.objects.order_by("pk").values_list("result", "scope"))
    assert kept == [
        ("verified", "quick"),
        ("not_verified", "quick"),
        ("verified_with_warnings", "quick"),
        ("verified_with_warnings", "quick"),
        ("not_verified", "quick"),
    ]
    assert list((tmp_path / "var" / "reports").glob("DEPLOYMENT_REPORT_*.md"))
