"""Reads of courses and sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from maristan.academics.models import Course, CourseProgram, Enrollment, Section, SectionTeacher
from maristan.academics.queries.structure import counted, matching, of_visible_programs
from maristan.academics.rules.states import EnrollmentStatus, Perm
from maristan.kernel import rows
from maristan.kernel.access import Actor
from maristan.kernel.search import Hit


@dataclass(frozen=True, slots=True)
class Availability:
    """The seats of a section."""

    section_id: int
    capacity: int
    enrolled: int

    @property
    def available(self) -> int:
        """Seats left, never below none."""
        return max(self.capacity - self.enrolled, 0)

    @property
    def is_available(self) -> bool:
        """True when a seat is left."""
        return self.available > 0


def courses(*, actor: Actor) -> "QuerySet[Course]":
    """All courses, with those of the programs they belong to that the actor may see."""
    actor.demand(Perm.COURSE_VIEW)
    programs = CourseProgram.objects.filter(of_visible_programs(actor, "program__")).select_related("program")
    return Course.objects.select_related("department").prefetch_related(Prefetch("course_programs", programs))


def sections(*, actor: Actor) -> "QuerySet[Section]":
    """The sections in periods of the programs that the actor may see, with what lists show of them.

    `enrolled_count` counts the ACTIVE enrolments, `teachers` are the further ones by name.
    """
    actor.demand(Perm.SECTION_VIEW)
    seated = Enrollment.objects.filter(status=EnrollmentStatus.ACTIVE)
    further = SectionTeacher.objects.filter(section=OuterRef("pk")).order_by("person__name", "person_id")
    return (
        Section.objects.filter(of_visible_programs(actor, "academic_period__program__"))
        .select_related("academic_period")
        .annotate(
            enrolled_count=counted(seated, "section"),
            teachers=ArraySubquery(further.values(each=JSONObject(id="person_id", name="person__name"))),
            course_code=F("course__code"),
            course_name=F("course__name"),
            faculty_name=F("faculty__name"),
            group_name=F("group__name"),
        )
    )


def matching_sections(found: "QuerySet[Section]", text: str) -> "QuerySet[Section]":
    """Sections whose name, course or teacher contains the text."""
    if not text.strip():
        return found
    by_course = Q(course__code__icontains=text) | Q(course__name__icontains=text)
    return found.filter(Q(name__icontains=text) | by_course | Q(faculty__name__icontains=text))


def taught_by(found: "QuerySet[Section]", person_id: int) -> "QuerySet[Section]":
    """Those of `found` that a person teaches, alone or with others."""
    return found.filter(Q(faculty_id=person_id) | Q(further_teachers__person_id=person_id)).distinct()


def enrolled_count(section_id: int) -> int:
    """Seats taken in a section."""
    return Enrollment.objects.filter(section_id=section_id, status=EnrollmentStatus.ACTIVE).count()


def availability(pk: int, *, actor: Actor) -> Availability:
    """The seats of a section; raises `NotFound`."""
    section = rows.one(sections(actor=actor), pk)
    return Availability(section.pk, section.capacity, section.enrolled_count)  # type: ignore[attr-defined]


def find_courses(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Courses for the search box."""
    if not actor.may(Perm.COURSE_VIEW):
        return []
    found = matching(courses(actor=actor), text).prefetch_related(None).order_by("code", "pk")[:limit]
    return [Hit("course", row.name, row.code, f"/academics/courses/{row.pk}") for row in found]


def find_sections(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Sections for the search box: only those that the actor may see."""
    if not actor.may(Perm.SECTION_VIEW):
        return []
    found: QuerySet[Any] = matching_sections(sections(actor=actor), text)
    return [
        Hit("section", f"{row.course_code} {row.name}", row.course_name, f"/academics/sections/{row.pk}")
        for row in found.order_by("course__code", "name", "pk")[:limit]
    ]
