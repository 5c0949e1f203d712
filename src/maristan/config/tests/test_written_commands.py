"""Every command that a document shows is one that exists, with options that it knows."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from maristan.config import capabilities
from maristan.config.documents import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs" / "operations").glob("*.md"))]
TELLING = [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]  # of commands that the documents show
SHOWN = (
    re.compile(r"```sh\n(.*?)```", re.S),
    re.compile(r"^    (?=[a-z.])(.+)$", re.M),
    re.compile(r"`((?:(?:\.venv/bin/)?maristan |make |scripts/)[^`…<\n]*)`"),
)
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
HOST = ("sudo ", "rsync ", "read ")  # what changes the host itself: run by no test
AS_USER = re.compile(r"^sudo (?:--[a-z-]+=\S+ )*(?=maristan )")
PUT = "incoming/"  # where the host keeps what `make release` wrote


def shown(text: str) -> list[str]:
    """The commands of a document, each on its own."""
    found = [part for each in SHOWN for part in each.findall(text)]
    return [line.strip() for part in found for line in part.splitlines() if line.strip()]


def fault(command: str) -> str:
    """What is wrong with a command; empty when it could be called."""
    command = AS_USER.sub("", command)
    if command.startswith(HOST):
        return ""
    first, *words = shlex.split(command)
    if first == "maristan" and words and "/" in words[0]:  # a program that is run in the same way
        first, *words = words
    first = first.removeprefix(PUT)
    if first == "make":
        return "" if set(words) <= TARGETS else f"no target {words}"
    if first.startswith("scripts/"):
        return "" if (ROOT / first).is_file() else f"no script {first}"
    if Path(first).name != "maristan" or not words:
        return f"not known: {first}"
    name, *rest = words
    if name not in get_commands():
        return f"no command {name}"
    command_class = load_command_class(get_commands()[name], name)
    try:
        command_class.create_parser("maristan", name).parse_args(rest)
    except (CommandError, SystemExit) as refused:
        return f"{name}: {refused}"
    return ""


@pytest.mark.parametrize("document", [*DOCUMENTS, *TELLING], ids=lambda each: each.name)
def test_every_command_of_a_document_could_be_called(document: Path) -> None:
    assert {each: wrong for each in shown(document.read_text(encoding="utf-8")) if (wrong := fault(each))} == {}


def test_the_documents_show_what_operators_do() -> None:
    told = {words.split()[1] for each in DOCUMENTS for words in shown(each.read_text("utf-8")) if "maristan " in words}
    assert {"deploy", "rollback", "restore", "backup", "release", "smoke", "doctor", "maintenance", "jobs"} <= told


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("maristan deploy --sideways", "deploy: "), ("maristan fly", "no command fly"), ("make coffee", "no target"),
        ("scripts/none.sh x", "no script"), ("rm -rf var", "not known: rm"),
        ("sudo maristan fly", "no command fly"), ("sudo --preserve-env=A maristan deploy --sideways", "deploy: "),
        ("sudo maristan incoming/scripts/none.sh x", "no script"),
    ],
)  # fmt: skip
def test_what_could_not_be_called_is_found(command: str, found: str) -> None:
    assert fault(command).startswith(found)


def test_documents_expect_what_somebody_declared() -> None:
    named = {
        each
        for document in DOCUMENTS
        for words in re.findall(r"--expect (\S+)", document.read_text(encoding="utf-8"))
        for each in words.strip("`").split(",")
    }
    assert {"timetable.week_plan", "operations.backups"} <= named
    assert named - {each["id"] for each in capabilities.read()} == set()
