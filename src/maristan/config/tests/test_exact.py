"""What others rely on to the letter: tables, columns, unique keys, paths and settings that keep their names."""

import pytest
from django.db import connection

from maristan.config import settings as configured
from maristan.directory.tests import factories as directory
from maristan.kernel.tests.client import Client

COLUMNS = {
    "timetable_session": {
        "id", "created_at", "updated_at", "starts_at", "ends_at", "academic_period_id", "department_id", "faculty_id",
        "group_id",
    },
    "timetable_sessionallocation": {"session_id", "kind", "resource_id"},
    "timetable_weekplan": {"scope", "batch_id", "week_start_date", "status", "version"},
    "timetable_weekslotrow": {"week_plan_id", "row_index", "start_time", "end_time"},
    "timetable_weekcell": {"week_plan_id", "slot_row_id", "day_of_week", "status"},
    "timetable_weekchangelog": {"week_plan_id", "version_from", "version_to", "reason"},
    "timetable_sessionoccurrence": {"week_plan_id", "week_cell_id", "date", "session_id", "state"},
    "academics_application": {"batch_year", "current_year", "date_of_birth", "email", "phone"},
}  # fmt: skip
UNIQUE = {
    "timetable_weekplan": {"institution_id", "scope", "batch_id", "week_start_date"},
    "timetable_weekslotrow": {"week_plan_id", "row_index"},
    "timetable_weekcell": {"week_plan_id", "day_of_week", "slot_row_id"},
    "timetable_sessionoccurrence": {"week_cell_id", "date"},
}
PATHS = ("timetable/sessions", "students", "legacy/enrollment", "legacy/requests")
SETTINGS = {"TIMETABLE_SLOT_COUNT": 8, "ENABLE_LEGACY_MODULES": False, "ALLOW_LEGACY_WRITES": False}


@pytest.mark.django_db
@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_has_the_columns_that_others_read(table: str) -> None:
    with connection.cursor() as cursor:
        found = {each.name for each in connection.introspection.get_table_description(cursor, table)}
    assert COLUMNS[table] <= found


@pytest.mark.django_db
@pytest.mark.parametrize("table", UNIQUE)
def test_a_unique_key_is_just_these_columns(table: str) -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).values()
    assert UNIQUE[table] in [set(each["columns"]) for each in constraints if each["unique"]]


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
def test_a_path_answers_with_and_without_its_version(settings: pytest.FixtureRequest, prefix: str) -> None:
    settings.ENABLE_LEGACY_MODULES = True  # type: ignore[attr-defined]
    directory.institution()
    ruth = Client(directory.member("Ruth", "registrar"))
    assert [ruth.get(f"{prefix}{path}/").status for path in PATHS] == [200] * len(PATHS)
    assert [Client().get(f"{prefix}{path}/").status for path in PATHS] == [401] * len(PATHS)


def test_settings_keep_their_names_and_defaults() -> None:
    assert {name: getattr(configured, name) for name in SETTINGS} == SETTINGS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/media/photo.jpg", "/media/", "/oobc-management/staff/calendar/feed/json/", "/oobc-management/staff/tasks/"],
)
def test_an_address_for_programs_that_leads_nowhere_says_so_and_shows_no_page(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status, answer.code) == (404, "not_found")
