"""The database is held against what the release promises: each fault is found by its own name, and nothing else is."""

from collections.abc import Callable

import pytest
from django.db import connection

from maristan.config.tests.counting import counted
from maristan.operations.queries import catalogue
from maristan.operations.rules.catalogue import RECORDED, Catalogue, compare
from maristan.operations.rules.findings import Finding

Owner = Callable[[str], None]

FAULTS = {
    "a table": ("DROP TABLE operations_sample", [("table_missing", "operations_sample")]),
    "a column": (
        "ALTER TABLE operations_process DROP COLUMN rss_bytes",
        [("column_missing", "operations_process.rss_bytes")],
    ),
    "a default": (
        "ALTER TABLE operations_process ALTER rss_bytes SET DEFAULT 7",
        [("column_differs", "operations_process.rss_bytes")],
    ),
    "not null": (
        "ALTER TABLE operations_process ALTER host DROP NOT NULL",
        [("column_differs", "operations_process.host")],
    ),
    "a unique": (
        "ALTER TABLE operations_process DROP CONSTRAINT operations_process_once",
        [("constraint_missing", "operations_process.operations_process_once")],
    ),
    "a check": (
        "ALTER TABLE operations_process DROP CONSTRAINT operations_process_seen",
        [("constraint_missing", "operations_process.operations_process_seen")],
    ),
    "a check that says something else": (
        "ALTER TABLE operations_process DROP CONSTRAINT operations_process_seen, "
        "ADD CONSTRAINT operations_process_seen CHECK (pid > 0)",
        [("constraint_differs", "operations_process.operations_process_seen")],
    ),
    "a check that was never validated": (
        "ALTER TABLE operations_process DROP CONSTRAINT operations_process_seen, "
        "ADD CONSTRAINT operations_process_seen CHECK (last_seen_at >= started_at) NOT VALID",
        [("constraint_missing", "operations_process.operations_process_seen")],
    ),
    "an index": (
        "DROP INDEX operations_process_seen_idx",
        [("index_missing", "operations_process.operations_process_seen_idx")],
    ),
    "an index that is not valid": (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'operations_process_seen_idx'::regclass",
        [("index_invalid", "operations_process.operations_process_seen_idx")],
    ),
    "a trigger": (
        "DROP TRIGGER operations_release_append_only ON operations_release",
        [("trigger_missing", "operations_release.operations_release_append_only")],
    ),
    "a disabled trigger": (
        "ALTER TABLE operations_release DISABLE TRIGGER operations_release_append_only",
        [("trigger_missing", "operations_release.operations_release_append_only")],
    ),
    "row-level security": (
        "ALTER TABLE directory_place DISABLE ROW LEVEL SECURITY",
        [("rls_missing", "directory_place")],
    ),
    "its force": ("ALTER TABLE directory_place NO FORCE ROW LEVEL SECURITY", [("rls_not_forced", "directory_place")]),
    "a policy": (
        "ALTER POLICY directory_place_own ON directory_place USING (true)",
        [("policy_differs", "directory_place.directory_place_own")],
    ),
    "a second policy": (
        "CREATE POLICY wide ON directory_place USING (true)",
        [("policy_differs", "directory_place.wide")],
    ),
    "a grant to everybody": (
        "GRANT SELECT ON directory_place TO public",
        [("grant_differs", "directory_place to public")],
    ),
    "a table of somebody else": ("CREATE TABLE notes (id int)", [("table_unexpected", "notes")]),
}


def differences(promised: dict[str, object], pending: tuple[str, ...] = ()) -> list[Finding]:
    return compare(promised, catalogue.read(), pending_apps=pending)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_its_name(own_database: Owner, fault: str) -> None:
    promised = dict(catalogue.read().tables)
    assert differences(promised) == []
    statement, expected = FAULTS[fault]
    own_database(statement)
    assert [(each.code, each.subject) for each in differences(promised)] == expected


def test_an_exclusion_is_a_constraint(own_database: Owner) -> None:
    own_database("CREATE TABLE bookings (at int4range, CONSTRAINT apart EXCLUDE USING gist (at WITH &&))")
    promised = dict(catalogue.read().tables)
    own_database("ALTER TABLE bookings DROP CONSTRAINT apart")
    assert [(each.code, each.subject) for each in differences(promised)] == [("constraint_missing", "bookings.apart")]


def test_a_revoked_grant_is_found_and_given_tables_stay_as_they_are(own_database: Owner) -> None:
    promised = dict(catalogue.read().tables)
    role = catalogue.read().runtime
    assert role is not None
    own_database(f'REVOKE DELETE ON directory_place FROM "{role.name}"')
    (found,) = differences(promised)
    assert (found.code, found.subject) == ("grant_differs", "directory_place to runtime")
    assert (found.expected, found.found) == ("DELETE, INSERT, SELECT, UPDATE", "INSERT, SELECT, UPDATE")


def test_a_runtime_role_that_may_bypass_is_too_strong(own_database: Owner) -> None:
    promised = dict(catalogue.read().tables)
    role = catalogue.read().runtime
    assert role is not None
    own_database(f'ALTER ROLE "{role.name}" BYPASSRLS')
    try:
        assert [each.code for each in differences(promised)] == ["runtime_role_too_strong"]
    finally:
        own_database(f'ALTER ROLE "{role.name}" NOBYPASSRLS')
    assert differences(promised) == []


def test_what_is_missing_is_told_apart_from_what_is_not_yet_migrated(own_database: Owner) -> None:
    promised = dict(catalogue.read().tables)
    own_database("DROP TABLE operations_sample")
    assert [each.hint for each in differences(promised)] == [RECORDED]
    assert [each.hint for each in differences(promised, ("operations",))] == [""]


@pytest.mark.django_db
def test_it_asks_the_same_eight_questions_of_any_number_of_tables() -> None:
    with counted() as few:
        catalogue.read()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        for number in range(200):
            cursor.execute(f"CREATE TABLE more_{number} (id int PRIMARY KEY, CONSTRAINT c{number} CHECK (id > 0))")
    with counted() as many:
        catalogue.read()
    assert len(few) == len(many) == 8


def test_a_database_without_the_role_that_serves_is_no_promised_one() -> None:
    (found,) = compare({}, Catalogue({}, None), pending_apps=())
    assert (found.code, found.subject, found.found) == ("runtime_role_too_strong", "runtime role", "no such role")
