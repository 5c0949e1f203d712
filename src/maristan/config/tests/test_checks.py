"""`maristan check`: everything that is wrong with a configuration, at once, with numbers and hints."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import registry
from django.db import connection

from maristan.config import checks, database, deployment, documents, environment, starting
from maristan.config.environment import read
from maristan.config.tests.test_environment import GOOD, lines, well


def test_check_shows_weaknesses_with_number_and_hint(settings: pytest.FixtureRequest) -> None:
    settings.ENV = read({**GOOD, "DEBUG": "1", "MARISTAN_CHECK": "1"})  # type: ignore[attr-defined]
    shown = [(each.id, each.hint) for each in checks.secrets_and_hosts(None)]
    assert shown == [("maristan.E002", "Unset DEBUG.")]


@pytest.mark.parametrize(
    ("version", "is_superuser", "bypasses", "numbers"),
    [
        (150_004, False, False, []), (140_011, False, False, ["E005"]), (180_001, True, False, ["E006"]),
        (180_001, False, True, ["E006"]), (90_624, True, True, ["E005", "E006"]),
    ],
)  # fmt: skip
def test_an_old_server_and_a_strong_role_are_refused_where_people_are_served(
    version: int, is_superuser: bool, bypasses: bool, numbers: list[str]
) -> None:
    asked = {"version": version, "is_superuser": is_superuser, "bypasses": bypasses}
    found = deployment.weaknesses_of_database(read(GOOD).values, **asked)
    assert [each.number.rpartition(".")[2] for each in found] == numbers
    assert deployment.weaknesses_of_database(well().values, **asked) == []


def test_check_asks_the_database_as_whoever_serves(settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENV = read(GOOD)
    assert starting.of_database() == []
    assert checks.database(None) == []
    with monkeypatch.context() as of_owner:
        of_owner.setitem(connection.settings_dict["OPTIONS"], "options", "")
        assert [each.id for each in checks.database(None)] == ["maristan.E006"]
        with pytest.raises(SystemExit) as ended:
            starting.refuse()
        assert ended.value.code == 78
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    assert [each.id for each in checks.database(None)] == ["maristan.W002"]
    starting.refuse()


WRONG = {
    "DATABASE_URL": "sqlite:///x", "DEBUG": "perhaps", "EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1", "BACKUP_DOR": "x",
    "SECRET_KEY_FILE": "/nowhere",
}  # fmt: skip


def checked(home: Path, *words: str, **source: str) -> tuple[int, str]:
    """What the program says to a command, beside its environment alone."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(documents.ROOT / "src"), "MARISTAN_HOME": str(home), **source}
    made = subprocess.run(
        [sys.executable, "-m", "maristan", *words], env=env, capture_output=True, text=True, timeout=60, cwd=home
    )
    return made.returncode, made.stdout + made.stderr


def test_check_shows_all_that_is_wrong_with_numbers_and_hints_and_every_other_command_stops(tmp_path: Path) -> None:
    status, told = checked(tmp_path, "check", "--deploy", **WRONG)
    shown = re.findall(r"\((maristan\.[EW]\d+)\) (\w+)[^\n]*\n\tHINT: ", told)
    assert (status, shown[:6]) == (1, [
        ("maristan.E003", "ALLOWED_HOSTS"), ("maristan.E008", "DATABASE_URL"), ("maristan.E008", "DEBUG"),
        ("maristan.E008", "SECRET_KEY_FILE"), ("maristan.E009", "BACKUP_DOR"), ("maristan.E010", "EMAIL_USE_TLS"),
    ])  # fmt: skip
    assert ("maristan.W002", "The") in shown  # nobody can say where the database is, and none is started
    assert told.count("maristan.") == len(shown)
    assert list(tmp_path.iterdir()) == []
    status, told = checked(tmp_path, "showmigrations", **WRONG)
    assert status == 78
    assert [line.split(":")[0] for line in lines(told)] == [
        "SECRET_KEY_FILE", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "BACKUP_DOR", "EMAIL_USE_TLS",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["DATABASE_URL", "POSTGRES_PORT", "DB_PASSWORD_FILE", "DATABASE_POOL"])
def test_a_check_asks_no_database_that_is_not_named_as_it_should_be(name: str, settings: Any) -> None:
    value = {"DATABASE_POOL": "transaction"}.get(name, "sqlite:///x")
    settings.ENV = read({**GOOD, name: value, "MARISTAN_CHECK": "all"})
    assert [each.id for each in checks.database(None)] == ["maristan.W002"]
    assert database.settings_for(settings.ENV) == {"ENGINE": "django.db.backends.dummy"}
    assert not environment.hides_database(read({**GOOD, "DEBUG": "perhaps", "MARISTAN_CHECK": "all"}))


FROM = {"DEFAULT_FROM_EMAIL": "maristan@maristan.example"}
MAILS = {"EMAIL_HOST": "smtp.example", **FROM}
TOLD = {"ALERT_EMAILS": "olga@maristan.example"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, {"maristan.W003": "neither ALERT_EMAILS nor ALERT_WEBHOOK_URL is set"}),
        (MAILS, {"maristan.W003": "neither ALERT_EMAILS nor ALERT_WEBHOOK_URL is set"}),
        (TOLD, {"maristan.W003": "no mail leaves"}),
        ({**TOLD, **MAILS, "EMAIL_BACKEND": "off"}, {"maristan.W003": "no mail leaves"}),
        ({**TOLD, **MAILS}, {}),
        ({**TOLD, "EMAIL_HOST": "smtp.example"}, {"maristan.W004": "sent as maristan@localhost"}),
        ({"ALERT_WEBHOOK_URL": "https://calls.example/1"}, {}),
        ({"MARISTAN_ENV": "development"}, {}),
    ],
)
def test_a_check_before_deploying_says_when_an_alert_reaches_nobody(
    given: dict[str, str], said: dict[str, str], settings: Any
) -> None:
    settings.ENV = read({**GOOD, **given})
    found = {str(each.id): each for each in checks.somebody_is_told(None)}
    assert set(found) == set(said)
    assert all(words in found[each].msg and found[each].hint for each, words in said.items())
    assert not [each for each in found.values() if each.is_serious()]  # a warning stops no deployment
    assert checks.somebody_is_told in registry.registry.get_checks(include_deployment_checks=True)
    assert checks.somebody_is_told not in registry.registry.get_checks()
