"""Who runs the platform comes to be on the machine, with a password of their own, and sees nobody's records."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from maristan.directory.actions import operators
from maristan.directory.models import Person
from maristan.directory.tests import factories as directory
from maristan.kernel import tenancy
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import JournalLine, User
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
GOOD = "cedar-lantern-47"


def ended(capsys: Any, *words: str) -> tuple[int, str]:
    """Exit code and everything that was printed."""
    code = 0
    try:
        call_command("createsuperuser", "--no-input", *words)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


class Somebody:
    """An account as the client takes it."""

    def __init__(self, name: str) -> None:
        self.user_id = User.objects.get(username=name).pk


def test_an_operator_runs_the_platform_and_reads_no_records(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.institution()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    assert ended(capsys, "--username", "olga", "--email", "olga@fmu.example") == (0, "olga is an operator.")
    olga = Client(Somebody("olga"))
    assert olga.get("/api/v1/operations/overview/").status == 200
    assert olga.get("/api/v1/directory/persons/").status == 403
    assert User.objects.get(username="olga").check_password(GOOD)
    with tenancy.acting_in(None):
        line = JournalLine.objects.get(kind="operator.created")
    assert (line.institution_id, line.changes["username"]) == (None, [None, "olga"])
    assert GOOD not in json.dumps(line.changes)


def test_nobody_who_types_a_password_is_a_line_and_makes_nobody(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    with pytest.raises(SystemExit) as stopped:
        call_command("createsuperuser", "--username", "olga")
    said = "No password was typed. Without a terminal: --no-input and DJANGO_SUPERUSER_PASSWORD.\n"
    assert (stopped.value.code, capsys.readouterr().err) == (2, said)
    assert not User.objects.exists()


def test_only_an_operator_makes_operators() -> None:
    directory.institution()
    with pytest.raises(NotAllowed):
        operators.make(username="olga", email="", password=GOOD, code="", by=directory.acting_as("admin"))
    assert not User.objects.filter(username="olga").exists()


def test_with_an_institution_the_operator_administers_it_and_no_other(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = directory.institution()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    code, said = ended(capsys, "--username", "olga", "--institution", "nowhere")
    assert (code, said) == (2, "institution: There is no institution nowhere.")
    assert not User.objects.filter(username="olga").exists()
    assert ended(capsys, "--username", "olga", "--institution", here.code, "--json") == (0, '{"username": "olga"}')
    me = Client(Somebody("olga")).get("/api/v1/me/").json
    assert (me["roles"], [each["code"] for each in me["institutions"]]) == (["admin", "operator"], [here.code])
    assert Client(Somebody("olga")).get("/api/v1/directory/persons/").status == 200


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("olga", "", "password"), ("olga", "short", "password"), ("olga", "1234567890", "password"),
        ("olga", "password123", "password"), ("olga.petrova", "olga.petrova", "password"),
        ("", GOOD, "username: Choose a username."), ("o!", GOOD, "username"),
    ],
)  # fmt: skip
def test_the_rules_of_passwords_and_names_hold_here_too(
    username: str, password: str, said: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    code, told = ended(capsys, "--username", username)
    assert (code, told.startswith(said)) == (2, True), told
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused_and_changes_nothing(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.institution()
    directory.member("Olga", "faculty")
    User.objects.update(username="Olga")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    code, told = ended(capsys, "--username", "olga")
    assert (code, told) == (3, "username_taken: An account has this name or address.")
    assert (User.objects.count(), User.objects.filter(is_operator=True).count(), Person.objects.count()) == (1, 0, 1)
