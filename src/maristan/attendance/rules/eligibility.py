"""Eligibility lists, frozen as evidence, and condonations of what is missing (E5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from maristan.attendance.rules.percentages import Code, Standing
from maristan.attendance.rules.states import CondonationStatus, ListStatus, Perm
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A session that has ended and whose register is not complete."""

    session: int
    title: str
    date: str
    teachers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list as the rules see it; `is_window_over` once its last local day has passed."""

    status: ListStatus
    is_window_over: bool = True
    open_registers: Sequence[OpenRegister] = ()
    pending_corrections: int = 0
    people: int = 1
    is_exam_published: bool = False


def _window_ended(facts: ListFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("window_ended", "Its last day has passed", met=facts.is_window_over)


def _registers_complete(facts: ListFacts, _actor: Mover, _now: datetime) -> Iterable[Requirement]:
    label = "Every register is submitted, locked or not held"
    if not facts.open_registers:
        return [Requirement("registers_complete", label, met=True)]
    return [
        Requirement(
            "registers_complete", label, detail=f"{each.title}, {each.date}",
            where={"session": each.session, "date": each.date, "teachers": list(each.teachers)},
        )
        for each in facts.open_registers
    ]  # fmt: skip


def _corrections(facts: ListFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement(
        "no_pending_corrections", "No correction is waiting", met=not facts.pending_corrections,
        detail=str(facts.pending_corrections), severity=Severity.WARN,
    )  # fmt: skip


def _not_empty(facts: ListFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("list_not_empty", "Somebody is on the list", met=facts.people > 0)


def _exam_not_published(facts: ListFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("exam_not_published", "No result of the exam is published", met=not facts.is_exam_published)


ELIGIBILITY_LIST: Workflow[ListFacts] = Workflow(
    "eligibility_list",
    tuple(ListStatus),
    (
        Transition(
            "freeze", frozenset({ListStatus.DRAFT}), ListStatus.FROZEN, Perm.ELIGIBILITY,
            requirements=(_window_ended, _registers_complete, _corrections, _not_empty),
        ),
        Transition(
            "renew", frozenset({ListStatus.FROZEN}), ListStatus.SUPERSEDED, Perm.ELIGIBILITY,
            requirements=(_exam_not_published,), needs_reason=True,
        ),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line for which a condonation is asked; `grants` were given in the period already."""

    list_status: ListStatus
    code: Code
    percentage: Decimal
    threshold: Decimal
    max_points: Decimal
    grants_per_period: int
    grants: int = 0
    has_open: bool = False


def shortfall(facts: LineFacts) -> Decimal:
    """How many points are missing."""
    return max(facts.threshold - facts.percentage, Decimal("0.00"))


def condonation_requirements(facts: LineFacts) -> list[Requirement]:
    """What a request needs, met or not; the limit itself is within the limit."""
    missing = shortfall(facts)
    is_below = facts.code is Code.BELOW_THRESHOLD
    return [
        Requirement("list_frozen", "The list is frozen", met=facts.list_status is ListStatus.FROZEN),
        Requirement("below_threshold", "The percentage is below the threshold", met=is_below),
        Requirement(
            "shortfall_within_limit", "The shortfall is within the limit", met=missing <= facts.max_points,
            detail=f"{missing} > {facts.max_points}",
        ),
        Requirement(
            "grants_left", "Grants are left in the period", met=facts.grants < facts.grants_per_period,
            detail=f"{facts.grants} / {facts.grants_per_period}",
        ),
        Requirement("no_open_condonation", "No other request is open", met=not facts.has_open),
    ]  # fmt: skip


def is_condonable(stands: Standing, threshold: Decimal, max_points: Decimal) -> bool:
    """Whether somebody who stands so on a frozen list, and has had no grant, could be condoned."""
    facts = LineFacts(ListStatus.FROZEN, stands.code, stands.percentage, threshold, max_points, grants_per_period=1)
    return all(each.met for each in condonation_requirements(facts))


@dataclass(frozen=True, slots=True)
class CondonationFacts:
    """A condonation as the rules see it."""

    status: CondonationStatus
    is_requester: bool = False
    has_marks: bool = False


def _by_other(facts: CondonationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("decided_by_other", "Somebody else than who asked decides", met=not facts.is_requester)


def _no_marks(facts: CondonationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("no_marks_entered", "No marks of the exam are entered", met=not facts.has_marks)


REQUESTED, GRANTED, REFUSED, REVOKED = CondonationStatus
CONDONATION: Workflow[CondonationFacts] = Workflow(
    "condonation",
    tuple(CondonationStatus),
    (
        Transition("grant", frozenset({REQUESTED}), GRANTED, Perm.CONDONE, requirements=(_by_other,)),
        Transition("refuse", frozenset({REQUESTED}), REFUSED, Perm.CONDONE, requirements=(_by_other,),
                   needs_reason=True),
        Transition("revoke", frozenset({GRANTED}), REVOKED, Perm.CONDONE, requirements=(_no_marks,),
                   needs_reason=True),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip
KINDS = {"grant": "condonation.granted", "refuse": "condonation.refused", "revoke": "condonation.revoked"}
