"""Who is taught: the roster of a session, and the people of groups and sections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.academics.models import Enrollment, Placement, Student
from maristan.academics.rules.states import EnrollmentStatus, StudentStatus

ATTENDING = (StudentStatus.ACTIVE, StudentStatus.ON_LEAVE)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A student expected in a session; one on leave is flagged and not missed."""

    student: int
    person: int
    reg_no: str
    name: str
    group: int
    group_name: str
    is_on_leave: bool


def placed_on(day: date) -> Q:
    """Placements in force on a day."""
    return Q(from_date__lte=day) & (Q(to_date__isnull=True) | Q(to_date__gte=day))


def students_of(*, section: int | None, groups: Iterable[int], day: date) -> "QuerySet[Student]":
    """The students of a session on its date (A11): ACTIVE enrolments of its section, else those placed in its groups.

    Students who are neither active nor on leave are never among them.
    """
    if section is not None:
        belongs = Exists(
            Enrollment.objects.filter(status=EnrollmentStatus.ACTIVE, student=OuterRef("pk"), section_id=section)
        )
    else:
        placed = Placement.objects.filter(placed_on(day), student=OuterRef("pk"), group_id__in=list(groups))
        belongs = Exists(placed)
    return Student.objects.filter(belongs, status__in=ATTENDING)


def roster(*, section: int | None, groups: Iterable[int] = (), day: date) -> list[RosterLine]:
    """The roster of a session on its date (A11), by registration number: one query."""
    rows = students_of(section=section, groups=groups, day=day).select_related("person", "group").order_by("reg_no")
    return [
        RosterLine(
            row.pk, row.person_id, row.reg_no, row.person.name, row.group_id, row.group.name,
            row.status == StudentStatus.ON_LEAVE,
        )
        for row in rows
    ]  # fmt: skip


def people_of_groups(groups: Iterable[int], day: date) -> set[int]:
    """Persons placed in any of the groups on a day, active or on leave: one query."""
    return set(students_of(section=None, groups=groups, day=day).values_list("person_id", flat=True))


def people_of_sections(sections: Iterable[int]) -> set[int]:
    """Persons enrolled in any of the sections, active or on leave: one query."""
    rows = Enrollment.objects.filter(
        status=EnrollmentStatus.ACTIVE, section_id__in=list(sections), student__status__in=ATTENDING
    )
    return set(rows.values_list("student__person_id", flat=True))
