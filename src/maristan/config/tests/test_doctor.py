"""One page for a first call: everything is there, no secret is, and what is away spoils nothing else."""

import json
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pyrage import x25519

from maristan.config import doctor, variables
from maristan.config.environment import read
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.operations.actions import swapping
from maristan.operations.queries import build, restores, servers
from maristan.operations.tests import factories as make
from maristan.operations.tests.made_sets import ended

PARTS = [
    "release", "missing", "settings", "database", "roles", "migrations", "disks", "clock", "ports", "processes",
    "maintenance", "unfinished_run", "unfinished_restore", "last_set", "last_verification",
]  # fmt: skip


@pytest.mark.django_db
def test_the_page_has_every_part_and_no_secret(settings: Any, capsys: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    secrets = {each.name: f"hunter2-{each.name}" for each in variables.TABLE if each.secret and "URL" not in each.name}
    secrets["BACKUP_AGE_IDENTITY"] = identity = str(x25519.Identity.generate())  # another shape would be refused
    url = "postgresql://olga:hunter2-url@db/maristan"
    settings.ENV = read({"MARISTAN_ENV": "test", **secrets, "DATABASE_URL": url, "REDIS_URL": "redis://:hunter2@r"})
    make.process("worker")
    make.verification(build.running().build_id)
    code, said = ended(["doctor", "--json"], capsys)
    told = json.loads(said)
    assert (code, list(told)) == (0, PARTS)
    assert told["release"]["build"] == build.running().build_id
    assert (told["migrations"]["pending"], told["migrations"]["unknown"]) == (0, 0)
    assert told["processes"][0]["host"] == "host-1"
    assert told["last_verification"]["result"] == "verified"
    given = {each["name"]: each["value"] for each in told["settings"]}
    assert (given["SECRET_KEY"], given["DATABASE_OWNER_URL"], given["WEB_WORKERS"]) == ("set", "unset", 1)
    text = ended(["doctor"], capsys)[1]
    assert ("hunter2" in said + text, identity in said + text) == (False, False)
    assert "SECRET_KEY = set" in text


@pytest.mark.django_db
def test_the_verification_shown_is_the_one_that_counts_for_the_build_that_runs(capsys: Any) -> None:
    def shown() -> Any:
        return json.loads(ended(["doctor", "--json"], capsys)[1])["last_verification"]

    here, now = build.running().build_id, clock.now()
    make.verification("b" * 12, scope="full", at=now)  # of the release before this one
    assert shown() is None
    make.verification(here, scope="full", result="not_verified", at=now - timedelta(hours=2))
    make.verification(here, at=now - timedelta(hours=1))  # a quick one, which looks at less
    failed = {"result": "not_verified", "build_id": here, "scope": "full"}
    assert {key: value for key, value in shown().items() if key != "at"} == failed
    make.verification(here, scope="full", result="verified_with_warnings", at=now)
    assert shown()["result"] == "verified_with_warnings"


def test_what_is_away_says_so_and_the_rest_is_there(monkeypatch: pytest.MonkeyPatch, capsys: Any, db: None) -> None:
    from django.db import OperationalError

    def away(*_given: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(doctor, "clock", away)
    monkeypatch.setattr(doctor, "last_set", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    told = json.loads(ended(["doctor", "--json"], capsys)[1])
    assert told["clock"] == told["last_set"] == {"not_checked": "OperationalError"}
    assert told["release"]["build"] == build.running().build_id


@pytest.mark.django_db
def test_what_is_missing_before_the_first_deployment_is_said_with_the_next_command(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def shown() -> Any:
        return json.loads(ended(["doctor", "--json"], capsys)[1])["missing"]

    assert shown() is None
    here, host = servers.live(), connection.settings_dict["HOST"]
    init = f"maristan db init --admin postgresql://postgres@{host}/postgres"
    with monkeypatch.context() as patched:
        patched.setattr(servers, "live", lambda: "template1")  # as it is made: no table
        assert shown() == {"is": "every table of template1: nothing was deployed here yet", "next": "maristan migrate"}
        patched.setattr(servers, "live", lambda: "nowhere")
        assert shown() == {"is": "the database nowhere", "next": init}
    assert servers.live() == here
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    told = shown()
    assert told["is"] == "a server that answers this login at /nowhere"
    assert told["next"].startswith("start PostgreSQL")
    assert "maristan db init --admin" in told["next"]


@pytest.mark.parametrize(
    ("real", "written", "source"),
    [
        ({"SECRET_KEY": "x"}, {}, "environment"), ({"SECRET_KEY": " "}, {"SECRET_KEY": "x"}, "env_file"),
        ({"SECRET_KEY_FILE": "/k"}, {}, "file"), ({}, {}, "default"),
        ({"SECRET_KEY": "x"}, {"SECRET_KEY": "y"}, "environment"),
    ],
)  # fmt: skip
def test_every_setting_says_where_it_comes_from(real: dict[str, str], written: dict[str, str], source: str) -> None:
    (secret,) = [each for each in variables.TABLE if each.name == "SECRET_KEY"]
    assert doctor.source(secret, real, written) == source


@pytest.mark.django_db
@pytest.mark.parametrize("is_at_work", [False, True])
def test_what_was_killed_is_named_with_the_command_that_leads_on(
    settings: Any, capsys: Any, tmp_path: Path, is_at_work: bool
) -> None:
    def shown() -> list[Any]:
        said = json.loads(ended(["doctor", "--json"], capsys)[1])
        return [said[each] and said[each]["next"] for each in ("unfinished_run", "unfinished_restore")]

    settings.VAR = tmp_path
    assert shown() == [None, None]
    make.deployment(status="running", kind="deploy", to_build="b" * 12, exit_code=None, finished_at=None)
    plan = restores.Plan("live", "scratch", "live_before", "media", "media_new", "media_before", "swapping")
    swapping.note(plan=plan, step="swapping", by=platform(None, "Olga"))
    there = "maristan deploy"
    killed = [f"{there} --resume, or back with: {there} --undo", "maristan restore --undo"]
    with servers.turn("deploy") if is_at_work else nullcontext():
        assert shown() == (["wait: it is at work"] * 2 if is_at_work else killed)
