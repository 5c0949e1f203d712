"""`maristan test`: labels that operators know run the suites that answer for them, and nothing found is no success."""

import json
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from maristan.config import suites
from maristan.config.management.commands import test as command


def ended(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of the command."""
    said = StringIO()
    try:
        call_command("test", "--json", *arguments, stdout=said, stderr=StringIO())
    except SystemExit as stopped:
        return int(stopped.code or 0), json.loads(said.getvalue() or "{}")
    return 0, json.loads(said.getvalue())


@pytest.mark.parametrize("label", sorted(suites.NAMED))
def test_every_named_suite_is_there(label: str) -> None:
    assert all((suites.CHECKOUT / each).is_file() for each in suites.paths(label))


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("maristan.agenda", "src/maristan/agenda"),
        ("maristan.config.tests.test_suites", "src/maristan/config/tests/test_suites.py"),
        ("maristan.config.tests.test_suites.test_x", "src/maristan/config/tests/test_suites.py::test_x"),
        ("e2e.test_story", "e2e/test_story.py"),
        ("src/maristan/agenda", "src/maristan/agenda"),
    ],
)
def test_a_label_is_an_app_a_module_or_a_test(label: str, path: str) -> None:
    assert suites.paths(label) == (path,)


def test_nothing_called_so_is_an_error_of_usage() -> None:
    assert ended("maristan.nowhere") == (2, {})
    assert ended("tests.test_performance_load.Other") == (2, {})


@pytest.mark.parametrize(("code", "exit_code"), [(0, 0), (1, 1), (5, 1), (2, 2), (4, 2)])
def test_only_tests_that_ran_and_passed_are_a_success(
    code: int, exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(command, "run", lambda arguments: asked.append(arguments) or code)
    found, said = ended("maristan.agenda", "-k", "window")
    assert (found, said["passed"], asked) == (exit_code, code == 0, [["src/maristan/agenda", "-k", "window"]])


def test_the_tests_know_nothing_of_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere")
    monkeypatch.setenv("MARISTAN_NO_DATABASE", "1")
    monkeypatch.setenv("PATH_OF_NO_VARIABLE", "kept")
    seen: dict[str, Any] = {}
    ended_with = SimpleNamespace(returncode=5)
    monkeypatch.setattr(
        command.subprocess, "run", lambda program, **how: seen.update(how, program=program) or ended_with
    )
    assert ended("tests.test_e2e_integration_workflows")[0] == 1
    assert seen["program"][1:] == ["-m", "pytest", "e2e/test_story.py", "e2e/test_term.py"]
    assert seen["cwd"] == suites.CHECKOUT
    assert seen["env"]["PATH_OF_NO_VARIABLE"] == "kept"
    assert {"DATABASE_URL", "SECRET_KEY_FILE", "MARISTAN_NO_DATABASE", "MARISTAN_HOME"} & set(seen["env"]) == set()
