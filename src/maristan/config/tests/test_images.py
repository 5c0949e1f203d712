"""Releases that are images: the engine is asked before anything changes, and both ways change what it runs."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from maristan.config import deploying, migrating, preflight, rolling_back
from maristan.config.documents import ROOT
from maristan.config.rolling_back import Asked
from maristan.config.serving_release import Work
from maristan.kernel.access import platform
from maristan.operations.actions import reindexing
from maristan.operations.actions.deployments import StepFault
from maristan.operations.models import Deployment, Release
from maristan.operations.queries import build, sets, shelf
from maristan.operations.queries import deployments as queries
from maristan.operations.rules.states import DeploymentKind
from maristan.operations.tests import factories as make
from maristan.operations.tests.made_sets import ended

TARGETS = ("compose", "kubernetes")
SERVICES = ("web", "worker", "operations", "watchdog")
OLGA = platform(None, "Olga")
A, B = "a" * 12, "b" * 12
DIGEST = {A: "sha256:" + "1" * 64, B: "sha256:" + "2" * 64}


def every(build_id: str) -> dict[str, str]:
    """What runs when all of it is of one build."""
    return dict.fromkeys(SERVICES, build_id)


class Engine:
    """A host with the stand-in on its path; images of A and B, and A runs."""

    def __init__(self, home: Path) -> None:
        self.home, self.state = home, home / "engine"
        for each in ("images", "registry", "running", "containers"):
            (self.state / each).mkdir(parents=True)
        for each in ("docker", "kubectl"):
            self.program(
                home / "bin" / each, f'exec "{sys.executable}" -SE "{Path(__file__).parent}/engine.py" {each} "$@"'
            )
        for tag, digest in DIGEST.items():
            for kind in ("images", "registry"):
                (self.state / kind / tag).write_text(digest)
        (home / ".env").write_text(f"ALLOWED_HOSTS=maristan.example\nRELEASE_TAG={A}\n")
        (home / ".env").chmod(0o640)
        for each in SERVICES:
            (self.state / "running" / each).write_text(f"maristan:{A}")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.home / 'bin'}:/usr/bin:/bin", "ENGINE": str(self.state), "ROOT": str(ROOT),
            "MARISTAN_HOME": str(self.home), "KEPT_EVERY": "0", "ASK_EVERY": "0.1",
        }  # fmt: skip

    @staticmethod
    def program(file: Path, text: str) -> Path:
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    def running(self) -> dict[str, str]:
        return {each.name: each.read_text().rpartition(":")[2] for each in sorted((self.state / "running").iterdir())}

    def forget(self, build_id: str) -> None:
        for kind in ("images", "registry"):
            (self.state / kind / build_id).unlink(missing_ok=True)

    def replace(self, build_id: str) -> None:
        for kind in ("images", "registry"):
            (self.state / kind / build_id).write_text("sha256:" + "3" * 64)

    def calls(self) -> list[str]:
        return (self.state / "calls").read_text().splitlines()

    def state_of_host(self) -> tuple[Any, ...]:
        """All that a refusal leaves alone."""
        return (
            self.running(),
            (self.home / ".env").read_text(),
            sorted(shelf.root().rglob("*")),
            Deployment.objects.count(),
        )


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


# --- hooks and scripts ------------------------------------------------------------------------------------------------


def called(engine: Engine, program: str, *words: str, **environment: str) -> tuple[int, str]:
    file = ROOT / program
    done = subprocess.run(
        [str(file), *words], env={**engine.environment, **environment}, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_the_engine_says_whether_it_has_the_image_of_a_build(target: str, engine: Engine) -> None:
    hook = f"deploy/hooks/{target}/kept"
    assert called(engine, hook, "", A) == (0, DIGEST[A] + "\n")
    (engine.state / "images" / B).unlink()
    assert called(engine, hook, "", B) == (0, DIGEST[B] + "\n"), "it is fetched"
    engine.forget(B)
    code, said = called(engine, hook, "", B)
    assert (code, "manifest unknown" in said or "ImagePullBackOff" in said) == (3, True)
    (engine.state / "down").touch()
    code, said = called(engine, hook, "", A)
    assert (code, "Cannot connect" in said) == (1, True)
    (engine.state / "down").unlink()
    assert engine.running() == every(A)


@pytest.mark.parametrize("target", TARGETS)
def test_activating_and_restarting_make_the_engine_run_another_image(target: str, engine: Engine) -> None:
    for each in ("activate", "restart_web", "start_workers"):
        assert called(engine, f"deploy/hooks/{target}/{each}", "", B, RELEASE_TAG="other")[0] == 0
    assert engine.running() == every(B)
    if target == "compose":
        assert (engine.home / ".env").read_text() == f"ALLOWED_HOSTS=maristan.example\nRELEASE_TAG={B}\n"
        assert (engine.home / ".env").stat().st_mode & 0o777 == 0o640
        assert sorted(each.name for each in engine.home.iterdir()) == [".env", "bin", "engine"]


@pytest.mark.parametrize("target", TARGETS)
def test_as_many_workers_come_back_as_were_stopped_also_by_a_second_try_and_as_many_as_are_asked_for(
    target: str, engine: Engine
) -> None:
    def workers(*hooks: str, **given: str) -> str:
        for each in hooks:
            assert called(engine, f"deploy/hooks/{target}/{each}", "", B, **given)[0] == 0
        return (engine.state / "workers").read_text()

    first = "1" if target == "compose" else "2"
    (engine.state / "workers").write_text("0")
    assert workers("start_workers") == first
    assert workers("start_workers", WORKERS="3") == "3"
    assert workers("start_workers") == "3"  # beside those that run, as in a rolling deployment
    assert workers("stop_workers", "stop_workers", "start_workers") == "3"
    assert workers("stop_workers", "start_workers", WORKERS="5") == "5"
    assert workers("stop_workers", "start_workers") == "5"
    (engine.state / "down").touch()
    assert called(engine, f"deploy/hooks/{target}/start_workers", "", B)[0] == 1
    assert (engine.state / "workers").read_text() == "5"


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_is_run_in_the_service_with_the_owners_login(target: str, engine: Engine) -> None:
    words = ("release", "verify", "--json")
    code, said = called(engine, f"deploy/hooks/{target}/ask", "", A, *words)
    assert (code, said) == (0, f"maristan:{A} maristan release verify --json\n")
    assert called(engine, f"deploy/hooks/{target}/ask", "", A, *words, SAYS="found", SAYS_CODE="1") == (1, "found\n")


CONTAINED = """
hooks="$DEPLOY_HOOKS_DIR/$DEPLOY_TARGET"
echo "$WEB_BIND: $*"
"$hooks/kept" "" bbbbbbbbbbbb
"$hooks/kept" "" cccccccccccc 2>"$TMPDIR/why" || echo "kept ended with $?: $(tail -1 "$TMPDIR/why")"
for each in activate restart_web start_workers; do "$hooks/$each" "" bbbbbbbbbbbb >/dev/null 2>&1; done
"$hooks/ask" "" bbbbbbbbbbbb release show
exit 5
"""


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_command_in_an_image_asks_for_is_done_on_the_host(target: str, engine: Engine) -> None:
    program = engine.program(engine.home / "contained", CONTAINED)
    code, said = called(
        engine, "scripts/with_image.sh", B, "deploy", "--yes", PROGRAM=str(program), DEPLOY_TARGET=target
    )
    address = {"compose": "web:8000", "kubernetes": "maristan:80"}[target]
    why = {"compose": "manifest unknown", "kubernetes": "ImagePullBackOff"}[target]
    first, digest, gone, shown = said.splitlines()
    assert (code, first, digest) == (5, f"{address}: deploy --yes", DIGEST[B])
    assert gone.startswith("kept ended with 3: ")
    assert gone.endswith(why)
    assert shown == f"maristan:{B} maristan release show"
    assert engine.running() == every(B)


@pytest.mark.parametrize("target", TARGETS)
def test_a_rollback_is_run_by_the_image_in_service(target: str, engine: Engine) -> None:
    program = engine.program(engine.home / "contained", 'echo "$*"')
    for name, level in (("code", 1), ("migrations", 2), ("full", 3)):
        told = called(
            engine, f"scripts/rollback_{name}.sh", "--dry-run", PROGRAM=str(program), DEPLOY_TARGET=target,
            MARISTAN="maristan-is-on-no-path",
        )  # fmt: skip
        assert told == (0, f"rollback --level {level} --dry-run\n")
    begun = [each for each in engine.calls() if " run " in each]
    assert len(begun) == 3
    if target == "kubernetes":
        assert all(f"--image=maristan:{A}" in each for each in begun)
    engine.forget(A)
    assert (
        called(engine, "scripts/rollback_code.sh", PROGRAM=str(program), DEPLOY_TARGET=target, MARISTAN="none")[0] != 0
    )


def test_an_image_is_put_into_service_by_the_script_of_its_kind_of_installation(engine: Engine) -> None:
    program = engine.program(engine.home / "contained", 'echo "$*"')
    for script in ("deploy_staging.sh", "deploy_production.sh"):
        told = called(engine, f"scripts/{script}", f":{B}", "--yes", PROGRAM=str(program))
        assert told == (0, "deploy --yes\n")
    assert called(engine, "scripts/deploy_production.sh", B)[0] == 2, "no wheel"


def test_where_nobody_answers_a_hook_fails_and_says_how_to_begin(engine: Engine) -> None:
    code, said = called(engine, "deploy/asking/compose/activate", "", B, TMPDIR=str(engine.home), HOST_WITHIN="1")
    assert (code, "scripts/deploy_production.sh" in said) == (1, True)
    assert not (engine.state / "calls").exists()


def test_nothing_but_a_hook_is_called_on_the_host(engine: Engine) -> None:
    (engine.home / "with spaces").symlink_to(ROOT / "deploy" / "asking" / "host")
    program = engine.program(engine.home / "contained", f'"{engine.home}/with spaces" "" x || echo "ended with $?"')
    code, said = called(engine, "scripts/with_image.sh", B, "deploy", PROGRAM=str(program))
    assert (code, said.splitlines()) == (0, ["no hook with spaces", "ended with 2"])
    assert not [each for each in engine.calls() if "compose up" in each]


def test_a_word_that_names_no_build_reaches_no_hook(engine: Engine) -> None:
    asking = ROOT / "deploy" / "asking" / "compose" / "activate"
    program = engine.program(engine.home / "contained", f'"{asking}" "" "x$(id)" || echo "ended with $?"')
    before = (engine.home / ".env").read_text()
    code, said = called(engine, "scripts/with_image.sh", B, "deploy", PROGRAM=str(program))
    assert (code, said.splitlines()[-2:]) == (0, ["activate of no build", "ended with 2"])
    assert (engine.home / ".env").read_text() == before


def test_a_hook_that_takes_too_long_fails_and_the_next_one_is_answered(engine: Engine) -> None:
    """As when a new image never becomes ready: the way back asks for hooks too."""
    asking = ROOT / "deploy" / "asking" / "compose"
    engine.program(engine.home / "bin" / "slow", 'case "$*" in *" up "*) sleep 60 ;; esac; exec docker "$@"')
    program = engine.program(
        engine.home / "contained",
        f'"{asking}/restart_web" "" {B} || echo "ended with $?"; "{asking}/activate" "" {A} && echo back',
    )
    code, said = called(
        engine, "scripts/with_image.sh", B, "deploy", PROGRAM=str(program), DOCKER="slow", HOOK_WITHIN="2"
    )
    assert (code, said.splitlines()[-2:]) == (0, ["ended with 124", "back"])


# --- deploying and going back -----------------------------------------------------------------------------------------


@pytest.fixture
def host(request: Any, engine: Engine, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """This code is build B, A was put there by hand; doors, sets and looks are stood in for, hooks are not."""
    settings.HOME, settings.VAR, settings.MAINTENANCE_FILE = engine.home, engine.home / "var", engine.home / "closed"
    settings.DEPLOY_TARGET, settings.DEPLOY_HOOKS_DIR = getattr(request, "param", TARGETS[0]), ROOT / "deploy" / "hooks"
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("save", "save_again", "close", "open", "wait", "verify", "smoke"):
        monkeypatch.setattr(Work, name, lambda *_, **__: "")
    for module, name in ((migrating, "forwards"), (deploying, "static_files"), (deploying, "clear_cache")):
        monkeypatch.setattr(module, name, lambda *_: "")
    monkeypatch.setattr(preflight, "evidence", lambda *_: deploying.rules.Evidence())
    runs(monkeypatch, B)
    make.release(A, manifest=manifest(A, "1.0"))
    make.process("web", build_id=A)
    return engine


def manifest(build_id: str, version: str, *, left_out: str = "") -> dict[str, Any]:
    applied = [{"app": each.app, "name": each.name} for each in queries.migrations.applied()]
    known = [each for each in applied if f"{each['app']}.{each['name']}" != left_out]
    return {
        "build_id": build_id, "version": version, "git_sha": "", "migrations": known, "jobs": [], "capabilities": [],
        "package_files": [{"path": "config/smoke.py", "sha256": ""}], "bundle": {"files": []}, "postgres_min": 15,
    }  # fmt: skip


def runs(monkeypatch: pytest.MonkeyPatch, build_id: str, **change: Any) -> None:
    """From now on this code is another build."""
    said = manifest(build_id, {A: "1.0", B: "1.1"}[build_id], **change)
    monkeypatch.setattr(build, "manifest", lambda: said)
    monkeypatch.setattr(build, "running", lambda: build.Build(said["version"], build_id, "", True))


def work(kind: DeploymentKind = DeploymentKind.DEPLOY) -> Work:
    return Work(deploying.Run(kind, A, B), OLGA, "http://maristan.example", lambda _: None)


def deployed() -> deploying.Ended:
    plan, unmet = deploying.planned(is_rolling=False, allows_long_locks=False)
    assert (unmet, plan is None) == ([], False)
    here = work()
    here.run = deploying.begun(plan)
    return deploying.deploy(plan, here)


def rolled_back(asked: Asked) -> deploying.Ended:
    back, unmet = rolling_back.planned(asked)
    assert unmet == []
    here = work()
    here.run = rolling_back.begun(back)
    return rolling_back.rollback(back, here)


STEPS = [{"name": "admin signs in", "passed": True, "evidence": "200"}]


def says(monkeypatch: pytest.MonkeyPatch, result: str, **change: Any) -> None:
    """What the other release says of itself when it is asked by the hook."""
    said = {**deploying.nothing_seen(), "at": "2026-01-02T12:03:23+00:00", "result": result, "steps": STEPS, **change}
    monkeypatch.setenv("SAYS", json.dumps(said))


@pytest.mark.django_db
@pytest.mark.parametrize("host", TARGETS, indirect=True)
def test_code_goes_from_one_image_to_the_next_and_back_and_forth(host: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert int(deployed().code) == 0
    assert host.running() == every(B)
    assert [(each.build_id, each.image) for each in shelf.folders()] == [(A, DIGEST[A]), (B, DIGEST[B])]
    says(monkeypatch, "verified")
    ended = rolled_back(Asked(1))
    assert (int(ended.code), ended.run.from_build, ended.run.to_build) == (0, B, A)
    assert host.running() == every(A)
    steps = {each["name"]: each for each in ended.run.steps}
    assert [(steps[each]["status"]) for each in ("activate", "verify", "smoke")] == ["done", "done", "done"]
    assert steps["verify"]["detail"] == "verified: no finding"
    assert "- VERIFIED\n" in Path(ended.run.report).read_text()
    assert shelf.current().build_id == A
    runs(monkeypatch, A)
    back, unmet = rolling_back.planned(Asked(1))
    assert (back.target.build_id, unmet) == (B, []), "the one before is the one that was left"


@pytest.mark.django_db
def test_a_release_that_does_not_hold_what_it_promises_is_not_gone_back_to(
    host: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed()
    missing = {"code": "table_missing", "subject": "x", "severity": "fail", "expected": "", "found": "", "hint": ""}
    says(monkeypatch, "not_verified", findings=[{**missing, "accepted_reason": ""}])
    monkeypatch.setenv("SAYS_CODE", "1")
    ended = rolled_back(Asked(1))
    assert (int(ended.code), "verify: table_missing x" in ended.lines[0]) == (5, True)
    assert host.running() == every(B)
    assert shelf.current().build_id == B


@pytest.mark.django_db
def test_a_deployment_that_fails_leaves_the_former_image_in_service(
    host: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwell(*_: Any, **__: Any) -> str:
        raise StepFault("table_missing x")

    monkeypatch.setattr(Work, "verify", unwell)
    says(monkeypatch, "verified")
    ended = deployed()
    assert (int(ended.code), ended.lines[-2]) == (5, f"1.0 ({A}) serves as before")
    assert host.running() == every(A)
    assert (shelf.current().build_id, shelf.current().image) == (A, DIGEST[A])


WAYS: dict[str, tuple[Callable[[Engine], Any], str]] = {
    "gone": (lambda engine: engine.forget(A), "release_not_kept"),
    "other": (lambda engine: engine.replace(A), "release_altered"),
    "down": (lambda engine: (engine.state / "down").touch(), "hooks_present"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("level", [1, 3])
def test_what_the_engine_has_no_more_is_refused_and_nothing_changes(
    level: int, way: str, host: Engine, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed()
    monkeypatch.setattr(rolling_back.restore_queries, "source", a_set_of(A))
    before = host.state_of_host()
    spoil, code = WAYS[way]
    spoil(host)
    words = ["--level", "1"] if level == 1 else ["--level", "3", "--set", "a_set"]
    ended_with, said = ended(["rollback", *words, "--yes"], capsys)
    assert (ended_with, said.splitlines()[-1].partition(":")[0]) == (3, code), said
    assert host.state_of_host() == before


def a_set_of(build_id: str) -> Callable[[str], Any]:
    said = {
        "build_id": build_id, "migrations": [], "pg_dump_version": "9.6", "postgres_version": "9.6", "files": [],
        "secret_key_fingerprint": sets.fingerprint(settings.SECRET_KEY), "encryption": None, "media": {"mode": "none"},
    }  # fmt: skip
    return lambda _: SimpleNamespace(found=SimpleNamespace(manifest=said))


@pytest.mark.django_db
def test_a_set_comes_back_with_the_image_that_made_it(host: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed()
    monkeypatch.setattr(rolling_back.restore_queries, "source", a_set_of(A))
    monkeypatch.setattr(rolling_back, "restored", lambda *_: "a_set")
    says(monkeypatch, "verified")
    ended = rolled_back(Asked(3, set_name="a_set"))
    assert (int(ended.code), host.running()) == (0, every(A))
    assert [each["name"] for each in ended.run.steps][:3] == ["maintenance on", "stop workers", "restore"]


@pytest.mark.django_db
def test_an_image_that_the_engine_does_not_have_under_its_build_is_not_put_into_service(
    host: Engine, capsys: Any
) -> None:
    host.forget(B)
    before = host.state_of_host()
    code, said = ended(["deploy", "--yes"], capsys)
    assert (code, said.partition(":")[0], B in said) == (3, "release_not_kept", True)
    assert host.state_of_host() == before


@pytest.mark.django_db
def test_code_does_not_go_back_over_a_breaking_migration_that_the_image_does_not_know(
    host: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking = next(each for each in queries.migrations.of_build() if each.compatibility == "breaking")
    label = f"{breaking.app}.{breaking.name}"
    deployed()
    note = shelf.of_build(A).path / "manifest.json"
    note.write_text(json.dumps(manifest(A, "1.0", left_out=label)))
    assert [str(each) for each in rolling_back.planned(Asked(1))[1]] == [f"incompatible_schema: {label}"]


@pytest.mark.django_db
def test_notes_of_images_enter_the_index_again_after_a_restore(host: Engine) -> None:
    deployed()
    assert not Release.objects.filter(build_id=B).exists()
    reindexing.rescan(by=OLGA)
    row = Release.objects.get(build_id=B)
    assert (row.version, row.manifest["build_id"]) == ("1.1", B)
