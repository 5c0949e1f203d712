"""Going back: what would be lost is counted, dependants are named, and a failed run ends where it is safe."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from maristan.config import deploying, migrating, preflight, rolling_back, serving_release
from maristan.config.deploying import Plan
from maristan.config.rolling_back import Asked
from maristan.config.serving_release import Target, Work
from maristan.config.tests.test_verification import as_owner  # noqa: F401 - a fixture
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.operations.actions import deployments, restores
from maristan.operations.actions.deployments import Run, Step, StepFailed, StepFault
from maristan.operations.models import Deployment, Release
from maristan.operations.queries import deployments as queries
from maristan.operations.queries import reversal, shelf
from maristan.operations.queries.reversal import UnknownMigration
from maristan.operations.rules.deploying import Pending, StepName
from maristan.operations.rules.states import DeploymentKind
from maristan.operations.tests import factories as make

OLGA = platform(None, "Olga")
A, B = Target("a" * 12, "1.0"), Target("b" * 12, "1.1")


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "var", tmp_path / "MAINTENANCE_MODE"
    return tmp_path


def tables() -> set[str]:
    return {each for each in connection.introspection.table_names() if each.startswith("operations_")}


def test_seven_rows_keep_a_migration_until_they_are_given_up(own_database: Any, home: Path, as_owner: None) -> None:  # noqa: F811
    for _ in range(7):
        make.process()
    asked = Asked(2, to=[("operations", "zero")])
    back, unmet = rolling_back.planned(asked)
    assert [each.label for each in back.reverse][-1] == "operations.0001_initial"
    (losing,) = [each for each in unmet if each.code == "would_lose_data"]
    assert "operations_process (7 rows)" in losing.detail
    labels = [each.label for each in back.reverse]
    unmet = rolling_back.planned(Asked(2, to=[("operations", "zero")], accepted=labels))[1]
    assert [each.code for each in unmet] == ["release_not_kept"]
    assert len(tables()) > 10
    said: list[str] = []
    migrating.backwards(reversal.targets(asked.to), said.append)
    assert (tables(), said[-1].strip()) == (set(), "took back operations.0001_initial")
    assert (queries.exists(), queries.replaced_by(A.build_id)) == (False, "")
    assert queries.is_first(), "as a first installation leaves it that failed half-way"
    found = preflight._of_database(None, queries.pending())
    assert (found["is_previous_known"], found["needed_bytes"], found["other_operation"]) == (True, 2**30, "")


@pytest.mark.django_db
def test_whoever_depends_on_it_is_part_of_the_plan_and_has_to_be_named(home: Path) -> None:
    back, unmet = rolling_back.planned(Asked(2, to=[("directory", "zero")]))
    assert len({each.app for each in back.reverse}) > 3
    assert [each.app for each in back.reverse][-1] == "directory"
    (pulled,) = [each for each in unmet if each.code == "dependants_not_named"]
    assert "academics" in pulled.detail
    with pytest.raises(UnknownMigration):
        reversal.targets([("directory", "9999")])
    with pytest.raises(UnknownMigration):
        reversal.targets([("nowhere", "zero")])


@pytest.mark.django_db
def test_the_front_of_a_name_is_enough_and_a_release_goes_back_to_the_last_that_it_knows() -> None:
    first, last = "0001_initial", "0002_database_rules"
    assert reversal.targets([("agenda", "0001"), ("operations", "zero")]) == [
        ("agenda", first), ("operations", "zero"),
    ]  # fmt: skip
    with pytest.raises(UnknownMigration, match=f"agenda 000: {first}, {last}"):
        reversal.targets([("agenda", "000")])
    known = [{"app": each.app, "name": each.name} for each in reversal.migrations.applied()]
    assert reversal.targets_of({"migrations": known}) == []
    left = [each for each in known if each["app"] != "work" and (each["app"], each["name"]) != ("agenda", last)]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('comms', '9999_of_tomorrow', now())")
    assert reversal.targets_of({"migrations": left}) == [("agenda", first), ("comms", last), ("work", "zero")]


@pytest.mark.django_db
def test_rows_of_a_column_are_those_that_have_something_in_it() -> None:
    make.process()
    make.deployment(status="running")
    make.deployment()
    make.deployment()
    assert reversal.rows_of("operations_process") == 1
    assert reversal.rows_of("operations_deployment.finished_at") == 2
    assert reversal.rows_of("operations_nowhere") == 0
    assert reversal.rows_of("operations_process.nowhere") == 0


@pytest.fixture
def doors(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A run whose hooks, doors and looks are noted; `fails` in it makes the hook of that name fail."""
    noted: list[str] = []

    def hook(work: Work, name: str, target: Target) -> str:
        noted.append(f"{name} {target.version}")
        if f"fails {name} {target.version}" in noted:
            raise StepFault("no such unit")
        return ""

    def look(name: str) -> Any:
        return lambda work, *given, **_: noted.append(f"{name} {given[0].version if given else 'own'}") or name

    monkeypatch.setattr(Work, "hook", hook)
    for name in ("wait", "verify", "verify_other", "open", "close", "smoke"):
        monkeypatch.setattr(Work, name, look(name))
    monkeypatch.setattr(serving_release.shelf, "current", lambda: None)
    return noted


def started(*begun: StepName) -> Work:
    run = deployments.begin(run=Run(DeploymentKind.DEPLOY, A.build_id, B.build_id), by=OLGA)
    deployments.carry_out(run=run, steps=[Step(each.value, lambda: "") for each in begun], by=OLGA)
    return Work(run, OLGA, "", lambda _: None)


PLAN = Plan({}, B, A, [], is_first=False, is_rolling=False)
FAILED = StepFailed("wait", "after 120 s: readiness")
EARLY = (StepName.BACKUP, StepName.CLOSE, StepName.FINAL)
LATE = (*EARLY, StepName.STOP_WORKERS, StepName.MIGRATE, StepName.ACTIVATE, StepName.RESTART_WEB)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("begun", "applied", "noted", "code", "status"),
    [
        ((StepName.BACKUP,), [], [], 5, "rolled_back"),
        (EARLY, [], ["verify_other 1.0", "open own"], 5, "rolled_back"),
        ((*EARLY, StepName.STOP_WORKERS), [],
         ["start_workers 1.0", "wait 1.0", "verify_other 1.0", "open own"], 5, "rolled_back"),
        (LATE, [Pending("a.2", False)],
         ["activate 1.0", "restart_web 1.0", "start_workers 1.0", "wait 1.0", "verify_other 1.0", "open own"], 5,
         "rolled_back"),
        (LATE, [Pending("a.3", True)], [], 6, "needs_operator"),
    ],
)  # fmt: skip
def test_a_failed_run_ends_where_it_is_safe(
    begun: Any, applied: Any, noted: list[str], code: int, status: str, doors: list[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(queries, "applied_since", lambda _: applied)
    work = started(*begun)
    ended = deploying.put_back(PLAN, work, FAILED)
    assert (int(ended.code), doors) == (code, noted)
    row = Deployment.objects.get()
    assert (row.status, row.exit_code, Path(row.report).is_file()) == (status, code, True)
    assert "NOT VERIFIED" in Path(row.report).read_text()
    assert ("next: maristan deploy" in ended.lines) is (code == 6)


@pytest.mark.django_db
def test_where_the_way_back_fails_too_an_operator_is_needed_and_the_doors_stay_closed(
    doors: list[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(queries, "applied_since", lambda _: [])
    doors.append("fails restart_web 1.0")
    work = started(*LATE)
    work.run.set_name = "rig_20260102_120323"
    ended = deploying.put_back(PLAN, work, FAILED)
    assert (int(ended.code), "open own" in doors) == (6, False)
    back = "maristan rollback --level 3 --set rig_20260102_120323"
    assert ended.lines[1].endswith(f"next: maristan deploy goes on and loses nothing; back to before: {back}")
    assert Deployment.objects.get().status == "needs_operator"


@pytest.mark.django_db
@pytest.mark.parametrize("begun", [(StepName.BACKUP,), (*EARLY, StepName.STOP_WORKERS), LATE])
def test_after_a_power_cut_the_way_back_starts_everything_that_served(
    begun: Any, doors: list[str], monkeypatch: Any
) -> None:
    again = ["activate 1.0", "restart_web 1.0", "start_workers 1.0", "wait 1.0"]
    opens = ["verify_other 1.0", "open own"] if StepName.CLOSE in begun else []
    monkeypatch.setattr(queries, "applied_since", lambda _: [])
    work = started(*begun)
    deployments.carry_out(
        run=work.run, steps=[Step(f"back: {each}", lambda: "") for each in ("activate", "restart web")], by=OLGA
    )  # of a way back that was killed, too
    ended = deploying.put_back(PLAN, work, FAILED, is_killed=True)
    assert (int(ended.code), doors) == (5, [*again, *opens])
    doors.clear()
    run = deployments.begin(run=Run(DeploymentKind.ROLLBACK_CODE, B.build_id, A.build_id), by=OLGA)
    deployments.carry_out(run=run, steps=[Step(StepName.CLOSE.value, lambda: "")], by=OLGA)
    ended = rolling_back.undo_killed(run, Work(run, OLGA, "", lambda _: None))
    assert (int(ended.code), [each.split()[0] for each in doors]) == (
        5, ["activate", "restart_web", "start_workers", "wait", "verify_other", "open"],
    )  # fmt: skip


@pytest.mark.django_db
def test_a_release_that_never_was_proven_opens_no_doors_by_failing_again(doors: list[str], monkeypatch: Any) -> None:
    """The first run closed them over a breaking migration; the next one of it finds nothing to migrate."""
    monkeypatch.setattr(queries, "applied_since", lambda _: [])
    now = clock.now()
    make.deployment(
        status="needs_operator", kind="deploy", from_build=A.build_id, to_build=B.build_id,
        set_name="rig_20260101_120323", started_at=now - timedelta(hours=1), finished_at=now,
    )  # fmt: skip
    work = started(*LATE)
    work.run.set_name = "rig_20260102_120323"
    ended = deploying.put_back(replace(PLAN, former=B), work, FAILED)
    assert (int(ended.code), doors) == (6, [])
    assert ended.lines[1].endswith("maristan rollback --level 3 --set rig_20260101_120323")
    make.deployment(
        status="succeeded", kind="deploy", from_build=B.build_id, to_build=B.build_id,
        started_at=clock.now(), finished_at=clock.now(),
    )  # fmt: skip
    doors.clear()
    assert int(deploying.put_back(replace(PLAN, former=B), started(*LATE), FAILED).code) == 5
    assert "open own" in doors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("begun", "fails", "cause", "code"),
    [
        ((StepName.CLOSE,), None, None, 5),
        ((StepName.CLOSE, StepName.STOP_WORKERS, StepName.RESTORE), None, None, 6),
        ((StepName.CLOSE, StepName.STOP_WORKERS, StepName.REVERSE), None, None, 6),
        ((StepName.CLOSE, StepName.STOP_WORKERS), StepName.RESTORE, None, 5),
        ((StepName.CLOSE, StepName.STOP_WORKERS), StepName.RESTORE, restores.NeedsOperator("no disk"), 6),
        ((StepName.CLOSE, StepName.STOP_WORKERS), StepName.REVERSE, None, 5),
        ((StepName.CLOSE, StepName.STOP_WORKERS), StepName.REVERSE, migrating.HalfWay("no disk"), 6),
    ],
)
def test_a_failed_rollback_goes_on_as_before_only_where_nothing_was_taken_back(
    begun: Any, fails: Any, cause: Any, code: int, doors: list[str]
) -> None:
    def fail() -> str:
        if isinstance(cause, StepFault):
            raise cause
        raise StepFault("no disk") from cause

    work, failed = started(*begun), FAILED
    work.serving = None
    if fails is not None:
        with pytest.raises(StepFailed) as seen:
            deployments.carry_out(run=work.run, steps=[Step(fails.value, fail)], by=OLGA)
        failed = seen.value
    back = rolling_back.Back(Asked(3), A, B)
    assert int(rolling_back.undone(back, work, failed).code) == code
    assert ("open own" in doors) is (code == 5)
    assert Deployment.objects.get().status == ("rolled_back" if code == 5 else "needs_operator")


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "code"), [
    ({"kind": "restore"}, 6), ({"kind": "restore", "outcome": "rolled_back"}, 5), ({"kind": "drill"}, 5), (None, 5),
])  # fmt: skip
def test_a_run_that_was_killed_after_its_restore_was_done_does_not_go_on_as_before(
    values: Any, code: int, doors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restores, "recover", lambda **_: False)
    make.drill(kind="restore", started_at=clock.now() - timedelta(minutes=1))  # of an earlier day
    work = started(StepName.CLOSE, StepName.STOP_WORKERS, StepName.RESTORE)
    work.run.kind, work.serving = rolling_back.KINDS[3], None
    work.run.steps[-1]["status"] = "running"
    if values:
        make.drill(**values)
    assert int(rolling_back.undo_killed(work.run, work).code) == code
    assert ("open own" in doors) is (code == 5)


def shelved(home: Path, version: str, build_id: str, migrations: list[dict[str, str]]) -> shelf.Folder:
    from maristan.config import release

    folder = home / "releases" / f"{version}-{build_id}"
    package = folder / "lib" / "maristan"
    (package / "release").mkdir(parents=True)
    (package / "x.py").write_text(version)
    files = [{"path": "x.py", "sha256": release._digest(package / "x.py")}]
    said = {"version": version, "build_id": build_id, "migrations": migrations, "package_files": files}
    release.save(said, package / "release" / "manifest.json")
    deployments.mark_activated(folder=folder, by=OLGA)
    return shelf.opened(folder)


@pytest.mark.django_db
def test_code_goes_back_to_the_release_before_unless_it_was_changed_or_the_schema_went_on(home: Path) -> None:
    known = [{"app": each.app, "name": each.name} for each in queries.migrations.applied()]
    first = shelved(home, "1.0", A.build_id, known)
    current = shelved(home, "1.1", B.build_id, known)
    (home / "current").symlink_to(current.path)
    back, unmet = rolling_back.planned(Asked(1))
    assert (back.target.build_id, back.former.build_id, unmet) == (A.build_id, B.build_id, [])
    assert rolling_back.planned(Asked(1, release="1.0"))[1] == []
    (first.package / "x.py").write_text("changed")
    assert [str(each) for each in rolling_back.planned(Asked(1))[1]] == ["release_altered: x.py"]
    with pytest.raises(rolling_back.UnknownName, match=r"^no release 0\.7; nearest: "):
        rolling_back.planned(Asked(1, release="0.7"))
    Release.objects.create(
        build_id="7" * 12, version="0.7", git_sha="", manifest={}, manifest_sha256="", first_seen_at=clock.now()
    )
    assert [each.code for each in rolling_back.planned(Asked(1, release="0.7"))[1]] == ["release_not_kept"]
    harmless = {"app": "operations", "name": "0001_initial"}
    shelved(home, "0.9", "c" * 12, [each for each in known if each != harmless])
    assert rolling_back.planned(Asked(1, release="0.9"))[1] == []
    breaking = next(each for each in queries.migrations.of_build() if each.compatibility == "breaking")
    shelved(home, "0.8", "d" * 12, [each for each in known if each != {"app": breaking.app, "name": breaking.name}])
    (found,) = rolling_back.planned(Asked(1, release="0.8"))[1]
    assert str(found) == f"incompatible_schema: {breaking.app}.{breaking.name}"


@pytest.mark.django_db
def test_a_schema_that_the_release_before_cannot_serve_is_refused_before_anybody_is_kept_out(home: Path) -> None:
    known = [{"app": each.app, "name": each.name} for each in queries.migrations.applied()]
    shelved(home, "1.0", A.build_id, known)
    (home / "current").symlink_to(shelved(home, "1.1", B.build_id, known).path)
    asked = Asked(2, to=[("work", "0001")], with_dependants=True)
    back, (needed,) = rolling_back.planned(asked)
    assert (back.target.build_id, [each.label for each in back.reverse]) == (A.build_id, ["work.0002_database_rules"])
    assert str(needed).startswith(f"schema_needed: 1.0 ({A.build_id}) needs work.0002_database_rules;")


@pytest.mark.django_db
def test_the_set_from_before_is_restored_by_the_release_that_it_is_of(home: Path, doors: list[str]) -> None:
    former = Target.of(shelved(home, "1.1", B.build_id, []))
    work = started(StepName.CLOSE, StepName.REVERSE)
    work.run.set_name = "rig_20260102_120323"
    ended = rolling_back.undone(rolling_back.Back(Asked(2), A, former), work, FAILED)
    program = home / "releases" / f"1.1-{B.build_id}" / "bin" / "maristan"
    assert ended.lines[1].endswith(f"next: {program} rollback --level 3 --set rig_20260102_120323")


@pytest.mark.django_db
def test_two_rollbacks_lead_back_by_two_releases_and_none_to_what_was_put_back(home: Path) -> None:
    known = [{"app": each.app, "name": each.name} for each in queries.migrations.applied()]
    builds = first, second, third, failed = [each * 12 for each in "abcd"]
    folders = [shelved(home, f"1.{at}", build, known) for at, build in enumerate(builds)]
    link = home / "current"

    def next_target(serving: int) -> tuple[str, list[str]]:
        link.unlink(missing_ok=True)
        link.symlink_to(folders[serving].path)
        back, unmet = rolling_back.planned(Asked(1))
        return back.target.build_id, [str(each) for each in unmet]

    now = clock.now()
    for at, (kind, was, is_now, status) in enumerate((
        ("deploy", first, second, "succeeded"), ("deploy", second, third, "succeeded_with_warnings"),
        ("deploy", third, failed, "rolled_back"), ("rollback_code", third, second, "succeeded"),
    )):  # fmt: skip
        begun = now + timedelta(minutes=at)
        make.deployment(
            status=status, kind=kind, from_build=was, to_build=is_now, started_at=begun, finished_at=begun
        )  # fmt: skip
    assert [next_target(serving) for serving in (2, 1)] == [(second, []), (first, [])]
    shutil.rmtree(folders[0].path)
    assert next_target(1) == (first, [f"release_not_kept: {first}"])
    Deployment.objects.all().delete()
    assert next_target(2)[0] == failed  # nobody knows better: what was put into service last
