"""Hooks and scripts: each can be read by a shell, does what its target needs, and passes on what it was given."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from maristan.config.documents import ROOT
from maristan.config.preflight import HOOKS, IMAGE_HOOKS
from maristan.operations.queries.shelf import IMAGES

TARGETS = ("process", "systemd", "compose", "kubernetes")
SCRIPTS = sorted((ROOT / "scripts").glob("*.sh"))
ECHO = '#!/bin/sh\necho "$(basename "$0") $*"\n'


def program(file: Path, text: str = ECHO) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


def run(file: Path, *words: str, **environment: str) -> tuple[int, str]:
    ended = subprocess.run(
        [str(file), *words], env={"PATH": os.environ["PATH"], **environment}, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
    )  # fmt: skip
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_every_hook(target: str) -> None:
    folder = ROOT / "deploy" / "hooks" / target
    assert sorted(each.name for each in folder.iterdir()) == sorted(IMAGE_HOOKS if target in IMAGES else HOOKS)
    for each in folder.iterdir():
        assert os.access(each, os.X_OK)
        assert subprocess.run(["sh", "-n", str(each)], capture_output=True).returncode == 0


@pytest.mark.parametrize("target", ["process", "systemd"])
def test_activating_exchanges_the_link_and_refuses_a_folder_without_a_program(target: str, tmp_path: Path) -> None:
    hook, home = ROOT / "deploy" / "hooks" / target / "activate", tmp_path / "home"
    first, second = home / "releases" / "1", home / "releases" / "2"
    for each in (first, second):
        program(each / "bin" / "maristan")
        assert run(hook, str(each), "b", MARISTAN_HOME=str(home))[0] == 0
        assert (home / "current").resolve() == each
    code, said = run(hook, str(home / "releases" / "3"), "b", MARISTAN_HOME=str(home))
    assert (code, "no bin/maristan" in said) == (1, True)
    assert (home / "current").resolve() == second
    assert sorted(each.name for each in home.iterdir()) == ["current", "releases"]


COMPOSE = "compose up --detach --no-deps --wait"
CALLS = [
    ("systemd", "stop_workers", "SYSTEMCTL", ["tool stop maristan-worker@1.service maristan-operations.service"]),
    ("systemd", "start_workers", "SYSTEMCTL", ["tool restart maristan-worker@1.service maristan-operations.service"]),
    ("systemd", "restart_web", "SYSTEMCTL", ["maristan drain", "tool restart maristan-web.service"]),
    ("compose", "restart_web", "DOCKER", [
        "tool compose exec -T web maristan drain", f"tool {COMPOSE} web", "tool compose up --detach --no-deps watchdog",
    ]),
    ("compose", "stop_workers", "DOCKER", ["tool compose stop worker operations"]),
    ("compose", "start_workers", "DOCKER", [f"tool {COMPOSE} --scale worker=1 worker operations"]),
    ("kubernetes", "restart_web", "KUBECTL", [
        "tool rollout status deployment/maristan-web --timeout=110s",
    ]),
    ("kubernetes", "activate", "KUBECTL", [
        f"tool set image deployment/maristan-{each} {each}=image:b"
        for each in ("web", "worker", "operations", "watchdog")
    ]),
    ("process", "restart_web", "NONE", ["maristan up web"]),
    ("process", "stop_workers", "NONE", ["maristan down workers"]),
    ("process", "start_workers", "NONE", ["maristan up workers"]),
]  # fmt: skip


@pytest.mark.parametrize(("target", "hook", "name", "said"), CALLS)
def test_a_hook_calls_what_its_target_knows(target: str, hook: str, name: str, said: list[str], tmp_path: Path) -> None:
    folder, tool = tmp_path / "1", program(tmp_path / "tool")
    program(folder / "bin" / "maristan")
    environment = {name: str(tool), "MARISTAN_HOME": str(tmp_path), "IMAGE": "image"}
    code, told = run(ROOT / "deploy" / "hooks" / target / hook, str(folder), "b", **environment)
    assert (code, told.splitlines()) == (0, said)


def test_the_image_in_service_is_named_for_compose(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RELEASE_TAG=a\nTIME_ZONE=UTC\n")
    for _ in range(2):
        assert run(ROOT / "deploy/hooks/compose/activate", "", "b" * 12, MARISTAN_HOME=str(tmp_path))[0] == 0
        assert (tmp_path / ".env").read_text() == f"TIME_ZONE=UTC\nRELEASE_TAG={'b' * 12}\n"


def test_in_an_image_every_hook_is_asked_from_the_host() -> None:
    folder = ROOT / "deploy" / "asking"
    for target in IMAGES:
        there = {each.name: each.resolve() for each in (folder / target).iterdir()}
        assert there == dict.fromkeys(IMAGE_HOOKS, folder / "host")


@pytest.mark.parametrize("script", SCRIPTS, ids=[each.name for each in SCRIPTS])
def test_every_script_can_be_read_and_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True).returncode == 0


@pytest.mark.parametrize(("name", "level"), [("code", 1), ("migrations", 2), ("full", 3)])
def test_a_rollback_runs_the_release_in_service_else_the_one_on_the_path(name: str, level: int, tmp_path: Path) -> None:
    script = ROOT / "scripts" / f"rollback_{name}.sh"
    other = program(tmp_path / "other")
    told = run(script, "--dry-run", MARISTAN=str(other), MARISTAN_HOME=str(tmp_path))
    assert told == (0, f"other rollback --level {level} --dry-run\n")
    program(tmp_path / "current" / "bin" / "maristan")
    told = run(script, "--dry-run", MARISTAN=str(other), MARISTAN_HOME=str(tmp_path))
    assert told == (0, f"maristan rollback --level {level} --dry-run\n")


def test_a_release_is_installed_once_under_its_version_and_build_and_then_deploys_itself(tmp_path: Path) -> None:
    wheel = tmp_path / "maristan-1.4-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("maristan/release/manifest.json", '{"version": "1.4", "build_id": "0123456789ab"}')
    (tmp_path / "requirements.txt").touch()
    program(tmp_path / "home" / "releases" / "1.4-0123456789ab" / "bin" / "maristan")
    staging, production = ROOT / "scripts" / "deploy_staging.sh", ROOT / "scripts" / "deploy_production.sh"
    home = {"MARISTAN_HOME": str(tmp_path / "home")}
    for script in (staging, production):
        assert run(script, str(wheel), "--yes", **home) == (0, "maristan deploy --yes\n")
    code, said = run(production, str(wheel), MARISTAN_ENV="staging", **home)
    assert (code, said) == (2, "MARISTAN_ENV is staging, this deploys to production\n")
    assert run(staging, **home)[0] == 2
    assert run(staging, str(tmp_path / "nowhere.whl"), **home)[0] == 2
    assert run(staging, str(wheel), REQUIREMENTS=str(tmp_path / "none"), **home)[0] == 2
    assert len(list((tmp_path / "home" / "releases").iterdir())) == 1
    there = tmp_path / "home" / "releases" / "1.4-0123456789ab"
    assert run(production, "--install-only", str(wheel), **home) == (0, f"{there}\n")
    assert run(production, "--install-only", ":0123456789ab", **home)[0] == 2
