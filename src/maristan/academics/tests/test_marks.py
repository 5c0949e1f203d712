"""What is refused because something else depends on it: deletes, dates, years, and by the database itself."""

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.models import AcademicPeriod, Batch, Course, Program, Section
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
ACADEMICS = "/api/v1/academics/"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def test_a_program_with_courses_coordinators_or_holidays_stays(alice: Client) -> None:
    program = make.program()
    make.course("X1", program)
    directory.membership(directory.person("Cora"), "coordinator", scope=("program", program.pk))
    directory.holiday("Exams", "2026-05-01", scope=("program", program.pk))
    refused = alice.delete(f"{ACADEMICS}programs/{program.pk}/")
    assert (refused.status, refused.code) == (409, "PROTECTED_DELETE")
    assert refused.json["counts"] == {"courseprogram": 1, "membership": 1, "holiday": 1}
    assert (Program.objects.count(), Course.objects.get().course_programs.count()) == (1, 1)
    assert JournalLine.objects.count() == 0


def test_a_batch_that_a_role_or_a_holiday_is_scoped_to_stays(alice: Client) -> None:
    batch = make.batch()
    held = directory.membership(directory.person("Cora"), "coordinator", scope=("batch", batch.pk))
    refused = alice.delete(f"{ACADEMICS}batches/{batch.pk}/")
    assert (refused.code, refused.json["counts"]) == ("PROTECTED_DELETE", {"membership": 1})
    held.delete()
    assert alice.delete(f"{ACADEMICS}batches/{batch.pk}/").status == 204
    assert Batch.objects.count() == 0


def test_a_retired_program_takes_no_batch_back(alice: Client) -> None:
    batch = make.batch(make.program(status="retired"), is_active=False)
    refused = alice.patch(f"{ACADEMICS}batches/{batch.pk}/", {"is_active": True}, version=1)
    assert (refused.status, refused.code) == (409, "program_retired")
    assert Batch.objects.get().is_active is False


@pytest.mark.parametrize("status", ["open", "closed"])
def test_a_period_that_was_opened_keeps_its_dates(alice: Client, status: str) -> None:
    period = make.period(status=status)
    refused = alice.patch(
        f"{ACADEMICS}academic-periods/{period.pk}/", {"start_date": None, "end_date": None}, version=1
    )
    assert (refused.status, refused.code, refused.missing) == (409, "period_not_dated", ["period_not_dated"])
    assert AcademicPeriod.objects.get().start_date == make.FIRST_DAY


def test_the_year_of_enrolment_is_not_after_that_of_graduation(alice: Client) -> None:
    student = make.student(status="graduated", enrollment_year=2020, actual_graduation_year=2025)
    refused = alice.patch(f"{ACADEMICS}students/{student.pk}/", {"enrollment_year": 2030}, version=1)
    assert (refused.status, refused.pointers) == (422, [("/enrollment_year", "out_of_range")])
    student.refresh_from_db()
    assert (student.enrollment_year, student.version) == (2020, 1)


def test_the_same_values_again_change_nothing(alice: Client) -> None:
    student = make.student(name="Sara", email="sara@example.edu", enrollment_year=2026)
    body = {"name": "Sara", "email": "Sara@example.edu", "enrollment_year": 2026, "gender": "UNDISCLOSED"}
    same = alice.patch(f"{ACADEMICS}students/{student.pk}/", body, version=1)
    assert (same.status, same.json["version"], JournalLine.objects.count()) == (200, 1, 0)
    changed = alice.patch(f"{ACADEMICS}students/{student.pk}/", {**body, "phone": "0300 1234567"}, version=1)
    assert changed.json["version"] == 2
    assert JournalLine.objects.get(kind="student.updated").changes == {"phone": [None, None], "version": [1, 2]}


def test_who_does_not_teach_is_no_teacher_of_a_section(alice: Client) -> None:
    course, period, student = make.course(), make.period(), make.student()
    khan = directory.member("Khan", "faculty")
    body = {"course": course.pk, "academic_period": period.pk, "name": "S1"}
    refused = alice.post(f"{ACADEMICS}sections/", {**body, "faculty": student.person_id})
    assert (refused.status, refused.pointers) == (422, [("/faculty", "not_a_teacher")])
    refused = alice.post(
        f"{ACADEMICS}sections/", {**body, "faculty": khan.pk, "teachers": [khan.pk, student.person_id]}
    )
    assert (refused.status, refused.pointers) == (422, [("/teachers/1", "not_a_teacher")])
    assert Section.objects.count() == 0
    made = alice.post(f"{ACADEMICS}sections/", {**body, "faculty": khan.pk}).json
    khan.memberships.update(to_date="2021-01-01")
    kept = alice.patch(f"{ACADEMICS}sections/{made['id']}/", {"faculty": khan.pk, "capacity": 60}, version=1)
    assert (kept.status, kept.json["capacity"]) == (200, 60)


def test_a_coordinator_keeps_the_courses_of_own_programs_alone(alice: Client) -> None:
    own, other = make.program("Own"), make.program("Other")
    cora = Client(directory.member("Cora", "coordinator", scope=("program", own.pk)))
    department = directory.department("Anatomy")
    body = {"code": "ANA1", "name": "Anatomy", "department": department.pk}
    of_all = cora.post(f"{ACADEMICS}courses/", {**body, "programs": []})
    assert (of_all.status, of_all.code) == (403, "not_allowed")
    for position, programs in ((0, [other.pk]), (1, [own.pk, other.pk])):
        refused = cora.post(f"{ACADEMICS}courses/", {**body, "programs": programs})
        assert (refused.status, refused.pointers) == (422, [(f"/programs/{position}", "unknown_reference")])
    shared = make.course("X1", own, other)
    refused = cora.patch(f"{ACADEMICS}courses/{shared.pk}/", {"name": "X"}, version=1)
    assert (refused.status, refused.code) == (404, "not_found")
    made = cora.post(f"{ACADEMICS}courses/", {**body, "programs": [own.pk]})
    assert made.status == 201
    assert cora.delete(f"{ACADEMICS}courses/{made.json['id']}/").status == 204


def test_the_database_keeps_what_is_below_a_period_in_its_program_and_batch() -> None:
    directory.institution()
    batch = make.batch()
    year = make.period(batch.program)
    make.period(batch.program, kind="semester", parent=year)
    for change in ({"batch": batch}, {"program": make.program()}):
        with pytest.raises(IntegrityError, match="program or batch"), transaction.atomic():
            AcademicPeriod.objects.filter(pk=year.pk).update(**change)
    assert AcademicPeriod.objects.filter(program=batch.program, batch=None).count() == 2
