"""Whatever a step raises, its run ends where it is safe, says so, and leaves no door closed that it closed."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection
from redis.exceptions import ConnectionError as RedisAway

from maristan.config import deploying, migrating, rolling_back, serving_release
from maristan.config.rolling_back import Asked, Back
from maristan.config.serving_release import Work
from maristan.config.tests.test_deploying_steps import PENDING, done, plan, work  # noqa: F401 - a fixture
from maristan.config.tests.test_rolling_back import OLGA, A, B, doors, home, started  # noqa: F401 - fixtures
from maristan.operations.actions import restores
from maristan.operations.actions.deployments import NotChecked
from maristan.operations.models import Deployment
from maristan.operations.queries import deployments as queries
from maristan.operations.queries import faults, reversal
from maristan.operations.rules.deploying import StepName
from maristan.operations.rules.rollback import Reverse
from maristan.operations.rules.sets import Here, SetFault
from maristan.operations.tests import factories as make

pytestmark = pytest.mark.django_db
ANYTHING = [
    RedisAway("Connection refused"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    CommandError("Conflicting migrations"), ZeroDivisionError("division by zero"), SystemExit(1),
]  # fmt: skip


def fails(fault: BaseException) -> Any:
    def raising(*_: Any, **__: Any) -> str:
        raise fault

    return raising


HERE_IT_FAILS = f"at {Path(__file__).name}:{fails.__code__.co_firstlineno + 2}"  # words of code may be somebody's data


@pytest.mark.parametrize("fault", ANYTHING, ids=lambda each: type(each).__name__)
def test_whatever_a_step_raises_the_former_release_serves_again(
    fault: BaseException, done: list[str], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(queries, "applied_since", lambda _: PENDING[:1])
    monkeypatch.setattr(deploying, "clear_cache", fails(fault))
    ended = deploying.deploy(plan(pending=PENDING[:1]), work())
    assert (int(ended.code), done[-2:]) == (5, ["verify_other", "open"])
    assert ended.lines[0] == f"clear cache: {faults.said(fault)}"
    assert (HERE_IT_FAILS in ended.lines[0]) is not isinstance(fault, CommandError | RedisAway)
    row = Deployment.objects.get()
    assert (row.status, row.exit_code) == ("rolled_back", 5)
    assert {each["name"]: each["status"] for each in row.steps}["clear cache"] == "failed"


def test_a_way_back_that_fails_in_any_way_needs_an_operator(done: list[str], monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr(deploying, "clear_cache", fails(ValueError("no room")))
    monkeypatch.setattr(queries, "applied_since", fails(ValueError("nor there")))
    ended = deploying.deploy(plan(), work())
    assert (int(ended.code), done[-1]) == (6, "static")
    assert ended.lines[:2] == [
        f"clear cache: ValueError {HERE_IT_FAILS}; what was applied is unknown: ValueError {HERE_IT_FAILS}",
        "next: maristan deploy",
    ]  # fmt: skip
    assert Deployment.objects.get().status == "needs_operator"


def test_a_run_that_nobody_can_tell_of_is_ended_all_the_same(
    done: list[str], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(deploying, "report", fails(OSError("No space left on device")))
    monkeypatch.setattr(deploying.telling, "finished", fails(RuntimeError("no words")))
    ended = deploying.deploy(plan(), work())
    assert (int(ended.code), ended.lines) == (
        0, ["no report: OSError: No space left on device", f"nobody was told: RuntimeError {HERE_IT_FAILS}",
            "succeeded_with_warnings; report none"],
    )  # fmt: skip
    assert Deployment.objects.get().status == "succeeded_with_warnings"


def test_a_cache_that_is_away_is_not_checked_and_ends_no_deployment(
    settings: Any, done: list[str], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    settings.REDIS_URL = "redis://cache.example:6379/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": "maristan"}}
    away = SimpleNamespace(scan_iter=fails(RedisAway("Connection refused")))
    monkeypatch.setattr(serving_release.Redis, "from_url", lambda *_, **__: away)
    with pytest.raises(NotChecked, match=r"^not checked: Redis does not answer \(ConnectionError\), 0 keys gone$"):
        serving_release.clear_cache()
    monkeypatch.setattr(deploying, "clear_cache", serving_release.clear_cache)
    assert int(deploying.deploy(plan(), work()).code) == 0
    assert {each["name"]: each["status"] for each in Deployment.objects.get().steps}["clear cache"] == "not checked"


@pytest.mark.parametrize(
    ("body", "is_ready"),
    [(b"<html>", False), (b"[]", False), (b"\xff", False), (b'{"build": "x"}', False), (b'{"build": "b"}', True)],
)
def test_whoever_answers_without_naming_the_build_is_not_ready(body: bytes, is_ready: bool, monkeypatch: Any) -> None:
    reply = SimpleNamespace(status=200, body=body)
    monkeypatch.setattr(serving_release, "Visitor", lambda _: SimpleNamespace(fetch=lambda _: reply))
    assert serving_release.is_ready("b") is is_ready


def test_a_first_installation_that_failed_is_gone_on_with_by_the_command_that_is_printed(
    done: list[str], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    first = plan(former=None, is_first=True)
    monkeypatch.setattr(queries, "applied_since", lambda _: PENDING[:1])
    done.append("fails migrate")
    here = work()
    here.run.from_build = ""
    ended = deploying.deploy(first, here)
    assert (int(ended.code), ended.lines[1]) == (6, "next: maristan deploy")
    assert Deployment.objects.get().status == "needs_operator"
    assert (queries.is_first(), queries.is_first_unfinished()) == (True, True)
    make.operator()
    assert (queries.is_first(), queries.is_first_unfinished()) == (False, True)
    make.deployment()
    assert (queries.is_first(), queries.is_first_unfinished()) == (False, False)


def test_a_database_that_got_no_further_than_its_first_tables_is_a_first_installation(monkeypatch: Any) -> None:
    make.operator()
    tables = connection.introspection.table_names()
    assert not queries.is_first()
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: ["django_migrations"])
    assert queries.is_first()
    early = [each for each in tables if not each.startswith("operations_")]
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: early)
    assert not queries.is_first(), "somebody has an account"


def test_the_report_of_a_resumed_run_names_the_set_of_its_first_part(done: list[str]) -> None:  # noqa: F811
    here = work()
    here.run.set_name = "rig_20260102_120323"
    deploying.deploy(plan(), here)
    assert "- set: rig_20260102_120323\n" in Path(Deployment.objects.get().report).read_text()


SEVEN = Reverse("a", "0003", loses={"a_table": 7})
ACCEPTED = Back(Asked(2, to=[("a", "0002")], accepted=["a.0003"]), A, B, [SEVEN], [("a", "0002")])


@pytest.fixture
def level2(doors: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: F811
    """What a rollback of migrations did."""

    def noting(name: str) -> Any:
        return lambda *_, **__: doors.append(name) or name

    monkeypatch.setattr(Work, "save", noting("save"))
    monkeypatch.setattr(Work, "save_again", noting("save again"))
    monkeypatch.setattr(migrating, "backwards", noting("backwards"))
    monkeypatch.setattr(reversal, "plan", lambda _: [SEVEN])
    return doors


def rolled(back: Back) -> deploying.Ended:
    return rolling_back.rollback(back, Work(rolling_back.begun(back), OLGA, "", lambda _: None))


def test_once_nobody_can_write_a_second_set_is_made_before_anything_is_taken_back(level2: list[str]) -> None:
    assert int(rolled(ACCEPTED).code) == 0
    assert level2[:5] == ["save", "close own", "stop_workers 1.1", "save again", "backwards"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([replace(SEVEN, loses={"a_table": 8})], "a.0003: a_table (8 rows, 7 accepted)"),
        ([SEVEN, Reverse("b", "0001", loses={"b_table": 1})], "b.0001: b_table (1 rows, 0 accepted)"),
    ],
)
def test_a_row_that_came_after_the_question_is_not_lost(
    found: list[Reverse], said: str, level2: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reversal, "plan", lambda _: found)
    ended = rolled(ACCEPTED)
    assert (int(ended.code), ended.lines[0]) == (5, f"take migrations back: would_lose_data: {said}")
    assert "backwards" not in level2
    assert level2[-4:] == ["start_workers 1.1", "wait 1.1", "verify_other 1.1", "open own"]


def test_fewer_rows_than_were_accepted_are_no_reason(level2: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversal, "plan", lambda _: [replace(SEVEN, loses={"a_table": 6})])
    assert (int(rolled(ACCEPTED).code), "backwards" in level2) == (0, True)


def test_a_restore_that_cannot_be_undone_says_what_undoes_it_once(level2: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(restores, "restored_in_turn", fails(restores.NeedsOperator("no disk")))
    ended = rolled(Back(Asked(3, set_name="a_set"), A, replace(B, image="sha256:1")))
    assert (int(ended.code), ended.lines[:2]) == (
        6, ["restore: no disk", f"next: maristan restore --undo, then maristan rollback --level 1 --to {B.build_id}"],
    )  # fmt: skip
    assert "open own" not in level2


def test_a_killed_rollback_whose_restore_cannot_be_undone_keeps_the_doors_closed(
    level2: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = started(StepName.CLOSE, StepName.RESTORE)
    here.run.kind = rolling_back.KINDS[3]
    here.run.steps[-1]["status"] = "running"
    monkeypatch.setattr(restores, "recover", fails(OSError("no disk")))
    ended = rolling_back.undo_killed(here.run, here)
    assert (int(ended.code), level2) == (6, [])
    assert "next: maristan restore --undo, then " in ended.lines[1]


MANIFEST: dict[str, Any] = {
    "build_id": A.build_id, "migrations": ["kernel.0001_initial"], "pg_dump_version": "15.1",
    "postgres_version": "15.1", "files": [], "secret_key_fingerprint": "key", "encryption": None,
    "media": {"mode": "none"},
}  # fmt: skip
HERE = Here("15.2", "15.2", {"kernel.0001_initial"}, {"key"}, 10, may_create=True)


@pytest.mark.parametrize(
    ("manifest", "here", "codes"),
    [
        ({}, {}, []),
        ({"migrations": ["a.0009"]}, {}, ["set_from_newer_release"]),
        ({"secret_key_fingerprint": "other"}, {}, ["secret_key_differs"]),
        ({"encryption": {"plain": []}}, {"has_identity": False}, ["identity_missing"]),
        ({"postgres_version": "18.0", "pg_dump_version": "18.0"}, {}, ["dump_newer_than_tools", "server_too_old"]),
        ({"files": [{"size": 4}]}, {}, ["disk_space"]),
        ({"media": {"mode": "reference", "bucket": "far", "bytes": 0}}, {}, ["media_elsewhere"]),
        ({}, {"may_create": False}, ["owner_role"]),
    ],
)
def test_what_a_restore_would_refuse_is_refused_before_the_doors_close(
    manifest: dict[str, Any], here: dict[str, Any], codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SimpleNamespace(found=SimpleNamespace(manifest={**MANIFEST, **manifest}))
    monkeypatch.setattr(rolling_back.restore_queries, "source", lambda _: found)
    monkeypatch.setattr(rolling_back.restore_queries, "here", lambda *_: replace(HERE, **here))
    unmet = rolling_back.planned(Asked(3, set_name="a_set", keeps_code=True))[1]
    assert [each.code for each in unmet] == codes
    assert Deployment.objects.count() == 0


def test_any_other_fault_of_a_set_is_a_refusal_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_back.restore_queries, "source", fails(SetFault("checksum_mismatch", "x.dump")))
    with pytest.raises(SetFault, match="checksum_mismatch"):
        rolling_back.planned(Asked(3, set_name="a_set"))


def test_a_migration_that_was_never_applied_is_no_target_of_a_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    applied = reversal.migrations.applied()
    last = "0002_database_rules"
    kept = [each for each in applied if (each.app, each.name) != ("agenda", last)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'agenda' AND name = %s", [last])
    back, unmet = rolling_back.planned(Asked(2, to=[("agenda", last)]))
    assert [str(each) for each in unmet if each.code == "not_applied"] == [
        f"not_applied: agenda.{last}: to go there is no way back"
    ]
    assert back.reverse == []
    monkeypatch.setattr(migrating, "limited", lambda: nullcontext(SimpleNamespace(named="")))
    with pytest.raises(deploying.StepFault, match=rf"^not applied: agenda\.{last}$"):
        migrating.backwards([("agenda", last)], lambda _: None)
    assert len(reversal.migrations.applied()) == len(kept)


def test_a_run_that_cannot_be_kept_ends_before_its_first_step(done: list[str], monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr(queries, "applied_since", lambda _: [])
    monkeypatch.setattr(deploying.deployments, "note", fails(OSError("No space left on device")))
    ended = deploying.deploy(plan(), work())
    assert (int(ended.code), ended.lines[0].startswith("the run: OSError: No space left")) == (5, True)
    assert done == []
