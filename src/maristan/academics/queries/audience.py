"""Who holds the audience keys of academics."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from maristan.academics.models import Enrollment, Placement, Section, SectionTeacher, Student

LIVE = ("active", "on_leave")


def audience_of(person_id: int, day: date) -> set[str]:
    """The keys that a person holds on a day as a student or as the teacher of sections."""
    keys: set[str] = set()
    placed = (
        Placement.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=day))
        .filter(student__person_id=person_id, from_date__lte=day)
        .values_list("student_id", "student__status", "student__program_id", "batch_id", "group_id",
                     "batch__graduation_year")
    )  # fmt: skip
    for student, status, program, batch, group, graduation in placed:
        keys |= {f"program:{program}", f"batch:{batch}", f"status:{status}", f"graduation:{graduation}"}
        keys |= {f"student:{student}"} | ({f"group:{group}"} if status in LIVE else set())
    seats = Enrollment.objects.filter(student__person_id=person_id, status="active")
    for section, course, period in seats.values_list("section_id", "section__course_id", "section__academic_period_id"):
        keys |= {f"section:{section}", f"course:{course}", f"period:{period}"}
    return keys


def people_of_programs(programs: Iterable[int]) -> "QuerySet[Any]":
    """Person ids of the students of programs, as a subquery."""
    return Student.objects.filter(program_id__in=list(programs)).values("person_id")


def sections_taught_by(person_id: int | None) -> set[int]:
    """Ids of the sections that a person teaches."""
    if person_id is None:
        return set()
    own = Section.objects.filter(faculty_id=person_id).values_list("pk", flat=True)
    further = SectionTeacher.objects.filter(person_id=person_id).values_list("section_id", flat=True)
    return {*own, *further}


def teachers_of(section_id: int | None) -> frozenset[int]:
    """Person ids of everybody who teaches a section."""
    if section_id is None:
        return frozenset()
    first = Section.objects.filter(pk=section_id).values_list("faculty_id", flat=True)
    further = SectionTeacher.objects.filter(section_id=section_id).values_list("person_id", flat=True)
    return frozenset(each for each in (*first, *further) if each is not None)
