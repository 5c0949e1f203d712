"""Corrections of marks: asked for by whose line it is or who taught, decided by somebody else (A10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from maristan.attendance.rules.states import CorrectionStatus, Mark, Perm
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A request as the rules see it; `is_requester` of who is asking now."""

    status: CorrectionStatus
    is_requester: bool = False
    register_locked: bool = False
    may_repair: bool = False


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A line of which a correction is asked; `day` is the local day of its session; `wanted` None: not yet said."""

    status: Mark | None
    wanted: Mark | None
    day: date
    today: date
    days: int = 14
    has_open: bool = False


def decided_by_other(facts: CorrectionFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`decided_by_other`."""
    yield Requirement("decided_by_other", "Somebody else than who asked decides", met=not facts.is_requester)


def register_unlocked_or_repair(facts: CorrectionFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    """`register_unlocked_or_repair`."""
    met = facts.may_repair or not facts.register_locked
    yield Requirement("register_unlocked_or_repair", "The register is not locked, or you may repair it", met=met)


PENDING, ACCEPTED, DECLINED, WITHDRAWN = CorrectionStatus
FROM = frozenset({PENDING})
CORRECTION: Workflow[CorrectionFacts] = Workflow(
    "mark_correction",
    tuple(CorrectionStatus),
    (
        Transition("accept", FROM, ACCEPTED, Perm.DECIDE,
                   requirements=(decided_by_other, register_unlocked_or_repair)),
        Transition("decline", FROM, DECLINED, Perm.DECIDE,
                   requirements=(decided_by_other, register_unlocked_or_repair), needs_reason=True),
        Transition("withdraw", FROM, WITHDRAWN, Perm.CORRECT),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip
KINDS = {
    "accept": "mark_correction.accepted",
    "decline": "mark_correction.declined",
    "withdraw": "mark_correction.withdrawn",
}


def request_requirements(facts: RequestFacts) -> list[Requirement]:
    """What a request needs, met or not."""
    late = (facts.today - facts.day).days
    return [
        Requirement("line_marked", "The line is marked", met=facts.status is not None),
        Requirement(
            "within_correction_days", f"At most {facts.days} days have passed", met=late <= facts.days,
            detail=f"{late} days have passed.",
        ),
        Requirement("no_open_correction", "No other request is open", met=not facts.has_open),
        Requirement("status_differs", "Another mark is asked for", met=facts.status is not facts.wanted),
    ]  # fmt: skip


def may_be_asked(facts: RequestFacts) -> bool:
    """Whether a request for some other mark would be taken."""
    return all(each.met for each in request_requirements(facts))
