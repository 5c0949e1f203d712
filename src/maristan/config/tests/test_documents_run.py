"""Every command of a document is run as it is written, over one installation, or the document says why it is not."""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from maristan.config.cli import OWNER_COMMANDS
from maristan.config.database import owner_url, runtime_role
from maristan.config.documents import ROOT
from maristan.config.tests.test_written_commands import DOCUMENTS, TARGETS, shown
from maristan.conftest import _act_as
from maristan.kernel.models import User
from maristan.operations.management.commands import drain
from maristan.operations.models import BackupSet
from maristan.operations.queries import maintenance, servers

REMARK = re.compile(r"<!-- not run: (\S.{9,}) -->")
NAMES = re.compile(r"\b(test_\w+\.py)\b|\bmake ([a-z0-9-]+)\b")
FOUNDED = 'maristan institutions create fmu "Farabi Medical University" --zone Asia/Karachi --admin '
PROVEN = "fmu_platform_20260102_120323"
# What is run, in this order, and a part of what it answers.
RUN: Mapping[str, str] = {
    "make help": "everything; two things at a time",
    "maristan check --deploy": "",
    "maristan db init --admin postgresql://postgres@127.0.0.1/postgres": "is ready",
    f'.venv/bin/{FOUNDED}"Your Name"': "http",
    f'{FOUNDED}"Alia Khan"': "http",
    ".venv/bin/maristan tokens create USERNAME --name N": "mrs_",
    "maristan doctor": "bypassrls False",
    "maristan jobs stats": "no live worker",
    "maristan jobs list --status failed": "rebuilt",
    "maristan jobs retry 17": "is queued",
    "maristan jobs cancel 17": "is cancelled",
    "maristan jobs release --restored": "0 jobs",
    "maristan maintenance status": "no maintenance",
    "maristan maintenance on": "maintenance is on (full)",
    'maristan maintenance on --level read_only --message "A new disk" --minutes 40': "maintenance is on (read_only)",
    "maristan maintenance off": "maintenance is off",
    "maristan drain": "this host is draining",
    "maristan logs --level error": "",
    "maristan logs --level error --minutes 15": "",
    "maristan logs --request 0f1e2d3c4b5a6978": "",
    "maristan unlock alice": "alice may sign in again",
    "maristan unlock alice --lost-factor": "0 factors removed",
    "maristan journal seal": "lines sealed",
    "maristan journal verify": "the chain holds",
    "maristan integrity check": "0 findings",
    "maristan integrity check --fix": "0 findings",
    "maristan agenda verify": "0 findings",
    "maristan backup create": "proven",
    "maristan backup create --reason manual --pin": "proven",
    "maristan backup list": "proven",
    f"maristan backup verify {PROVEN}": "proven",
    "maristan backup retain": "",
    "maristan operations rescan": "changed",
    "maristan operations prune": "nothing dropped",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table or a listing, and why what it shows is not run; without a remark all of it is."""

    text: str
    reason: str


def blocks(text: str) -> list[Block]:
    """The blocks of a document; a remark belongs to the block that it stands on."""
    found: list[Block] = []
    lines: list[str] = []
    reason, is_listing = "", False
    for line in [*text.splitlines(), ""]:
        remark = REMARK.fullmatch(line.strip())
        is_listing ^= line.startswith("```")
        if remark and not lines:
            reason = remark[1]
        elif line.strip() or is_listing:
            lines.append(line)
        elif lines:
            found.append(Block("\n".join([*lines, ""]), reason))
            lines, reason = [], ""
    return found


def faults(text: str, run: Sequence[str] = tuple(RUN)) -> list[str]:
    """Commands that are neither run nor remarked upon, remarks that outlived their commands or lead nowhere."""
    wrong = []
    for block in blocks(text):
        left = [each for each in shown(block.text) if each not in run]
        if left and not block.reason:
            wrong += [f"neither run nor said why: {each}" for each in left]
        if block.reason and not left:
            wrong.append(f"nothing is left to say: {block.reason}")
        for file, target in NAMES.findall(block.reason):
            is_there = (
                target in TARGETS if target else any((ROOT / "src").rglob(file)) or (ROOT / "e2e" / file).exists()
            )
            wrong += [] if is_there else [f"leads nowhere: {file or target}"]
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_every_command_is_run_or_the_document_says_why_not(document: Path) -> None:
    assert faults(document.read_text(encoding="utf-8")) == []


def test_whatever_is_run_stands_in_a_document() -> None:
    told = {each for document in DOCUMENTS for each in shown(document.read_text(encoding="utf-8"))}
    assert set(RUN) - told == set()


def test_a_command_without_a_word_and_a_word_without_a_command_are_found() -> None:
    listing = "```sh\nmaristan fly\n```\n"
    assert faults(listing, ()) == ["neither run nor said why: maristan fly"]
    assert faults(f"<!-- not run: has no wings at all -->\n{listing}", ()) == []
    assert faults(f"<!-- not run: has no wings at all -->\n\nWords.\n\n{listing}", ()) != []
    assert faults(f"<!-- not run: no -->\n{listing}", ()) != []
    assert faults(listing, ("maristan fly",)) == []
    assert faults(f"<!-- not run: has no wings at all -->\n{listing}", ("maristan fly",)) == [
        "nothing is left to say: has no wings at all"
    ]
    assert faults(f"<!-- not run: test_wings.py tries it -->\n{listing}", ()) == ["leads nowhere: test_wings.py"]
    assert faults("Then `maristan fly` once.\n", ()) == ["neither run nor said why: maristan fly"]


# --- running them -----------------------------------------------------------------------------------------------------


@contextmanager
def as_the_command_line(name: str) -> Iterator[None]:
    """The owner for the commands that the command line runs as the owner, else the role of web and workers."""
    database = connection.settings_dict["NAME"]
    _act_as(None if name in OWNER_COMMANDS else runtime_role(connection.settings_dict["USER"]))
    connection.settings_dict["NAME"] = database
    yield
    connections.close_all()


def done(command: str, replaced: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of a command, and what it said."""
    first, *words = [replaced.get(each, each) for each in shlex.split(command)]
    if first == "make":
        ended = subprocess.run([first, *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr
    said = StringIO()
    try:
        with as_the_command_line(words[0]):
            call_command(*words, stdout=said, stderr=said)
    except CommandError as refused:
        return refused.returncode, f"{said.getvalue()}{refused}"
    except SystemExit as ended_with:
        return int(ended_with.code or 0), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def installation(
    own_database: Callable[[str], None], tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """Alice, and a job that failed; gives what stands for the names that documents use."""
    for name in ("BACKUP_DIR", "VAR", "LOG_DIR", "MEDIA_ROOT", "MAINTENANCE_FILE"):
        setattr(settings, name, tmp_path / name.lower())
    settings.LOG_DIR.mkdir()
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(settings.MEDIA_ROOT)},
    }
    settings.STORAGES = {**settings.STORAGES, "default": files}
    monkeypatch.setattr(drain, "time", SimpleNamespace(sleep=lambda _seconds: None))
    maintenance.forget()
    User.objects.create_user(username="alice")
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)
          VALUES ('default', 'of_test.rebuilt', 'failed', '{}') RETURNING id""")
        job = str(cursor.fetchone()[0])
    there = owner_url(settings.ENV)
    yield {"USERNAME": "alice", "17": job, "postgresql://postgres@127.0.0.1/postgres": there}
    maintenance.forget()
    _act_as(runtime_role(connection.settings_dict["USER"]))


def test_what_documents_show_does_what_it_says(installation: dict[str, str]) -> None:
    codes = iter(("fmu", "amu"))
    ended = {}
    for command, answer in RUN.items():
        if "institutions create" in command:
            installation["fmu"] = next(codes)
        newest = BackupSet.objects.order_by("pk").last()
        installation[PROVEN] = newest.name if newest else ""
        code, said = done(command, installation)
        if code != 0 or answer not in said:
            ended[command] = (code, said[-500:])
    assert ended == {}
    assert (
        servers.databases() & {each for each in servers.databases() if each.startswith(f"{servers.live()}_")} == set()
    )
