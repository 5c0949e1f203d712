"""The commands that put a release into service or back: asked before anything changes, refused with every reason."""

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from maristan.config import deploying, rolling_back, seams, telling
from maristan.config.deploying import Ended, Plan
from maristan.config.serving_release import Target
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.operations.actions import deployments, swapping
from maristan.operations.actions.deployments import Run, StepFault
from maristan.operations.management.answers import Exit
from maristan.operations.models import BackupSet, Deployment, MaintenanceWindow, Release
from maristan.operations.queries import maintenance, restores, servers
from maristan.operations.rules.deploying import Pending, Unmet
from maristan.operations.tests import factories as make
from maristan.operations.tests.made_sets import ended

pytestmark = pytest.mark.django_db
PLANNED = rolling_back.planned
A, B = Target("a" * 12, "1.0"), Target("b" * 12, "1.1")
PLAN = Plan({"capabilities": []}, B, A, [Pending("work.0009", True)], is_first=False, is_rolling=False)


@pytest.fixture(autouse=True)
def done(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A plan without a fault; what would be carried out is noted instead."""
    maintenance.forget()
    settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "MAINTENANCE_MODE"
    noted: list[Any] = []

    def carry(plan: Any, work: Any) -> Ended:
        noted.append(work)
        return Ended(Exit.DONE, ["done"], work.run)

    monkeypatch.setattr(deploying, "planned", lambda **_: (PLAN, []))
    monkeypatch.setattr(deploying, "deploy", carry)
    monkeypatch.setattr(rolling_back, "planned", lambda _: (rolling_back.Back(rolling_back.Asked(1), A, B), []))
    monkeypatch.setattr(rolling_back, "rollback", carry)
    return noted


COMMANDS = [["deploy"], ["rollback", "--level", "1"]]


@pytest.mark.parametrize("answer", ["no\n", "YES\n", "yes \n", "y\n", "\n", "", None])
@pytest.mark.parametrize("command", COMMANDS)
def test_anything_but_yes_changes_nothing(
    command: list[str], answer: str | None, done: list[Any], capsys: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer) if answer is not None else None)
    code, said = ended(command, capsys)
    assert (code, done) == (1, [])
    assert said.endswith("Continue with deployment? (yes/no): Deployment cancelled\n")
    assert [each.objects.count() for each in (Deployment, BackupSet, MaintenanceWindow)] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_yes_goes_on_and_so_does_the_option(command: list[str], done: list[Any], capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert ended(command, capsys)[0] == 0
    code, said = ended([*command, "--yes"], capsys)
    assert (code, len(done), "Continue" in said) == (0, 2, False)


def test_everything_is_said_before_the_question(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    said = ended(["deploy"], capsys)[1]
    for each in (f"1.0 ({A.build_id}) → 1.1 ({B.build_id})", "work.0009 (breaking)", "downtime unknown"):
        assert each in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "full, downtime unknown: no run before"), ({"is_rolling": True}, "none (rolling)"),
        ({"is_first": True}, "none (first installation: nobody is kept out)"),
        ({"is_first": True, "is_rolling": True}, "none (first installation: nobody is kept out)"),
    ],
)  # fmt: skip
def test_who_is_kept_out_is_said_as_the_steps_will_have_it(change: dict[str, bool], said: str) -> None:
    plan = replace(PLAN, **change)
    assert deploying.banner(plan)[-1] == f"Maintenance: {said}"
    closes = deploying.rules.order(plan.pending, is_first=plan.is_first, is_rolling=plan.is_rolling)
    assert ("maintenance on" in closes) is said.startswith("full")


def test_what_a_release_brings_is_held_against_the_former_one_and_unknown_without_its_manifest() -> None:
    there = {"capabilities": [{"id": "work.inbox"}, {"id": "agenda.feed"}]}
    first = replace(PLAN, manifest=there, former=None, is_first=True)
    assert "Capabilities added: agenda.feed, work.inbox" in deploying.banner(first)
    assert {"Capabilities added: unknown", "Capabilities removed: unknown"} <= {*deploying.banner(PLAN)}
    lists = ("migrations", "endpoints", "public", "jobs", "permissions", "settings", "dependencies")
    kept: dict[str, Any] = {key: [] for key in lists} | {
        "tables": {},
        "bundle": {"screens": []},
        "capabilities": there["capabilities"][1:],
    }
    later = replace(PLAN, manifest=kept | there, former=replace(A, manifest=kept))
    assert {"Capabilities added: work.inbox", "Capabilities removed: none"} <= {*deploying.banner(later)}


def test_every_unmet_requirement_is_listed_and_nothing_is_asked(done: list[Any], capsys: Any, monkeypatch: Any) -> None:
    unmet = [Unmet("disk_space", "9 of 10"), Unmet("hooks_present", "activate")]
    monkeypatch.setattr(deploying, "planned", lambda **_: (PLAN, unmet))
    code, said = ended(["deploy", "--yes"], capsys)
    assert (code, said.splitlines(), done) == (3, ["disk_space: 9 of 10", "hooks_present: activate"], [])


def test_another_operation_is_named(done: list[Any], capsys: Any) -> None:
    with servers.turn("restore"):
        for command in COMMANDS:
            code, said = ended([*command, "--yes"], capsys)
            assert (code, "restore" in said, done) == (4, True, [])


def test_nothing_is_built_on_a_restore_that_was_killed(done: list[Any], capsys: Any) -> None:
    plan = restores.Plan("live", "scratch", "live_before", "media", "media_new", "media_before")
    swapping.note(plan=plan, step="smoke", by=platform(None, "Olga"))
    for command in COMMANDS:
        code, said = ended([*command, "--yes"], capsys)
        assert (code, done) == (6, [])
        assert said == "a restore was killed at its step: smoke; first: maristan restore --undo\n"


def test_a_killed_run_is_found_and_both_ways_are_offered(done: list[Any], capsys: Any, monkeypatch: Any) -> None:
    left = make.deployment(status="running", to_build=B.build_id)
    code, said = ended(["deploy", "--yes"], capsys)
    assert (code, str(left.run_id) in said) == (6, True)
    assert "maristan deploy --resume" in said
    assert "maristan deploy --undo" in said
    assert ended(["rollback", "--level", "1", "--yes"], capsys)[0] == 6
    assert done == []
    assert ended(["deploy", "--resume"], capsys)[0] == 0
    assert done[0].run.run_id == left.run_id
    Deployment.objects.update(status="rolled_back", finished_at=left.started_at)
    assert ended(["deploy", "--resume"], capsys)[0] == 2


ACCEPTED = {"code": "clock_skew", "subject": "database", "reason": "Both are set right tonight."}


def test_what_is_accepted_is_of_the_run_and_a_resumed_run_remembers_it(done: list[Any], capsys: Any) -> None:
    word = "{code}:{subject}={reason}".format_map(ACCEPTED)
    assert ended(["deploy", "--yes", "--accept", word], capsys)[0] == 0
    deployments.begin(run=done[0].run, by=platform(None, "Olga"))
    assert Deployment.objects.get().accepted == [ACCEPTED]
    assert ended(["deploy", "--resume"], capsys)[0] == 0
    assert done[1].run.accepted == done[0].run.accepted != []
    later, more = {**ACCEPTED, "reason": "They are right."}, {**ACCEPTED, "subject": "host-2"}
    words = [word for each in (later, more) for word in ("--accept", "{code}:{subject}={reason}".format_map(each))]
    assert ended(["deploy", "--resume", *words], capsys)[0] == 0
    deployments.note(run=done[2].run, by=platform(None, "Olga"))
    assert Deployment.objects.get().accepted == [later, more]
    Deployment.objects.all().delete()
    assert ended(["deploy", "--yes", "--accept", "clock_skew=why"], capsys)[0] == 2
    assert len(done) == 3


@pytest.mark.parametrize(
    "words",
    [
        ["--level", "1", "--to", "a", "0002"], ["--level", "2"], ["--level", "2", "--to", "onlyapp"],
        ["--level", "3"], ["--level", "1", "--set", "x"], ["--level", "2", "--to", "a", "1", "--to-release", "b"],
    ],
)  # fmt: skip
def test_words_that_do_not_fit_together_cannot_run(words: list[str], done: list[Any], capsys: Any) -> None:
    assert (ended(["rollback", *words, "--yes"], capsys)[0], done) == (2, [])


def test_smoke_steps_count_only_with_evidence() -> None:
    good = {"name": "admin signs in", "passed": True, "evidence": "200"}
    assert seams.judged([good]) == "1 steps, none failed"
    with pytest.raises(StepFault, match="no step was run"):
        seams.judged([])
    with pytest.raises(StepFault, match="a page: 500"):
        seams.judged([good, {"name": "a page", "passed": False, "evidence": "500"}])


def test_of_a_smoke_test_that_failed_the_first_steps_are_named_and_the_rest_counted() -> None:
    bad = [{"name": f"role {number}: home", "passed": False, "evidence": "me: 500 " * 50} for number in range(28)]
    with pytest.raises(StepFault) as failed:
        seams.judged(bad)
    said = str(failed.value)
    assert (said.split(": ")[0], said.split("; ")[-1]) == (
        "28 of 28 steps failed",
        "and 25 more, which the journal names",
    )
    assert [f"role {number}:" in said for number in range(4)] == [True, True, True, False]
    assert len(said) < 600
    with pytest.raises(StepFault, match=r"3 of 3 steps failed: role 0: .* …$"):
        seams.judged(bad[:3])


def test_the_next_command_is_exact() -> None:
    name, first = "maristan_20260102_120323", replace(PLAN, former=None, is_first=True)
    back = f"maristan rollback --level 3 --set {name}"
    assert deploying.next_command(PLAN, "") == "maristan deploy"
    assert deploying.next_command(PLAN, name) == f"maristan deploy goes on and loses nothing; back to before: {back}"
    assert deploying.next_command(PLAN, name, is_torn=True) == back
    assert deploying.next_command(first, name) == "maristan deploy"


@pytest.mark.parametrize(
    ("level", "set_name", "is_kept", "needs_undo", "said"),
    [
        (1, "", True, False, f"maristan rollback --level 1 --to {A.build_id}"),
        (1, "", False, False, f"maristan deploy (of 1.0 ({A.build_id}))"),
        (2, "a_set", True, False, "maristan rollback --level 3 --set a_set"),
        (3, "a_set", True, False, "maristan rollback --level 3 --set a_set"),
        (3, "", True, True, f"maristan restore --undo, then maristan rollback --level 1 --to {A.build_id}"),
    ],
)
def test_the_next_command_after_a_rollback_is_that_of_its_level_and_cause(
    level: int, set_name: str, is_kept: bool, needs_undo: bool, said: str
) -> None:
    run = Run(rolling_back.KINDS[level], A.build_id, B.build_id, set_name=set_name)
    back = rolling_back.Back(rolling_back.Asked(level), B, replace(A, image="sha256:1" if is_kept else ""))
    assert rolling_back.next_command(back, run, needs_undo=needs_undo) == said


def test_that_maintenance_stays_on_is_said_only_where_it_is_on(tmp_path: Path) -> None:
    assert deploying.what_next("maristan deploy") == "next: maristan deploy"
    (tmp_path / "MAINTENANCE_MODE").touch()
    assert deploying.what_next("maristan deploy") == "maintenance stays on; next: maristan deploy"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--level", "1", "--to", "1.40.0"], "no release 1.40.0; nearest: 1.4.0, 1.4.0-cccccccccccc"),
        (["--level", "2", "--to-release", "nosuch"], "no release nosuch; nearest: none"),
        (["--level", "3", "--set", "fmu_20260102_12032"], "no set fmu_20260102_12032; nearest: fmu_20260102_120323"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_has_cannot_run_and_near_names_are_said(
    words: list[str], said: str, done: list[Any], capsys: Any, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(rolling_back, "planned", PLANNED)
    settings.HOME, settings.BACKUP_DIR = tmp_path, tmp_path / "sets"
    Release.objects.create(
        build_id="c" * 12, version="1.4.0", git_sha="0" * 40, manifest={}, manifest_sha256="0" * 64,
        first_seen_at=clock.now(),
    )  # fmt: skip
    there = SimpleNamespace(name="fmu_20260102_120323")
    monkeypatch.setattr(rolling_back.sets, "on_disk", lambda: [there])
    assert ended(["rollback", *words, "--yes"], capsys) == (2, f"{said}\n")
    assert (done, Deployment.objects.count(), MaintenanceWindow.objects.count()) == ([], 0, 0)


def test_operators_are_told_in_their_language() -> None:
    for name, language in (("olga", "en"), ("omar", "ur")):
        user = make.operator(name).user_id
        make.User.objects.filter(pk=user).update(email=f"{name}@example.edu", language=language)
    make.User.objects.create_user("bob", email="bob@example.edu")
    assert telling.finished(was="1.0 (a)", becomes="1.1 (b)", status="succeeded", report="r.md") == 2
    assert [each.subject.strip("\u2069") for each in mail.outbox] == [
        "Deployment done: 1.1 (b)", "تعیناتی مکمل: \u20681.1 (b)",
    ]  # fmt: skip
    assert "From 1.0 (a) to 1.1 (b)." in mail.outbox[0].body
