"""Enrolment in a section: the order in which it is refused, and how it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maristan.academics.rules.details import DETAILS
from maristan.academics.rules.states import EnrollmentStatus, PeriodStatus, Perm, StudentStatus
from maristan.kernel.workflow import Requirement, Transition, Workflow, refuse

SEATED_OR_DONE = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A student asking for a seat; read while the section is locked. `existing` is the row there already is."""

    period_status: PeriodStatus
    is_enrollment_open: bool
    student_status: StudentStatus
    existing: EnrollmentStatus | None
    enrolled_count: int
    capacity: int


@dataclass(frozen=True, slots=True)
class EnrollmentFacts:
    """What the moves of an enrolment depend on."""

    status: EnrollmentStatus


def enrolment_requirements(request: EnrolmentRequest) -> Iterator[Requirement]:
    """Every condition of enrolling, met or not, in the order of the checks (A8)."""
    closed = request.period_status is PeriodStatus.CLOSED
    yield Requirement("TERM_CLOSED", "The period is not closed", met=not closed)
    takes = request.period_status is PeriodStatus.OPEN and request.is_enrollment_open
    yield Requirement("ENROLLMENT_CLOSED", "Enrolment is open", met=takes)
    active = request.student_status is StudentStatus.ACTIVE
    yield Requirement(
        "INVALID_STATUS",
        "The student is active",
        met=active,
        detail=DETAILS["INVALID_STATUS"].told(status=request.student_status),
    )
    yield Requirement("DUPLICATE_ENROLLMENT", "Not enrolled before", met=request.existing not in SEATED_OR_DONE)
    taken = DETAILS["CAPACITY_EXCEEDED"].told(taken=request.enrolled_count, capacity=request.capacity)
    free = request.enrolled_count < request.capacity
    yield Requirement("CAPACITY_EXCEEDED", "A seat is free", met=free, detail=taken)


def check_enrolment(request: EnrolmentRequest, contributed: Sequence[Requirement] = ()) -> tuple[Requirement, ...]:
    """Raise `NotNow` whose code is the first unmet requirement's; `contributed` ones of upper apps come last.

    Gives the warnings: what is not met and stops nobody.
    """
    found = (*enrolment_requirements(request), *contributed)
    missing = [each for each in found if each.blocks]
    if missing:
        refuse(missing, code=missing[0].code)
    return tuple(each for each in found if not each.met)


def holds_the_enrolled(capacity: int, enrolled_count: int) -> Iterator[Requirement]:
    """A section's capacity is not set below the seats taken."""
    yield Requirement(
        "capacity_below_enrolled",
        "The capacity holds everyone enrolled",
        met=capacity >= enrolled_count,
        detail=DETAILS["capacity_below_enrolled"].told(enrolled=enrolled_count),
    )


# The publication of results completes enrolments; nobody does it by hand.
COMPLETE: Transition[EnrollmentFacts] = Transition(
    name="complete",
    sources=frozenset({EnrollmentStatus.ACTIVE}),
    target=EnrollmentStatus.COMPLETED,
    permission=Perm.ENROLLMENT_MANAGE,
)

ENROLLMENT: Workflow[EnrollmentFacts] = Workflow(
    name="enrollment",
    states=tuple(EnrollmentStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="drop",
            sources=frozenset({EnrollmentStatus.ACTIVE}),
            target=EnrollmentStatus.DROPPED,
            permission=Perm.ENROLLMENT_MANAGE,
        ),
        Transition(
            name="withdraw",
            sources=frozenset({EnrollmentStatus.ACTIVE}),
            target=EnrollmentStatus.WITHDRAWN,
            permission=Perm.ENROLLMENT_MANAGE,
            needs_reason=True,
        ),
        COMPLETE,
    ),
)
