"""The database shows one institution at a time, to the role that the product runs as."""

from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from maristan.config import database
from maristan.config.database import runtime_role
from maristan.directory.models import Department, Institution
from maristan.directory.tests import factories as make
from maristan.kernel import roles_sql, tenancy

pytestmark = pytest.mark.django_db


def query(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def test_the_product_runs_as_a_role_that_cannot_bypass_and_owns_nothing() -> None:
    assert query("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False, False)]
    assert query("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == [(0,)]


def test_without_an_institution_a_query_sees_nothing() -> None:
    make.institution()
    make.department()
    tenancy.enter(None)
    assert query("SELECT count(*) FROM directory_department") == [(0,)]
    assert not Institution.objects.exists()


def test_another_institutions_rows_cannot_be_read_changed_or_deleted() -> None:
    make.institution("fmu")
    pathology = make.department("Pathology")
    make.institution("other")
    assert query("SELECT count(*) FROM directory_department") == [(0,)]
    assert Department.objects.filter(pk=pathology.pk).update(name="X") == 0
    assert Department.objects.filter(pk=pathology.pk).delete()[0] == 0
    tenancy.enter(pathology.institution_id)
    pathology.refresh_from_db()
    assert pathology.name == "Pathology"


def test_a_row_cannot_be_written_into_another_institution() -> None:
    first = make.institution("fmu")
    make.institution("other")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Department.objects.create(institution_id=first.pk, code="X", name="X")


def test_a_new_row_belongs_to_the_institution_in_context() -> None:
    here = make.institution()
    assert make.department().institution_id == here.pk


def test_acting_in_another_institution_ends_with_its_block() -> None:
    first, second = make.institution("fmu"), make.institution("other")
    with tenancy.acting_in(first.pk):
        assert [each.pk for each in Institution.objects.all()] == [first.pk]
    assert [each.pk for each in Institution.objects.all()] == [second.pk]


def test_an_owner_sees_one_institution_while_it_acts_in_it_and_all_of_them_after(settings: Any) -> None:
    pathology, law = [make.institution(code) and make.department(code) for code in ("fmu", "other")]
    query("SET LOCAL ROLE none")
    settings.BOUND_ROLE = runtime_role(connection.settings_dict["USER"])

    def seen() -> set[int]:
        return set(Department.objects.values_list("pk", flat=True))

    assert seen() == {pathology.pk, law.pk}
    with tenancy.acting_in(None):
        assert seen() == {pathology.pk, law.pk}
        with tenancy.acting_in(pathology.institution_id):
            assert seen() == {pathology.pk}
            with tenancy.acting_in(None):
                assert seen() == {pathology.pk, law.pk}
            assert seen() == {pathology.pk}
        assert seen() == {pathology.pk, law.pk}
        with tenancy.acting_in(None, is_bound=True):
            with tenancy.acting_in(law.institution_id):
                assert seen() == {law.pk}
            assert seen() == set()
        assert seen() == {pathology.pk, law.pk}


def test_only_a_process_of_the_owner_becomes_another_role(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"USER": "maristan"}
    monkeypatch.delenv("MARISTAN_DB_OWNER")
    assert database.bound_role(found) == ""
    monkeypatch.setenv("MARISTAN_DB_OWNER", "1")
    assert database.bound_role(found) == "maristan_app"
    assert database.bound_role({"ENGINE": "django.db.backends.dummy"}) == ""


def test_the_runtime_role_may_not_truncate_or_alter() -> None:
    for statement in ("TRUNCATE directory_department", "ALTER TABLE directory_department DISABLE ROW LEVEL SECURITY"):
        with pytest.raises(DatabaseError), transaction.atomic():
            query(statement)


def test_an_owner_who_cannot_bypass_is_named_and_nothing_is_made() -> None:
    query("SET LOCAL ROLE none")
    with connection.cursor() as cursor:
        roles_sql.must_bypass(cursor)
        query("CREATE ROLE bound_owner NOLOGIN NOSUPERUSER NOBYPASSRLS")
        query("ALTER FUNCTION directory_institutions_of(bigint) OWNER TO bound_owner")
        with pytest.raises(roles_sql.OwnerIsBound, match='ALTER ROLE "bound_owner" BYPASSRLS'):
            roles_sql.ensure_runtime_role(cursor)
    assert query("SELECT 1 FROM pg_roles WHERE rolname = 'bound_owner_app'") == []


def test_a_function_that_looks_across_institutions_is_not_led_astray_by_temporary_tables() -> None:
    there = "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    functions = dict(query(there))
    assert len(functions) >= 7
    assert {name: path for name, path in functions.items() if path != ["search_path=public, pg_temp"]} == {}
    make.institution()
    query("CREATE TEMPORARY TABLE directory_institution ON COMMIT DROP AS SELECT 0::bigint AS id, '' AS code")
    assert 0 not in tenancy.institution_ids()
