"""Who is taught: the roster of a session, and the people of groups and sections."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.academics.models import Enrollment, Placement, Student
from maristan.academics.rules.states import EnrollmentStatus, StudentStatus
from maristan.kernel import imports

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


@dataclass(frozen=True, slots=True)
class Attending:
    """Who attends groups and sections over some days: placements by group, persons by section."""

    placed: dict[int, list[tuple[int, date, date | None]]]
    enrolled: dict[int, set[int]]

    def people(self, *, groups: Iterable[int], sections: Iterable[int], day: date) -> set[int]:
        """Persons of the groups on a day, and of the sections."""
        found = {person for section in sections for person in self.enrolled.get(section, ())}
        for group in groups:
            found |= {
                person
                for person, first, last in self.placed.get(group, ())
                if first <= day and (last is None or day <= last)
            }
        return found


def attending(
    *, groups: Iterable[int], sections: Iterable[int], first: date, last: date, persons: Collection[int] | None = None
) -> Attending:
    """Persons, active or on leave, placed in any of the groups within [first, last] or enrolled in the sections.

    All of them, or those of `persons`. Two queries, whatever the numbers.
    """
    found = Attending({}, {})
    only = {} if persons is None else {"student__person_id__in": list(persons)}
    placements = Placement.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=first), group_id__in=list(groups), from_date__lte=last,
        student__status__in=ATTENDING, **only,
    )  # fmt: skip
    for group, person, start, end in placements.values_list("group_id", "student__person_id", "from_date", "to_date"):
        found.placed.setdefault(group, []).append((person, start, end))
    seats = Enrollment.objects.filter(
        status=EnrollmentStatus.ACTIVE, section_id__in=list(sections), student__status__in=ATTENDING, **only
    )
    for section, person in seats.values_list("section_id", "student__person_id"):
        found.enrolled.setdefault(section, set()).add(person)
    return found


def out_of_study(persons: Iterable[int]) -> set[int]:
    """Those of these people who are students and neither active nor on leave. One query."""
    found = Student.objects.filter(person_id__in=list(persons)).exclude(status__in=ATTENDING)
    return set(found.values_list("person_id", flat=True))


def belongings(persons: Collection[int]) -> tuple[set[int], set[int]]:
    """Groups in which people are or will be placed, and sections with an active enrolment of theirs. Two queries."""
    groups = Placement.objects.filter(student__person_id__in=list(persons)).values_list("group_id", flat=True)
    seats = Enrollment.objects.filter(status=EnrollmentStatus.ACTIVE, student__person_id__in=list(persons))
    return set(groups), set(seats.values_list("section_id", flat=True))


def entered_by_file(run: int) -> set[int]:
    """Persons of the students whom a committed file entered. One query."""
    found = Student.objects.filter(pk__in=imports.entered_by(run))
    return set(found.values_list("person_id", flat=True))


def person_of(*, student: int | None = None, enrollment: int | None = None) -> int | None:
    """The person behind a student or an enrolment, none for one that is gone."""
    rows: QuerySet[Student] = Student.objects.filter(pk=student or 0)
    if enrollment is not None:
        rows = Student.objects.filter(enrollments=enrollment)
    return rows.values_list("person_id", flat=True).first()
