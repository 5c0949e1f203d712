"""Who holds the audience keys of academics, and which students a reach covers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.academics.models import AcademicPeriod, Enrollment, Placement, Section, SectionTeacher, Student
from maristan.academics.queries.roster import ATTENDING, placed_on
from maristan.academics.rules.states import EnrollmentStatus
from maristan.kernel.access import Reach


def audience_of(person_id: int, day: date) -> set[str]:
    """The keys that a person holds on a day as a student or as the teacher of sections."""
    keys: set[str] = set()
    placed = (
        Placement.objects.filter(placed_on(day), student__person_id=person_id)
        .values_list("student_id", "student__status", "student__program_id", "batch_id", "group_id",
                     "batch__graduation_year")
    )  # fmt: skip
    for student, status, program, batch, group, graduation in placed:
        keys |= {f"program:{program}", f"batch:{batch}", f"status:{status}", f"graduation:{graduation}"}
        keys |= {f"student:{student}"} | ({f"group:{group}"} if status in ATTENDING else set())
    seats = Enrollment.objects.filter(student__person_id=person_id, status="active")
    for section, course, period in seats.values_list("section_id", "section__course_id", "section__academic_period_id"):
        keys |= {f"section:{section}", f"course:{course}", f"period:{period}"}
    return keys


def people_of_programs(reach: Reach) -> "QuerySet[Any]":
    """Person ids of the students of the programs, batches and departments of a reach, as a subquery."""
    found = Q(program_id__in=reach.programs) | Q(batch_id__in=reach.batches)
    if reach.departments:
        found |= Q(pk__in=taught_in(reach.departments))
    return Student.objects.filter(found).values("person_id")


def taught_in(departments: Iterable[int]) -> "QuerySet[Any]":
    """Ids of the students enrolled in courses of departments, or whose batch rotates there, as a subquery."""
    wanted = list(departments)
    seated = Enrollment.objects.filter(
        student=OuterRef("pk"), section__course__department_id__in=wanted, status=EnrollmentStatus.ACTIVE
    )
    there = Q(primary_department_id__in=wanted) | Q(sub_department_id__in=wanted)
    of_batch = Q(batch=OuterRef("batch_id")) | Q(batch=None, program=OuterRef("program_id"))
    rotating = AcademicPeriod.objects.filter(there, of_batch, start_date__isnull=False)
    return Student.objects.filter(Exists(seated) | Exists(rotating)).values("pk")


def sections_taught_by(person_id: int | None) -> set[int]:
    """Ids of the sections that a person teaches."""
    if person_id is None:
        return set()
    own = Section.objects.filter(faculty_id=person_id).values_list("pk", flat=True)
    further = SectionTeacher.objects.filter(person_id=person_id).values_list("section_id", flat=True)
    return {*own, *further}


def sections_of(person_id: int | None) -> "QuerySet[Any]":
    """Ids of the sections that a person teaches, as a subquery."""
    further = SectionTeacher.objects.filter(section=OuterRef("pk"), person_id=person_id or 0)
    return Section.objects.filter(Q(faculty_id=person_id or 0) | Exists(further)).values("pk")


def teachers_of(section_id: int | None) -> frozenset[int]:
    """Person ids of everybody who teaches a section."""
    if section_id is None:
        return frozenset()
    first = Section.objects.filter(pk=section_id).values_list("faculty_id", flat=True)
    further = SectionTeacher.objects.filter(section_id=section_id).values_list("person_id", flat=True)
    return frozenset(each for each in (*first, *further) if each is not None)


def sections_attended_by(person_id: int | None) -> "QuerySet[Any]":
    """Ids of the sections in which a person has or had a seat to the end, as a subquery."""
    kept = (EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED)
    return Enrollment.objects.filter(student__person_id=person_id or 0, status__in=kept).values("section_id")


def people_attending(section_id: int) -> set[int]:
    """Person ids of those who have or had a seat in a section to the end."""
    kept = (EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED)
    found = Enrollment.objects.filter(section_id=section_id, status__in=kept)
    return set(found.values_list("student__person_id", flat=True))
