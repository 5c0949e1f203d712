"""What the database itself refuses, also to a writer who bypasses the actions."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.models import CourseProgram, Enrollment, Placement, SectionTeacher, Student
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.rows import violated

pytestmark = pytest.mark.django_db
Writer = Callable[[], object]


def refused(write: Writer) -> str:
    """The constraint that stands against a write."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return violated(error.value)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"structure_type": "custom"}, "academics_program_length"),
        ({"structure_type": "custom", "period_length_months": 0}, "academics_program_length"),
        ({"structure_type": "yearly", "period_length_months": 12}, "academics_program_length"),
        ({"structure_type": "semester", "period_length_months": 6}, "academics_program_length"),
        ({"total_periods": 0}, "academics_program_total"),
    ],
)
def test_a_program_with_a_structure_that_is_none(values: dict[str, object], constraint: str) -> None:
    directory.institution()
    assert refused(lambda: make.program(**values)) == constraint


@pytest.mark.parametrize("years", [(1899, 1905), (2096, 2101), (2026, 2026), (2026, 2025), (2026, 2039)])
def test_a_batch_with_years_that_cannot_be(years: tuple[int, int]) -> None:
    directory.institution()
    program = make.program()
    values = dict(zip(("intake_year", "graduation_year"), years, strict=True))
    assert refused(lambda: make.batch(program, **values)) == "academics_batch_years"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"start_date": date(2026, 3, 9), "end_date": date(2026, 3, 8)}, "academics_academicperiod_dates"),
        ({"start_date": None}, "academics_academicperiod_dates"),
        ({"end_date": None}, "academics_academicperiod_dates"),
        ({"level_no": 0}, "academics_academicperiod_level"),
        ({"level_no": 21}, "academics_academicperiod_level"),
    ],
)
def test_a_period_that_ends_before_it_starts_or_is_of_no_level(values: dict[str, object], constraint: str) -> None:
    directory.institution()
    program = make.program()
    assert refused(lambda: make.period(program, **values)) == constraint


def test_a_period_of_a_batch_of_another_program() -> None:
    directory.institution()
    program, batch = make.program(), make.batch()
    assert refused(lambda: make.period(program, batch=batch)) == "academics_academicperiod_batch_of_program"


def test_siblings_of_one_name_or_position_also_without_batch_and_parent() -> None:
    directory.institution()
    year = make.period(position=1)
    assert refused(lambda: make.period(year.program, year.name)) == "academics_academicperiod_name_once"
    assert refused(lambda: make.period(year.program, position=1)) == "academics_academicperiod_position_once"


@pytest.mark.parametrize("credits", [-1, 61])
def test_a_course_of_too_many_credits_or_twice_in_a_program(credits: int) -> None:
    directory.institution()
    course, program = make.course("PATH"), make.program()
    assert refused(lambda: make.course(credits=credits)) == "academics_course_credits"
    assert refused(lambda: make.course("path")) == "academics_course_code_once"
    CourseProgram.objects.create(course=course, program=program)
    assert refused(lambda: CourseProgram.objects.create(course=course, program=program)) == (
        "academics_courseprogram_once"
    )


@pytest.mark.parametrize("capacity", [0, 5001])
def test_a_section_without_seats_below_the_enrolled_or_of_a_name_twice(capacity: int) -> None:
    directory.institution()
    section = make.section()
    assert refused(lambda: make.section(capacity=capacity)) == "academics_section_capacity"
    twice = {"academic_period": section.academic_period, "name": section.name}
    assert refused(lambda: make.section(section.course, **twice)) == "academics_section_name_once"
    for _ in range(2):
        make.enrollment(in_section=section)
    section.capacity = 1
    assert refused(section.save) == "academics_section_enrolled"
    khan = directory.person("Khan")
    SectionTeacher.objects.create(section=section, person=khan)
    assert refused(lambda: SectionTeacher.objects.create(section=section, person=khan)) == (
        "academics_sectionteacher_once"
    )


def test_one_seat_too_many_also_by_moving_or_reviving_one() -> None:
    directory.institution()
    full, other = make.section(capacity=1), make.section()
    make.enrollment(in_section=full)
    seat, gone = make.enrollment(in_section=other), make.enrollment(in_section=full, status="dropped")
    for change in ({"pk": seat.pk, "section": full}, {"pk": gone.pk, "status": "active"}):
        pk = change.pop("pk")
        assert refused(lambda pk=pk, change=change: Enrollment.objects.filter(pk=pk).update(**change)) == (
            "academics_enrollment_capacity"
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"current_year": 0}, "academics_student_current_year"),
        ({"current_year": 21}, "academics_student_current_year"),
        ({"enrollment_year": 2026, "actual_graduation_year": 2025}, "academics_student_graduation_year"),
        ({"reg_no": ""}, "academics_student_reg_no_given"),
    ],
)
def test_a_student_of_no_year_or_without_a_number(values: dict[str, object], constraint: str) -> None:
    directory.institution()
    group = make.group()
    assert refused(lambda: make.student(group, **values)) == constraint


def test_a_student_of_a_number_twice_or_whose_batch_is_of_another_program() -> None:
    directory.institution()
    student, elsewhere = make.student(reg_no="A-1"), make.group()
    rows = Student.objects.filter(pk=student.pk)
    assert refused(lambda: make.student(elsewhere, reg_no="a-1")) == "academics_student_reg_no_once"
    assert refused(lambda: rows.update(program=elsewhere.batch.program)) == "academics_student_batch_of_program"
    assert refused(lambda: rows.update(group=elsewhere)) == "academics_student_group_of_batch"
    assert refused(lambda: make.student(elsewhere, person=student.person)) == "academics_student_person_id_key"


def test_placements_that_overlap_end_before_they_begin_or_leave_their_batch() -> None:
    directory.institution()
    student, elsewhere = make.student(), make.group()

    def placed(**values: object) -> Writer:
        found = {"batch": student.batch, "group": student.group, "from_date": date(2025, 1, 1), **values}
        return lambda: Placement.objects.create(student=student, **found)

    last, late = date(2024, 12, 31), {"from_date": date(2026, 3, 1), "to_date": date(2026, 3, 2)}
    assert refused(placed(to_date=last)) == "academics_placement_dates"
    assert refused(placed(to_date=date(2025, 2, 1), group=elsewhere)) == "academics_placement_group_of_batch"
    assert refused(placed(**late)) == "academics_placement_no_overlap"
    assert refused(placed()) in {"academics_placement_one_open", "academics_placement_no_overlap"}
