"""Every command of the program answers people with text and machines with JSON."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import psycopg
import pytest
from django.core import checks
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import IntegrityError, ProgrammingError, connection, connections

from maristan import config
from maristan.config import documents
from maristan.config.management.commands import db, prepare
from maristan.config.tests.test_verification import as_owner  # noqa: F401 - a fixture
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.models import ApiToken, User
from maristan.kernel.roles_sql import OwnerIsBound
from maristan.operations.management.answers import OperatorCommand
from maristan.operations.tests import factories as run

OWN = sorted(name for name, app in get_commands().items() if str(app).startswith("maristan."))


def answered(capsys: Any, *words: str) -> Any:
    """What a command says to a machine: one line of JSON, and nothing else."""
    capsys.readouterr()
    call_command(*words, "--json")
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def test_the_program_has_its_commands() -> None:
    assert {"db", "migrate", "seed_demo", "tokens", "institutions", "journal", "deploy", "worker-health"} <= {*OWN}


@pytest.mark.parametrize("name", OWN)
def test_every_command_can_be_asked_for_json(name: str) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("maristan", name)
    (found,) = [each for each in parser._actions if "--json" in each.option_strings]
    assert (found.dest, found.default) == ("as_json", False)


def nameless(source: str) -> list[int]:
    """Lines that refuse without saying how the command ends: the framework's 1 means cancelled, or findings."""
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    named = [each for each in calls if getattr(each.func, "id", "") == "CommandError"]
    return [each.lineno for each in named if "returncode" not in {word.arg for word in each.keywords}]


def test_every_refusal_of_a_command_says_what_the_command_ends_with() -> None:
    package = Path(config.__file__).parents[1]
    files = [each for each in package.rglob("*.py") if "tests" not in each.parts]
    assert {str(each): found for each in files if (found := nameless(each.read_text(encoding="utf-8")))} == {}
    assert nameless("raise CommandError('x', returncode=2)\nraise CommandError('y') from None") == [2]


@pytest.mark.parametrize("words", [["db", "init"], ["prepare"]], ids=" ".join)
def test_an_owner_that_row_level_security_binds_cannot_run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def bound(_: Any) -> None:
        raise OwnerIsBound("ALTER ROLE")

    for place, name in ((db, "ensure_runtime_role"), (prepare, "must_bypass")):
        monkeypatch.setattr(place, name, bound)
        monkeypatch.setattr(place, "connection", MagicMock())
    with pytest.raises(CommandError, match="ALTER ROLE") as ended:
        call_command(*words)
    assert ended.value.returncode == 2


def test_the_program_is_there_under_the_name_that_people_of_django_know(tmp_path: Path) -> None:
    file = documents.ROOT / "manage.py"
    assert os.access(file, os.X_OK)
    env = {"PATH": os.environ["PATH"], "MARISTAN_HOME": str(tmp_path), "MARISTAN_ENV": "test"}
    words = [sys.executable, str(file), "logs", "--nonsense"]
    made = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (made.returncode, made.stderr.split()[:3]) == (2, ["usage:", "maristan", "logs"])
    copy, package = tmp_path / "manage.py", tmp_path / "src" / "maristan" / "config"
    package.mkdir(parents=True)
    for each in (package, package.parent):
        (each / "__init__.py").touch()
    copy.write_bytes(file.read_bytes())
    (package / "cli.py").write_text(
        "import os, sys\ndef main(): print(__file__, os.environ['PYTHONPATH'], *sys.argv[1:])\n"
    )
    made = subprocess.run(
        [sys.executable, str(copy), "jobs"], env={**env, "PYTHONPATH": "/x"}, capture_output=True, text=True
    )
    assert made.stdout.split() == [str(package / "cli.py"), f"{tmp_path / 'src'}{os.pathsep}/x", "jobs"]


def test_a_command_starts_without_loading_what_only_the_web_needs(tmp_path: Path) -> None:
    code = """
import sys
from maristan.config import cli
sys.argv = ["maristan", "logs", "--json"]
try:
    cli.main()
finally:
    print(sorted(name for name in sys.modules if name.split(".")[2:3] == ["api"] and name.startswith("maristan.")))
"""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "MARISTAN_HOME": str(tmp_path),
           "MARISTAN_ENV": "test"}  # fmt: skip
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert made.stdout.splitlines()[-1:] == ["['maristan.kernel.api']"], made.stderr


def test_this_code_has_nothing_to_be_checked() -> None:
    assert checks.run_checks() == []


def test_what_makes_and_migrates_answers_with_json(own_database: Any, as_owner: None, capsys: Any) -> None:  # noqa: F811
    assert answered(capsys, "db", "init")["role"].endswith("_app")
    assert answered(capsys, "prepare") == {"applied": 0}
    nothing = answered(capsys, "migrate")
    assert (nothing["applied"], nothing["taken_back"]) == ([], [])
    own_database("DELETE FROM django_migrations WHERE app = 'operations' AND name = '0002_database_rules'")
    assert "operations.0002_database_rules" in "\n".join(answered(capsys, "migrate", "--plan")["said"])
    call_command("migrate", "operations", "0001", "--fake", verbosity=0)
    assert answered(capsys, "migrate", "operations", "--fake")["applied"] == ["operations.0002_database_rules"]
    made = answered(capsys, "institutions", "create", "lhr", "Lahore", "--admin", "Alice")
    assert tenancy.institution_ids() == [made["institution"]]
    assert "/" in made["invitation"]
    assert [each["institution"] for each in answered(capsys, "journal", "seal")["chains"]] == [
        None,
        made["institution"],
    ]
    chains = answered(capsys, "journal", "verify")["chains"]
    assert [(each["breaks"], len(each["digest"])) for each in chains] == [([], 64)] * 2


@pytest.mark.django_db
def test_tokens_answer_with_json(capsys: Any) -> None:
    make.institution()
    name = User.objects.get(pk=make.member("Alice", "admin").user_id).username
    made = answered(capsys, "tokens", "create", name, "--name", "timetable screen")
    assert (made["name"], made["token"][:4]) == ("timetable screen", "mrs_")
    (listed,) = answered(capsys, "tokens", "list", name)["tokens"]
    assert (listed["name"], listed["state"]) == ("timetable screen", "live")
    revoked = answered(capsys, "tokens", "revoke", name, "--name", "timetable screen")
    assert revoked == {"name": "timetable screen", "state": "revoked"}
    assert ApiToken.objects.filter(revoked_at=None).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["create", "nobody", "--name", "x"], 2), (["create", "{}"], 2), (["revoke", "{}", "--name", "x"], 2),
        (["create", "{}", "--name", "x", "--institution", "nowhere"], 2), (["create", "{}", "--name", "kept"], 3),
    ],
)  # fmt: skip
def test_a_token_that_cannot_be_made_or_revoked_leaves_those_there_are(
    words: list[str], code: int, capsys: Any
) -> None:
    make.institution()
    name = User.objects.get(pk=make.member("Alice", "admin").user_id).username
    call_command("tokens", "create", name, "--name", "kept")
    kept = list(ApiToken.objects.values())
    with pytest.raises(SystemExit) as ended:
        call_command("tokens", *(each.format(name) for each in words))
    assert (ended.value.code, list(ApiToken.objects.values())) == (code, kept)


@pytest.fixture
def _away(monkeypatch: pytest.MonkeyPatch, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The server cannot be reached: neither by the framework nor past it."""
    with monkeypatch.context() as patched, django_db_blocker.unblock():
        patched.setattr(connections["default"], "connection", None)
        patched.setitem(connection.settings_dict, "HOST", "/nowhere")
        yield


@pytest.mark.usefixtures("_away")
@pytest.mark.parametrize(
    "words",
    [
        ["deploy", "--yes"], ["rollback", "--level", "1", "--yes"], ["restore", "x", "--yes"], ["operations", "prune"],
        ["backup", "create"], ["backup", "list"], ["backup", "retain"], ["backup", "drill"], ["backup", "offsite"],
        ["backup", "remove", "a_20260102_120323"], ["backup", "verify", "a_20260102_120323"], ["jobs", "stats"],
        ["backup", "fetch", "a_20260102_120323"], ["release", "show", "0123456789ab"], ["db", "init"],
        ["db", "init", "--admin", "postgresql://u:hunter2@/d?host=/nowhere"], ["journal", "verify"],
        ["tokens", "list", "olga"], ["smoke"], ["worker-health"], ["unlock", "olga"], ["migrate"], ["seed_demo"],
        ["createsuperuser", "--no-input", "--username", "olga"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_database_that_is_away_is_said_in_a_line_and_ends_with_2(
    words: list[str], settings: Any, tmp_path: Path
) -> None:
    settings.VAR, settings.BACKUP_DIR = tmp_path / "var", tmp_path / "sets"
    settings.BACKUP_OFFSITE_URL = f"file://{tmp_path}/far"
    with pytest.raises(
        CommandError, match=r"^the (database does not answer|server refused) \(OperationalError\)$"
    ) as ended:
        call_command(*words)
    assert ended.value.returncode == 2
    assert not settings.BACKUP_DIR.exists() or list(settings.BACKUP_DIR.iterdir()) == []


def test_what_the_database_refuses_for_another_reason_is_no_database_that_is_away(monkeypatch: Any) -> None:
    class Wrong(OperatorCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            raise IntegrityError("a fault of this code")

    with pytest.raises(IntegrityError):
        call_command(Wrong())


@pytest.mark.parametrize("fault", [ProgrammingError, psycopg.errors.InsufficientPrivilege])
def test_what_the_server_does_not_let_the_login_do_is_said_in_a_line_too(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def refused(*_: Any) -> None:
        raise fault("permission denied to create role of password hunter2")

    said = rf"^the database does not answer \({fault.__name__}\)$"
    with pytest.raises(CommandError, match=said) as ended, OperatorCommand().refusals():
        refused()
    assert ended.value.returncode == 2
    monkeypatch.setattr(db, "ensure_runtime_role", refused)
    monkeypatch.setattr(db, "connection", MagicMock())
    with pytest.raises(CommandError, match=rf"^the server refused \({fault.__name__}\)$") as ended:
        call_command("db", "init")
    assert ended.value.returncode == 2


def program(home: Path, *words: str) -> tuple[int, str, str]:
    """Run it where nothing but a home is named."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "MARISTAN_HOME": str(home),
           "MARISTAN_ENV": "test"}  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-m", "maristan", *words], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    return made.returncode, made.stdout, made.stderr


def test_maintenance_ends_where_the_embedded_server_does_not_start_and_all_else_says_so(tmp_path: Path) -> None:
    data, flag = tmp_path / "var" / "postgres", tmp_path / "MAINTENANCE_MODE"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    flag.write_text('{"level": "read_only", "message": "Disks"}')
    code, told, _ = program(tmp_path, "maintenance", "status", "--json")
    unseen = "windows: the database does not answer (OperationalError)"
    assert (code, json.loads(told)) == (0, {
        "maintenance": True, "level": "read_only", "message": "Disks", "until": None, "not_checked": [unseen],
    })  # fmt: skip
    code, told, wrong = program(tmp_path, "maintenance", "off")
    assert (code, told, flag.exists()) == (
        2, "maintenance is off; the database does not answer (OperationalError), so an open window stays\n", False,
    )  # fmt: skip
    assert "Traceback" not in wrong
    code, told, wrong = program(tmp_path, "jobs", "stats")
    said = f"the embedded database of {data} does not start (RuntimeError); see {data / 'log'}\n"
    assert (code, told, wrong) == (2, "", said)


@pytest.mark.parametrize("words", [["nosuchapp"], ["operations", "0999"], ["operations", "000"]], ids=" ".join)
def test_a_migration_that_is_not_there_cannot_be_applied(
    words: list[str],
    own_database: Any,
    as_owner: None,  # noqa: F811
) -> None:
    with pytest.raises(CommandError) as ended:
        call_command("migrate", *words, verbosity=0)
    assert ended.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "near"), [("1" * 11 + "2", "1" * 12), ("1.4.0", ", ".join(each * 12 for each in "654"))]
)
def test_a_release_that_is_not_there_is_said_with_those_that_are_near(wanted: str, near: str, capsys: Any) -> None:
    for each in "123456":
        run.release(each * 12)
    with pytest.raises(SystemExit) as ended:
        call_command("release", "show", wanted)
    assert (ended.value.code, capsys.readouterr().err) == (2, f"no release {wanted}; near it are: {near}\n")


@pytest.mark.parametrize("words", [["show"], ["diff", "0123456789ab"], ["notes"]], ids=" ".join)
@pytest.mark.parametrize(
    "held", [b"# Maristan", b"\xff\xfe", b"{}", b"[1]", b'{"capabilities": [{}], "tables": {}}'], ids=str
)
def test_a_file_that_holds_no_manifest_is_named_in_a_line(
    words: list[str], held: bytes, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maristan.config.management.commands.release.Command._current", lambda _: {})
    file = tmp_path / "README.md"
    file.write_bytes(held)
    with pytest.raises(SystemExit) as ended:
        call_command("release", words[0], str(file), *words[1:])
    assert (ended.value.code, capsys.readouterr().err) == (2, f"{file} holds no manifest of a release\n")
