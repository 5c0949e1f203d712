"""Writes of enrolments: one or many seats in a section, and how they end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from maristan.academics.models import AcademicPeriod, Enrollment, Section, Student
from maristan.academics.queries import contributions, courses, obligations
from maristan.academics.queries import students as queries
from maristan.academics.queries.holding import hold
from maristan.academics.rules import enrolments as rules
from maristan.academics.rules.states import EnrollmentStatus, LockPoint, PeriodStatus, Perm, StudentStatus
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow
from maristan.kernel.names import match_key
from maristan.kernel.workflow import Requirement

FULL, ENROLLED = "CAPACITY_EXCEEDED", "enrolled"
REFUSED = {
    "academics_enrollment_capacity": NotNow(FULL, "No seat is free."),
    "academics_enrollment_once": NotNow("DUPLICATE_ENROLLMENT", "Enrolled already."),
}
DONE = {"drop": "enrolment.dropped", "withdraw": "enrolment.withdrawn"}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one student of a bulk enrolment: `enrolled` with its warnings, or the code of why not."""

    position: int
    reg_no: str | None
    student: int | None
    outcome: str
    detail: str = ""
    enrollment: int | None = None
    warnings: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """The lines in the order in which they were asked for."""

    enrolled_count: int
    refused_count: int
    lines: tuple[Line, ...]


def _section(pk: int, by: Actor) -> Section:
    """The section, locked: two who want its last seat take turns; its period is not closed meanwhile."""
    locked = courses.sections(actor=by).annotate(is_locked=obligations.locking(LockPoint.ENROLMENT))
    locked = locked.select_for_update(of=("self",))
    section = rows.reference(locked, pk, "/section")
    assert section is not None
    period = section.academic_period
    period.status, period.is_enrollment_open = hold(AcademicPeriod, [period.pk], "status", "is_enrollment_open")[
        period.pk
    ]
    return section


def _hold_students(students: Collection[Student]) -> None:
    """Nobody suspends these students while they are given seats."""
    held = hold(Student, [each.pk for each in students], "status")
    for student in students:
        (student.status,) = held[student.pk]


@transaction.atomic
def enroll(*, student: int | None, section: int, by: Actor) -> tuple[Enrollment, tuple[Requirement, ...]]:
    """Give a student a seat; after DROPPED or WITHDRAWN the same row comes alive again (A8). Gives the warnings too.

    Who enrols nobody else takes a seat oneself, where the section allows it. Raises `NotAllowed`
    (`self_enrollment_closed`), `Invalid` (`unknown_reference`), `NotNow` with the first unmet condition's code:
    TERM_CLOSED, ENROLLMENT_CLOSED, INVALID_STATUS, DUPLICATE_ENROLLMENT, CAPACITY_EXCEEDED, then contributed ones.
    """
    if by.may(Perm.ENROLLMENT_SELF) and not by.may(Perm.ENROLLMENT_MANAGE):
        return _enroll_self(student, section, by)
    by.demand(Perm.ENROLLMENT_MANAGE)
    found = rows.reference(queries.students(actor=by), student, "/student")
    if found is None:
        raise Invalid.at("/student", "required", "Name the student.")
    return _enroll(found, _managed(section, by), by)


def _enroll_self(student: int | None, section: int, by: Actor) -> tuple[Enrollment, tuple[Requirement, ...]]:
    own = queries.own(actor=by)
    by.demand(Perm.ENROLLMENT_SELF, within=student in (None, own.pk), pointer="/student")
    found = _section(section, by)
    if not found.self_enrollment:
        raise NotAllowed("self_enrollment_closed", "Students do not enrol themselves in this section.")
    return _enroll(own, found, by)


def _managed(pk: int, by: Actor) -> Section:
    reach = by.demand(Perm.ENROLLMENT_MANAGE)
    section = _section(pk, by)
    period = section.academic_period
    within = reach.covers(program=period.program_id, batch=period.batch_id)
    by.demand(Perm.ENROLLMENT_MANAGE, within=within, pointer="/section")
    return section


def _enroll(student: Student, section: Section, by: Actor) -> tuple[Enrollment, tuple[Requirement, ...]]:
    _hold_students([student])
    existing = Enrollment.objects.filter(student=student, section=section).first()
    contributed = _contributed([student], section, by)[student.pk]
    enrolled = courses.enrolled_count(section.pk)  # counted under the lock
    warnings = rules.check_enrolment(_request(student, section, existing, enrolled), contributed)
    seat, changes = _seat(existing, student.pk, section.pk, by)
    with rows.refusing(**REFUSED):
        seat.save()
    journal.record("enrolment.created", ("enrollment", seat.pk), by=by, changes=changes)
    return rows.one(queries.enrollments(actor=by), seat.pk), warnings


def _contributed(students: Sequence[Student], section: Any, by: Actor) -> dict[int, list[Requirement]]:
    """What obligations and the apps above ask of each student."""
    found = contributions.enrolment_requirements([each.pk for each in students], section.pk)
    persons = [each.person_id for each in students] if section.is_locked else []
    owed = obligations.unmet(persons, LockPoint.ENROLMENT, by=by) if persons else {}
    return {each.pk: [*owed.get(each.person_id, ()), *found[each.pk]] for each in students}


def _request(student: Student, section: Section, existing: Enrollment | None, enrolled: int) -> rules.EnrolmentRequest:
    return rules.EnrolmentRequest(
        period_status=PeriodStatus(section.academic_period.status),
        is_enrollment_open=section.academic_period.is_enrollment_open,
        student_status=StudentStatus(student.status),
        existing=EnrollmentStatus(existing.status) if existing else None,
        enrolled_count=enrolled,
        capacity=section.capacity,
    )


def _seat(
    existing: Enrollment | None, student: int, section: int, by: Actor
) -> tuple[Enrollment, dict[str, list[Any]]]:
    """The row to save, a new one or the one to revive, and what changes by it."""
    changes: dict[str, list[Any]] = {"student": [None, student], "section": [None, section]}
    if existing is None:
        seat = Enrollment(student_id=student, section_id=section, enrolled_at=clock.now(), enrolled_by=by.name)
        return seat, changes
    changes["status"] = [existing.status, EnrollmentStatus.ACTIVE.value]
    changes["version"] = [existing.version, existing.version + 1]
    existing.status, existing.version = EnrollmentStatus.ACTIVE, existing.version + 1
    existing.enrolled_at, existing.enrolled_by, existing.dropped_at = clock.now(), by.name, None
    existing.drop_reason, existing.updated_at = "", clock.now()
    return existing, changes


@transaction.atomic
def enroll_many(*, section: int, students: Sequence[int] = (), reg_nos: Sequence[str] = (), by: Actor) -> BulkOutcome:
    """Enrol students by id, then by registration number, each with its own outcome: constant queries for any number.

    Seats are given in the order asked for. Raises `NotAllowed`, `Invalid` (`unknown_reference` for the section).
    """
    found = _managed(section, by)
    wanted = _wanted(students, reg_nos, by)
    known = [student for _, student in wanted if student is not None]
    _hold_students(known)
    ids = [student.pk for student in known]
    existing = {row.student_id: row for row in Enrollment.objects.filter(section=found, student_id__in=ids)}
    contributed = _contributed(known, found, by)
    enrolled = courses.enrolled_count(section)
    seats: dict[int, tuple[Enrollment, dict[str, list[Any]]]] = {}
    lines = []
    for position, (reg_no, student) in enumerate(wanted):
        line = Line(position, reg_no, None, "unknown_reference", "There is no such student here.")
        if student is not None:
            line = _judged(position, student, found, existing, enrolled + len(seats), contributed, seats)
            if line.outcome == ENROLLED:
                seats[student.pk] = _seat(existing.get(student.pk), student.pk, section, by)
        lines.append(line)
    made = _save_seats(seats, by)
    shown = tuple(_with_seat(line, made) for line in lines)
    return BulkOutcome(len(made), len(shown) - len(made), shown)


def _wanted(students: Sequence[int], reg_nos: Sequence[str], by: Actor) -> list[tuple[str | None, Student | None]]:
    """What was asked for, with the student where there is one: two queries."""
    visible = queries.students(actor=by)
    by_id = {row.pk: row for row in visible.filter(pk__in=students)} if students else {}
    by_reg_no = queries.by_reg_no(visible, reg_nos)
    listed: list[tuple[str | None, Student | None]] = [(None, by_id.get(pk)) for pk in students]
    return listed + [(reg_no, by_reg_no.get(match_key(reg_no))) for reg_no in reg_nos]


def _judged(
    position: int,
    student: Student,
    section: Section,
    existing: Mapping[int, Enrollment],
    enrolled: int,
    contributed: Mapping[int, Sequence[Requirement]],
    seats: Mapping[int, Any],
) -> Line:
    """What becomes of this student: a seat, perhaps with warnings, or code and detail of why there is none."""
    if student.pk in seats:
        again = "The student stands in the list before."
        return Line(position, student.reg_no, student.pk, "DUPLICATE_ENROLLMENT", again)
    asked = _request(student, section, existing.get(student.pk), enrolled)
    try:
        warnings = rules.check_enrolment(asked, contributed[student.pk])
    except NotNow as refusal:
        return Line(position, student.reg_no, student.pk, refusal.code, refusal.detail)
    shown = tuple(each.as_dict() for each in warnings)
    return Line(position, student.reg_no, student.pk, ENROLLED, warnings=shown)


def _save_seats(seats: Mapping[int, tuple[Enrollment, dict[str, list[Any]]]], by: Actor) -> dict[int, int]:
    """Write all seats and their lines; student → enrolment."""
    revived = [seat for seat, _ in seats.values() if seat.pk is not None]
    columns = ["status", "version", "enrolled_at", "enrolled_by", "dropped_at", "drop_reason", "updated_at"]
    with rows.refusing(**REFUSED):
        Enrollment.objects.bulk_update(revived, columns, batch_size=1000)
        Enrollment.objects.bulk_create([seat for seat, _ in seats.values() if seat.pk is None], batch_size=1000)
    made = {student: seat.pk for student, (seat, _) in seats.items()}
    changes = {seat.pk: each for seat, each in seats.values()}
    journal.record_each("enrolment.created", "enrollment", changes, by=by)
    return made


def _with_seat(line: Line, made: Mapping[int, int]) -> Line:
    if line.outcome != "enrolled" or line.student is None:
        return line
    return replace(line, enrollment=made[line.student])


@transaction.atomic
def move(*, pk: int, name: str, version: int | None, reason: str | None, by: Actor) -> Enrollment:
    """Drop an enrolment or withdraw it with a reason; the seat is free at once.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow`.
    """
    if name not in DONE:
        raise NotFound()
    enrollment = rows.one(queries.enrollments(actor=by), pk, lock=True)
    may = queries.may_with(enrollment, actor=by)
    by.demand(Perm.ENROLLMENT_MANAGE, within=may(Perm.ENROLLMENT_MANAGE))
    rows.must_match(enrollment, version, ("enrollment", pk), required=False)
    facts = rules.EnrollmentFacts(EnrollmentStatus(enrollment.status))
    transition, _ = rules.ENROLLMENT.check(facts, name, by, clock.now(), reason=reason, may=may)
    given = (reason or "").strip()
    wanted = {"status": transition.target, "dropped_at": clock.now(), "drop_reason": given}
    changes = rows.change(enrollment, wanted)
    rows.save_changes(enrollment, changes)
    subject = {"student": [enrollment.student_id] * 2, "section": [enrollment.section_id] * 2}
    journal.record(DONE[name], ("enrollment", pk), by=by, changes={**changes, **subject}, reason=given)
    return enrollment


@transaction.atomic
def complete(*, enrollments: Collection[int], by: Actor) -> int:
    """End ACTIVE enrolments with their results; the action that publishes these asks for its own permission.

    Gives how many were completed; those that are not ACTIVE stay as they are. Constant queries.
    """
    found = Enrollment.objects.select_for_update().filter(pk__in=enrollments, status=EnrollmentStatus.ACTIVE)
    changes: dict[int, dict[str, list[Any]]] = {}
    completed = list(found.order_by("pk"))
    for each in completed:
        changes[each.pk] = {"status": [each.status, rules.COMPLETE.target], "version": [each.version, each.version + 1]}
        each.status, each.version, each.updated_at = rules.COMPLETE.target, each.version + 1, clock.now()
    Enrollment.objects.bulk_update(completed, ["status", "version", "updated_at"], batch_size=1000)
    journal.record_each("enrolment.completed", "enrollment", changes, by=by)
    return len(completed)
