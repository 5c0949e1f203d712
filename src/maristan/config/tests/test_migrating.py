"""A filled database of the first release is migrated as it is: nothing is asked, and nothing is lost."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from maristan.config.database import runtime_role
from maristan.conftest import _act_as, _as_owner

FIRST_RELEASE = [
    ("kernel", "0004_language_chosen"),
    ("directory", "0007_leave_attachment"),
    ("academics", "0004_database_marks"),
    ("timetable", "0003_pairs"),
]


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database without tables, in which the owner acts."""
    usual, name = connection.settings_dict["NAME"], f"test_empty_{uuid.uuid4().hex[:10]}"
    _act_as(None)
    _as_owner(f'CREATE DATABASE "{name}"')
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
        _as_owner(f'DROP DATABASE "{name}" WITH (FORCE)')
        _act_as(runtime_role(connection.settings_dict["USER"]))


def _fill(apps: Any) -> None:
    """One row of each thing that the later steps touch or stand beside."""

    def enter(label: str, **values: Any) -> Any:
        return apps.get_model(label).objects.create(**values)

    here = enter("directory.Institution", code="fmu", name="FMU", time_zone="Asia/Karachi", country="PK")
    own = {"institution": here}
    sara = enter("directory.Person", name="Sara", **own)
    enter("directory.ContactInfo", person=sara, kind="email", value="sara@example.edu", is_primary=True, **own)
    enter("directory.Membership", person=sara, role="student", from_date="2026-01-01", **own)
    enter("directory.Leave", person=sara, kind="medical", start_date="2026-02-01", status="pending", **own)
    where = enter("directory.Department", name="Pathology", code="PATH", **own)
    program = enter("academics.Program", name="Medicine", code="MBBS", structure_type="yearly", total_periods=5, **own)
    batch = enter("academics.Batch", program=program, name="2031", intake_year=2026, graduation_year=2031, **own)
    group = enter("academics.Group", batch=batch, name="A", position=1, **own)
    period = enter("academics.AcademicPeriod", program=program, kind="year", name="Year 1", position=1, **own)
    course = enter("academics.Course", code="PATH1", name="Pathology", department=where, **own)
    section = enter("academics.Section", course=course, academic_period=period, name="A", **own)
    student = enter(
        "academics.Student", person=sara, reg_no="MBBS310001", program=program, batch=batch, group=group, **own
    )
    enter("academics.Placement", student=student, batch=batch, group=group, from_date="2026-01-01", **own)
    enter(
        "academics.Enrollment", student=student, section=section, enrolled_at="2026-01-02T00:00Z", enrolled_by="Ruth",
        **own,
    )  # fmt: skip


def test_filled_tables_of_the_first_release_are_migrated_without_a_question(empty_database: None) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(FIRST_RELEASE)
    before = executor.loader.project_state(FIRST_RELEASE).apps
    _fill(before)
    call_command("migrate", interactive=False, verbosity=0)
    assert MigrationExecutor(connection).migration_plan(executor.loader.graph.leaf_nodes()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT reg_no FROM academics_student JOIN academics_enrollment e ON e.student_id = 1")
        assert cursor.fetchall() == [("MBBS310001",)]
        cursor.execute("SELECT code FROM academics_requesttype ORDER BY code")
        assert [row[0] for row in cursor.fetchall()] == ["bonafide", "correction", "noc", "other", "transcript"]
