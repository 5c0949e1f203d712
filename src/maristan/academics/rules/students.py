"""A student: status, registration number, place in a batch and group, and the year of study."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maristan.academics.rules.states import Perm, StudentStatus
from maristan.kernel.errors import Fault, NotNow
from maristan.kernel.names import login_parts, login_stem
from maristan.kernel.workflow import Transition, Workflow

REG_NO_LENGTH = 32


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """What the moves of a student depend on."""

    status: StudentStatus


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """One placement of a student; `to_date` is its last day, None while it is open."""

    id: int
    batch: int
    group: int
    from_date: date
    to_date: date | None = None

    def covers(self, day: date) -> bool:
        """True on every day of it, both ends included."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class PlacementPlan:
    """What placing does: end `close` on `close_on`, or rewrite `replace`, or (neither) only open the first one.

    `is_unchanged` says that the student already stands there and nothing is to be written.
    """

    close: int | None = None
    close_on: date | None = None
    replace: int | None = None
    is_unchanged: bool = False


def plan_placement(history: Sequence[PlacementFacts], *, batch: int, group: int, from_date: date) -> PlacementPlan:
    """How to place a student from a day on (A9).

    Raises `NotNow` (`overlap`, `other` being the placement's id) when a placement of that day or later is in the way.
    """
    current = next((each for each in history if each.to_date is None), None)
    if current and (current.batch, current.group) == (batch, group) and current.from_date <= from_date:
        return PlacementPlan(is_unchanged=True)
    later = [each for each in history if each is not current and each.to_date and each.to_date >= from_date]
    if current and current.from_date > from_date:
        later.append(current)
    if later:
        raise NotNow("overlap", f"A placement from {later[0].from_date.isoformat()} is in the way.", other=later[0].id)
    if current is None:
        return PlacementPlan()
    if current.from_date == from_date:
        return PlacementPlan(replace=current.id)
    return PlacementPlan(close=current.id, close_on=from_date - timedelta(days=1))


def is_to_be_placed(
    status: StudentStatus, history: Sequence[PlacementFacts], present: int, group: int, day: date
) -> bool:
    """True when a file that names a group has its student placed from a day on.

    Whoever stands there that day stays, whatever begins later; who has left study and whose `present` group it was
    is not placed again.
    """
    if any(each.group == group and each.covers(day) for each in history):
        return False
    return group != present or status in (StudentStatus.ACTIVE, StudentStatus.ON_LEAVE)


def placement_permission(*, program: int, to_program: int) -> Perm:
    """The permission that placing needs; another program needs its own."""
    return Perm.STUDENT_PLACE if program == to_program else Perm.STUDENT_PLACE_PROGRAM


def moves_up(status: StudentStatus, current_year: int, to_year: int) -> bool:
    """True when promoting the batch to `to_year` raises this student; a second promotion raises nobody (A12)."""
    return status is StudentStatus.ACTIVE and current_year < to_year


def leave_switch(status: StudentStatus, *, begins: bool) -> StudentStatus | None:
    """The status a suspending leave brings on its first day, or after its last; None where it changes nothing (D6).

    Only ACTIVE goes on leave and only ON_LEAVE comes back: a status set by hand meanwhile wins.
    """
    if begins:
        return StudentStatus.ON_LEAVE if status is StudentStatus.ACTIVE else None
    return StudentStatus.ACTIVE if status is StudentStatus.ON_LEAVE else None


def graduation_faults(
    actual_graduation_year: int | None, enrollment_year: int | None, pointer: str = "/actual_graduation_year"
) -> list[Fault]:
    """A student does not graduate before the year of enrolment."""
    if actual_graduation_year is None or enrollment_year is None or actual_graduation_year >= enrollment_year:
        return []
    return [Fault(pointer, "out_of_range", f"Enrolled in {enrollment_year}, graduated in {actual_graduation_year}.")]


def username_stem(name: str, reg_no: str) -> str:
    """What a student's username begins with: the first name in ASCII letters, else the registration number (I5)."""
    return login_parts(name)[0] or login_stem(reg_no)


STUDENT: Workflow[StudentFacts] = Workflow(
    name="student",
    states=tuple(StudentStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="suspend",
            sources=frozenset({StudentStatus.ACTIVE}),
            target=StudentStatus.SUSPENDED,
            permission=Perm.STUDENT_STATUS,
            needs_reason=True,
        ),
        Transition(
            name="reinstate",
            sources=frozenset({StudentStatus.SUSPENDED, StudentStatus.INACTIVE}),
            target=StudentStatus.ACTIVE,
            permission=Perm.STUDENT_STATUS,
            needs_reason=True,
        ),
        Transition(
            name="deactivate",
            sources=frozenset({StudentStatus.ACTIVE, StudentStatus.SUSPENDED}),
            target=StudentStatus.INACTIVE,
            permission=Perm.STUDENT_STATUS,
            needs_reason=True,
        ),
        Transition(
            name="graduate",
            sources=frozenset(StudentStatus) - {StudentStatus.GRADUATED},
            target=StudentStatus.GRADUATED,
            permission=Perm.STUDENT_STATUS,
        ),
    ),
)
