"""Two catalogues held against each other without a database: each difference by its name, and what is said of it."""

from copy import deepcopy
from typing import Any

import pytest

from maristan.operations.rules.catalogue import RECORDED, Catalogue, Role, compare

BOUND = Role("fmu_app", is_superuser=False, bypasses=False, owned=0)
TABLE: dict[str, Any] = {
    "columns": {"id": {"type": "bigint", "null": False, "default": None}},
    "constraints": {"once": "UNIQUE (id)"}, "indexes": {"by_id": "btree (id)"}, "triggers": {"kept": "BEFORE UPDATE"},
    "rls": {"enabled": True, "forced": True, "policies": {"own": "institution"}},
    "grants": {"runtime": ["SELECT", "INSERT"]},
}  # fmt: skip
OPEN = {**deepcopy(TABLE), "rls": {"enabled": False, "forced": False, "policies": {}}}


def said(promised: Any, there: Any, **more: Any) -> list[tuple[str, str, str, str, str]]:
    """What is found of one table: code, subject, expected, found, hint."""
    found = compare(
        {"work_task": promised}, Catalogue({"work_task": there}, BOUND), pending_apps=more.get("pending", ())
    )
    return [(each.code, each.subject, each.expected, each.found, each.hint) for each in found]


def changed(*path: str, to: Any) -> dict[str, Any]:
    """The table with one thing changed; none takes it away."""
    table = deepcopy(TABLE)
    at = table
    for name in path[:-1]:
        at = at[name]
    if to is None:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return table


def test_what_is_as_promised_is_not_spoken_of() -> None:
    other_order = {**TABLE, "grants": {"runtime": ["INSERT", "SELECT"]}}
    for promised, there in ((TABLE, TABLE), (TABLE, other_order), (OPEN, OPEN)):
        assert said(promised, there) == []
    # A stricter table than promised is no fault, but for its policies and grants.
    assert said(OPEN, {**OPEN, "rls": {"enabled": True, "forced": True, "policies": {}}}) == []


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (changed("columns", "id", to=None), ("column_missing", ".id", "bigint", "no such column", RECORDED)),
        (changed("columns", "id", "type", to="int"), ("column_differs", ".id", "type bigint", "type int", "")),
        (changed("columns", "id", "null", to=True), ("column_differs", ".id", "null False", "null True", "")),
        (changed("columns", "id", "default", to="7"), ("column_differs", ".id", "default None", "default 7", "")),
        (
            changed("columns", "id", to={"type": "int", "null": True, "default": None}),
            ("column_differs", ".id", "type bigint; null False", "type int; null True", ""),
        ),
        (
            changed("constraints", "once", to=None),
            ("constraint_missing", ".once", "UNIQUE (id)", "not present", RECORDED),
        ),
        (changed("constraints", "once", to="x"), ("constraint_differs", ".once", "UNIQUE (id)", "x", "")),
        (changed("indexes", "by_id", to=None), ("index_missing", ".by_id", "btree (id)", "not present", RECORDED)),
        (changed("indexes", "by_id", to="x"), ("index_missing", ".by_id", "btree (id)", "x", "")),
        (changed("triggers", "kept", to=None), ("trigger_missing", ".kept", "BEFORE UPDATE", "not present", RECORDED)),
        (changed("triggers", "kept", to="x"), ("trigger_missing", ".kept", "BEFORE UPDATE", "x", "")),
        (
            {**changed("indexes", "by_id", to=None), "not_in_force": ["by_id"]},
            ("index_invalid", ".by_id", "btree (id)", "not valid", "REINDEX by_id"),
        ),
        (
            {**changed("triggers", "kept", to=None), "not_in_force": ["kept"]},
            ("trigger_missing", ".kept", "BEFORE UPDATE", "present but not in force", ""),
        ),
        (changed("rls", "enabled", to=False), ("rls_missing", "", "row-level security", "disabled", RECORDED)),
        (
            changed("rls", "forced", to=False),
            ("rls_not_forced", "", "forced for the owner too", "not forced", RECORDED),
        ),
        (changed("rls", "policies", "own", to="true"), ("policy_differs", ".own", "institution", "true", "")),
        (changed("rls", "policies", to={}), ("policy_differs", ".own", "institution", "none", "")),
        (changed("grants", "runtime", to=["SELECT"]), ("grant_differs", " to runtime", "INSERT, SELECT", "SELECT", "")),
        (changed("grants", to={}), ("grant_differs", " to runtime", "INSERT, SELECT", "", "")),
    ],
)  # fmt: skip
def test_each_difference_of_a_table_has_its_name(
    there: dict[str, Any], expected: tuple[str, str, str, str, str]
) -> None:
    code, subject, *more = expected
    assert said(TABLE, there) == [(code, f"work_task{subject}", *more)]


def test_what_nobody_promised_to_let_in_is_found() -> None:
    wide = {**TABLE, "rls": {**TABLE["rls"], "policies": {"own": "institution", "any": "true", "all": "true"}}}
    assert [each[:2] for each in said(TABLE, wide)] == [
        ("policy_differs", "work_task.all"), ("policy_differs", "work_task.any"),
    ]  # fmt: skip
    given = {**TABLE, "grants": {**TABLE["grants"], "public": ["SELECT"], "olga": ["SELECT"]}}
    assert [each[:4] for each in said(TABLE, given)] == [
        ("grant_differs", "work_task to olga", "", "SELECT"), ("grant_differs", "work_task to public", "", "SELECT"),
    ]  # fmt: skip


def test_a_table_is_missing_unexpected_or_not_yet_migrated() -> None:
    promised = dict.fromkeys(("work_task", "agenda_entry"), OPEN)
    there = Catalogue({"zeta": OPEN, "alpha": OPEN}, BOUND)
    found = compare(promised, there, pending_apps=("work", "projects"))
    assert [(each.code, each.subject, each.hint) for each in found] == [
        ("table_missing", "agenda_entry", RECORDED), ("table_missing", "work_task", ""),
        ("table_unexpected", "alpha", ""), ("table_unexpected", "zeta", ""),
    ]  # fmt: skip
    assert said(TABLE, changed("columns", "id", to=None), pending=("work",))[0][-1] == ""
    assert said(TABLE, changed("columns", "id", to=None), pending=("wor",))[0][-1] == RECORDED


@pytest.mark.parametrize(
    ("role", "strength"),
    [
        (Role("a", True, False, 0), "superuser"), (Role("a", False, True, 0), "bypasses row-level security"),
        (Role("a", False, False, 1), "owns tables"), (Role("a", True, False, 2), "superuser, owns tables"),
    ],
)  # fmt: skip
def test_the_role_that_serves_is_bound_and_owns_nothing(role: Role, strength: str) -> None:
    assert compare({}, Catalogue({}, BOUND), pending_apps=()) == []
    (found,) = compare({}, Catalogue({}, role), pending_apps=())
    assert (found.code, found.subject, found.found) == ("runtime_role_too_strong", "a", strength)
    assert found.hint == 'ALTER ROLE "a" NOSUPERUSER NOBYPASSRLS'
