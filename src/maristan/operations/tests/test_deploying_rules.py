"""What keeps a release from being put into service or back, the order of the steps, and the way back: pure rules."""

from dataclasses import replace
from typing import Any

import pytest

from maristan.operations.rules import deploying, locking, rollback, shelf
from maristan.operations.rules.compatibility import Step, lost
from maristan.operations.rules.deploying import Evidence, Lives, Pending, StepName, WayBack
from maristan.operations.rules.rollback import Reverse, Target

GOOD = Evidence()
KIND, BREAKING, NOT_ATOMIC = Pending("a.2", False), Pending("a.3", True), Pending("a.4", False, is_atomic=False)


@pytest.mark.parametrize(
    ("line", "goes_on"),
    [("yes\n", True), ("yes\r\n", True), ("yes", True), ("yes \n", False), (" yes\n", False), ("YES\n", False),
     ("y\n", False), ("no\n", False), ("\n", False), ("", False)],
)  # fmt: skip
def test_only_the_line_yes_goes_on(line: str, goes_on: bool) -> None:
    assert deploying.is_yes(line) is goes_on


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weaknesses": ["DEBUG: expected false"]}, "settings_valid"),
        ({"altered": ["config/roles.py"]}, "manifest_intact"),
        ({"altered": None}, "manifest_intact"),
        ({"duplicates": {"comms 0009": ["0009_a.py", "0009_b.py"]}}, "no_duplicate_migrations"),
        ({"unwritten": {"comms": ["Add field x"]}}, "models_migrated"),
        ({"database_fault": "OperationalError"}, "database_reachable"),
        ({"may_create": False}, "owner_role"),
        ({"may_create": None}, "owner_role"),
        ({"postgres": "14.11"}, "postgres_version"),
        ({"postgres": None}, "postgres_version"),
        ({"unknown_migrations": ["a.9"]}, "migration_plan_linear"),
        ({"unknown_migrations": None}, "migration_plan_linear"),
        ({"locks": ["a.2 holds t (100001 rows)"]}, "migration_locks_safe"),
        ({"locks": None}, "migration_locks_safe"),
        ({"free_bytes": 9, "needed_bytes": 10}, "disk_space"),
        ({"backup_fault": "tools_too_old"}, "backup_possible"),
        ({"backup_fault": None}, "backup_possible"),
        ({"clock_skew": 5.1}, "clock_in_step"),
        ({"clock_skew": None}, "clock_in_step"),
        ({"hooks_missing": ["activate"]}, "hooks_present"),
        ({"is_previous_known": False}, "previous_release_known"),
        ({"proxy_fault": "nginx: broken"}, "proxy_config_valid"),
        ({"wide_ports": ["0.0.0.0:8010"]}, "ports_private"),
        ({"other_operation": "restore"}, "no_other_operation"),
    ],
)
def test_each_requirement_is_unmet_by_itself(change: dict[str, Any], code: str) -> None:
    assert [each.code for each in deploying.unmet(replace(GOOD, **change))] == [code]


def test_all_that_is_unmet_is_listed_and_nothing_of_a_sound_release() -> None:
    assert deploying.unmet(GOOD) == []
    many = replace(GOOD, altered=None, may_create=False, hooks_missing=["activate"], postgres="14")
    found = [each.code for each in deploying.unmet(many)]
    assert found == ["manifest_intact", "owner_role", "postgres_version", "hooks_present"]
    away = replace(many, database_fault="OperationalError", may_create=None)
    assert [each.code for each in deploying.unmet(away)] == ["manifest_intact", "database_reachable", "hooks_present"]
    held = replace(GOOD, locks=None, clock_skew=5.0, postgres="15.0", free_bytes=10, needed_bytes=10)
    assert deploying.unmet(held, allows_long_locks=True) == []


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"backup_fault": "tools_too_old"}, "tools_too_old"),
        ({"backup_fault": None}, "not checked"),
        ({"unknown_migrations": None}, "not of this build: not checked"),
        ({"altered": [f"{n}.py" for n in range(10)]}, ", ".join(f"{n}.py" for n in range(10))),
        ({"altered": [f"{n}.py" for n in range(12)]}, ", ".join(f"{n}.py" for n in range(10)) + " and 2 more"),
        ({"duplicates": {"b 2": ["x", "y"], "a 1": ["z"]}}, "a 1: z, b 2: x, y"),
        ({"unwritten": {"b": ["x", "y"], "a": ["z"]}}, "a: z, b: x; y"),
    ],
)
def test_an_unmet_requirement_says_why(change: dict[str, Any], detail: str) -> None:
    (found,) = deploying.unmet(replace(GOOD, **change))
    assert (found.detail, str(found)) == (detail, f"{found.code}: {detail}")


def test_room_that_nobody_could_reckon_is_no_reason_to_refuse() -> None:
    assert deploying.unmet(replace(GOOD, free_bytes=0, needed_bytes=None)) == []


ALL = [
    "backup", "maintenance on", "final backup", "stop workers", "migrate", "static files", "clear cache", "activate",
    "restart web", "start workers", "wait", "verify", "smoke", "maintenance off", "verify again",
]  # fmt: skip


def without(*names: str) -> list[str]:
    return [each for each in ALL if each not in names]


@pytest.mark.parametrize(
    ("pending", "is_first", "is_rolling", "expected"),
    [
        ([KIND, BREAKING], False, False, ALL),
        ([KIND], False, False, without("stop workers")),
        ([KIND], False, True, without("stop workers", "maintenance on", "final backup", "maintenance off")),
        ([BREAKING], True, False,
         without("backup", "stop workers", "maintenance on", "final backup", "maintenance off")),
    ],
)  # fmt: skip
def test_the_steps_have_their_order(
    pending: list[Pending], is_first: bool, is_rolling: bool, expected: list[str]
) -> None:
    assert [*deploying.order(pending, is_first=is_first, is_rolling=is_rolling)] == expected


def test_what_breaks_the_former_code_is_not_rolled_out_beside_it() -> None:
    assert deploying.not_rolling([KIND]) == []
    (refused,) = deploying.not_rolling([KIND, BREAKING])
    assert (refused.code, "a.3" in refused.detail, "a.2" in refused.detail) == ("incompatible_schema", True, False)


LATE = {StepName.MIGRATE, StepName.ACTIVATE}


@pytest.mark.parametrize(
    ("begun", "applied", "has_former", "is_torn", "way"),
    [
        ({StepName.BACKUP}, [], True, False, WayBack.OPEN),
        ({StepName.BACKUP}, [], False, False, WayBack.OPEN),
        ({StepName.MIGRATE}, [KIND], True, False, WayBack.OPEN),
        ({StepName.MIGRATE}, [KIND, BREAKING], True, False, WayBack.OPERATOR),
        ({StepName.MIGRATE}, [KIND], False, False, WayBack.OPERATOR),
        ({StepName.MIGRATE}, [], True, True, WayBack.OPERATOR),
        (LATE, [KIND], True, False, WayBack.CODE),
        (LATE, [], True, False, WayBack.CODE),
        (LATE, [], False, False, WayBack.OPERATOR),
        (LATE, [BREAKING], True, False, WayBack.OPERATOR),
    ],
)
def test_the_way_back_is_gone_only_where_it_is_safe(
    begun: set[str], applied: list[Pending], has_former: bool, is_torn: bool, way: WayBack
) -> None:
    assert deploying.way_back(begun, applied, has_former=has_former, is_torn=is_torn) is way
    assert deploying.way_back({StepName.MIGRATE}, [], has_former=True) is WayBack.OPEN


def test_the_downtime_is_that_of_former_runs() -> None:
    run = [{"name": "maintenance on", "at": 10, "until": 11}, {"name": "maintenance off", "at": 40, "until": 41}]
    longer = [run[0], {"name": "maintenance off", "at": 70, "until": 71}]
    assert deploying.downtime([run, longer, [run[0]]]) == 46
    assert deploying.downtime([[run[0]], [run[1]], []]) is None


B, A = "b" * 12, "a" * 12


def test_a_build_serves_once_web_and_workers_run_it_and_nobody_else_lives() -> None:
    web, worker = Lives("web", "web 1", B), Lives("worker", "worker 2", B, ["default"])
    operations, old = Lives("worker", "worker 3", B, ["operations"]), Lives("worker", "worker 4", A, ["*"])
    wanted = {"build_id": B, "queues": {"default", "operations"}}
    assert deploying.awaited([web, worker, operations], is_ready=True, **wanted) == []
    assert deploying.awaited([web, Lives("worker", "w", B, ["*"])], is_ready=True, **wanted) == []
    assert deploying.awaited([web, worker, operations, old], is_ready=True, **wanted) == [f"worker 4 runs {A}"]
    assert deploying.awaited([web, worker], is_ready=False, **wanted) == ["readiness", "a worker of queue operations"]
    assert deploying.awaited([old], is_ready=True, build_id=B)[:2] == [
        f"a web process of {B}",
        f"a worker process of {B}",
    ]
    assert deploying.awaited([worker, operations], is_ready=True, **wanted) == [f"a web process of {B}"]
    assert deploying.awaited([web], is_ready=True, build_id=B) == [f"a worker process of {B}"]
    assert deploying.awaited([web], is_ready=True, **wanted)[1:] == [
        "a worker of queue default",
        "a worker of queue operations",
    ]
    others = [Lives("web", "web 5", A), Lives("command", "command 6", A)]
    assert deploying.awaited([web, worker, operations, *others], is_ready=True, **wanted) == [f"web 5 runs {A}"]


def test_before_the_question_everything_is_said_that_decides_it() -> None:
    said = deploying.banner(
        was="1.0 (a)", becomes="1.1 (b)", pending=[KIND, BREAKING], capabilities={"added": ["x.new"]},
        is_rolling=False, seconds=41.6,
    )  # fmt: skip
    assert said == [
        "Release: 1.0 (a) → 1.1 (b)", "Pending migrations: 2", "  a.2 (compatible)", "  a.3 (breaking)",
        "Capabilities added: x.new", "Capabilities removed: none", "Maintenance: full, downtime about 42 s",
    ]  # fmt: skip
    nothing = {"was": "", "becomes": "1.1 (b)", "pending": [], "capabilities": {"removed": ["x.old"]}, "seconds": None}
    first = deploying.banner(**nothing, is_rolling=False, is_first=True)
    assert first == [
        "Release: none → 1.1 (b)", "Pending migrations: none", "Capabilities added: none",
        "Capabilities removed: x.old", "Maintenance: none (first installation: nobody is kept out)",
    ]  # fmt: skip
    unknown = deploying.banner(**{**nothing, "capabilities": None}, is_rolling=False)
    assert unknown[2:4] == ["Capabilities added: unknown", "Capabilities removed: unknown"]
    assert deploying.banner(**nothing, is_rolling=True)[-1] == "Maintenance: none (rolling)"
    assert deploying.banner(**nothing, is_rolling=False)[-1] == "Maintenance: full, downtime unknown: no run before"


def shelved(*days: int | None) -> list[shelf.Shelved]:
    from datetime import UTC, datetime

    return [
        shelf.Shelved(f"1-{n:012x}", f"{n:012x}", datetime(2026, 1, day, tzinfo=UTC) if day else None)
        for n, day in enumerate(days)
    ]


def test_the_last_five_in_service_stay_and_whoever_is_needed() -> None:
    there = shelved(1, 2, 3, 4, 5, 6, 7, None)
    assert shelf.goes(there, needed=set()) == [f"1-{0:012x}", f"1-{1:012x}"]
    assert shelf.goes(there, needed={f"{0:012x}"}) == [f"1-{1:012x}"]
    assert shelf.goes(shelved(1, 2, 3, 4, 5), needed=set()) == []
    assert shelf.altered({"a": "1", "b": "2"}, {"a": "1", "b": "3"}) == ["b"]
    assert shelf.altered({"a": "1"}, {}) == ["a"]
    assert shelf.altered({"b": "1", "a": "1"}, {"c": "1"}) == ["a", "b", "c"]
    assert shelf.named("1.4.0", A) == f"1.4.0-{A}"


@pytest.mark.parametrize(
    ("step", "held"),
    [
        (Step("AddIndex", "t"), {"t"}), (Step("AddConstraint", "t"), {"t"}), (Step("AlterField", "t", "c"), {"t"}),
        (Step("AlterUniqueTogether", "t"), {"t"}), (Step("AlterIndexTogether", "t"), {"t"}),
        (Step("AddField", "t", "c"), set()), (Step("AddIndexConcurrently", "t"), set()),
        (Step("RunPython", "t", text="CREATE INDEX x ON t (c)"), set()),
        (Step("RunSQL", text="alter table t add constraint x check (c > 0)\n  not valid"), set()),
        (Step("RunSQL", text="ALTER TABLE T ALTER c TYPE bigint"), {"t"}),
        (Step("RunSQL", text="ALTER TABLE t ALTER COLUMN c SET DATA TYPE bigint"), {"t"}),
        (Step("RunSQL", text="ALTER TABLE ONLY public.\"t\" ALTER COLUMN c TYPE bigint"), {"t"}),
        (Step("RunSQL", text="ALTER TYPE mood ADD VALUE 'calm'"), set()),
        (Step("RunSQL", text="CLUSTER t USING x"), {"t"}), (Step("RunSQL", text="VACUUM FULL VERBOSE t"), {"t"}),
        (Step("RunSQL", text="CREATE UNIQUE INDEX x ON t (c)"), {"t"}),
        (Step("RunSQL", text="CREATE INDEX x ON t (c)"), {"t"}),
        (Step("RunSQL", text="CREATE INDEX CONCURRENTLY x ON t (c)"), set()),
        (Step("RunSQL", text="ALTER TABLE t ALTER COLUMN c SET NOT NULL"), {"t"}),
        (Step("RunSQL", text="ALTER TABLE t ADD CONSTRAINT x CHECK (c > 0) NOT VALID"), set()),
        (Step("RunSQL", text="ALTER TABLE t ADD CONSTRAINT x CHECK (c > 0)"), {"t"}),
    ],
)  # fmt: skip
def test_a_big_table_is_not_held_for_long(step: Step, held: set[str]) -> None:
    assert locking.tables_held([step]) == held
    assert locking.tables_held([Step("CreateModel", "t"), step]) == set()


def test_only_tables_over_a_hundred_thousand_rows_count() -> None:
    held = {"a.2": {"big", "small"}, "a.3": {"gone"}, "a.1": {"wide", "big", "deep"}}
    assert locking.long_locks(held, {"big": 100_001, "small": 100_000, "wide": 200_000, "deep": 300_000}) == [
        "a.1 holds big (100001 rows)", "a.1 holds deep (300000 rows)", "a.1 holds wide (200000 rows)",
        "a.2 holds big (100001 rows)",
    ]  # fmt: skip


def codes(found: list[Any]) -> list[str]:
    return [each.code for each in found]


def test_code_goes_back_only_to_a_release_that_is_kept_whole_and_fits_the_schema() -> None:
    assert rollback.of_code(Target(A, True), [KIND]) == []
    assert codes(rollback.of_code(Target(A, False), [BREAKING])) == ["release_not_kept"]
    found = rollback.of_code(Target(A, True, ["x.py"]), [KIND, BREAKING])
    assert codes(found) == ["release_altered", "incompatible_schema"]
    assert found[1].detail == "a.3"


def test_a_release_that_cannot_serve_says_why_and_what_goes_on_without_it() -> None:
    def detail(*said: Any, else_: str = "", **more: str) -> str:
        (found,) = Target(*said, **more).unmet(else_)
        return str(found)

    assert detail(A, True, fault="no answer of the engine") == "hooks_present: no answer of the engine"
    assert detail(A, False) == f"release_not_kept: {A}"
    assert detail("", False, else_="--keep-code") == "release_not_kept: no former release; --keep-code"
    assert detail(A, False, why="its image is gone", else_="--x") == f"release_not_kept: {A}; its image is gone; --x"
    files = [f"{n}.py" for n in range(11)]
    assert detail(A, True, files) == f"release_altered: {', '.join(files[:10])}"


def test_what_grew_since_it_was_accepted_is_named() -> None:
    shown = [Reverse("a", "0002", loses={"a_t": 7, "a_u": 1}), Reverse("b", "0004")]
    assert rollback.grown(shown, shown) == []
    assert rollback.grown(shown, [Reverse("a", "0002", loses={"a_t": 6, "a_u": 0})]) == []
    assert rollback.grown([*shown], [Reverse("a", "0002", loses={"a_u": 2, "a_t": 8}), Reverse("b", "0004")]) == [
        "a.0002: a_t (8 rows, 7 accepted)", "a.0002: a_u (2 rows, 1 accepted)",
    ]  # fmt: skip
    others = [Reverse("b", "0004", loses={"b_t": 1}), Reverse("c", "0001", loses={"c_t": 2, "c_u": 0})]
    assert rollback.grown(shown, others) == ["b.0004: b_t (1 rows, 0 accepted)", "c.0001: c_t (2 rows, 0 accepted)"]


PLAN = [Reverse("b", "0004", loses={"b_t": 0}), Reverse("a", "0002", loses={"a_t": 7, "a_t.c": 0})]


def test_migrations_go_back_only_when_nothing_is_lost_by_surprise() -> None:
    both = {"named_apps": {"a", "b"}}
    assert rollback.of_migrations([PLAN[0]], **both) == []
    (losing,) = rollback.of_migrations(PLAN, **both)
    assert (losing.code, "a.0002: a_t (7 rows);" in losing.detail) == ("would_lose_data", True)
    assert rollback.of_migrations(PLAN, **both, accepted={"a.0002"}) == []
    assert codes(rollback.of_migrations(PLAN, **both, accepted={"b.0004"})) == ["would_lose_data"]
    (pulled,) = rollback.of_migrations([PLAN[0]], named_apps={"a"})
    assert (pulled.code, pulled.detail.split(";")[0]) == ("dependants_not_named", "b")
    assert rollback.of_migrations([PLAN[0]], named_apps={"a"}, with_dependants=True) == []
    (several,) = rollback.of_migrations([Reverse(app, "1") for app in "dcba"], named_apps={"a"})
    assert several.detail == "b, c, d; --with-dependants goes on"
    assert Reverse("a", "1", loses={"a_u": 1, "a_t": 2}).lost() == ["a_t (2 rows)", "a_u (1 rows)"]
    stuck = [Reverse("a", "0003", is_reversible=False), *PLAN]
    assert codes(rollback.of_migrations(stuck, named_apps={"a"})) == [
        "irreversible", "dependants_not_named", "would_lose_data",
    ]  # fmt: skip
    assert rollback.described(PLAN) == ["take back b.0004", "take back a.0002, losing a_t (7 rows)"]


def test_no_migration_is_taken_back_that_the_release_to_serve_needs() -> None:
    assert rollback.of_needed(PLAN, {"a.0001", "c.0001"}, "1.1 (b)") == []
    (needed,) = rollback.of_needed(PLAN, {"a.0001", "a.0002", "b.0004"}, "1.1 (b)")
    assert needed.code == "schema_needed"
    assert needed.detail == "1.1 (b) needs b.0004, a.0002; --to-release goes to a release from before"


def test_a_set_goes_with_the_release_that_made_it_unless_code_is_kept() -> None:
    gone, whole = Target(A, False), Target(A, True)
    assert codes(rollback.of_set(target=gone, keeps_code=False)) == ["release_not_kept"]
    assert rollback.of_set(target=gone, keeps_code=True) == []
    assert rollback.of_set(target=whole, keeps_code=False) == []
    altered = Target(A, True, ["x.py"])
    assert codes(rollback.of_set(target=altered, keeps_code=False)) == ["release_altered"]


@pytest.mark.parametrize(
    ("step", "gone"),
    [
        (Step("CreateModel", "t"), ["t"]), (Step("AddField", "t", "c"), ["t.c"]), (Step("AlterField", "t", "c"), []),
        (Step("RunSQL", text="DROP TABLE t", undo="CREATE TABLE t (id int)"), []),
        (Step("RunSQL", undo="DROP TABLE IF EXISTS public.\"A\", b CASCADE; DROP TABLE c"), ["a", "b", "c"]),
        (Step("RunSQL", undo="ALTER TABLE ONLY public.t DROP COLUMN IF EXISTS c, DROP d"), ["t.c", "t.d"]),
        (Step("RunSQL", undo="ALTER TABLE t DROP CONSTRAINT x, ALTER COLUMN c DROP NOT NULL"), []),
        (Step("RunSQL", undo="ALTER TABLE t ALTER c DROP DEFAULT; DROP INDEX i; DROP FUNCTION f"), []),
        (Step("RunSQL", undo="TRUNCATE t; DELETE FROM u WHERE id > 7"), ["t", "u"]),
        (Step("RunSQL", undo="TRUNCATE TABLE t, u"), ["t", "u"]),
        (Step("RunSQL", undo="CREATE TRIGGER x BEFORE TRUNCATE ON t EXECUTE FUNCTION f()"), []),
    ],
)  # fmt: skip
def test_what_goes_with_a_migration_is_read_from_its_statements_too(step: Step, gone: list[str]) -> None:
    assert lost([step]) == gone
