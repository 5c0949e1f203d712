"""The workflow of a correction of a result: proposed, decided by somebody else (R4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from maristan.assessment.rules.states import CorrectionStatus, Outcome, Perm, ResultStatus
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A correction as its workflow sees it; `is_requester` of who is asking now."""

    status: CorrectionStatus
    is_requester: bool = False
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A result whose correction is proposed; `outcome` is what it would be."""

    status: ResultStatus
    is_current: bool
    has_open: bool
    changes: int
    outcome: Outcome


def decided_by_other(facts: CorrectionFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("decided_by_other", "Somebody else than who proposed it decides", met=not facts.is_requester)


def still_current(facts: CorrectionFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("still_current", "The result was not corrected meanwhile", met=facts.is_current)


PROPOSED, APPROVED, REJECTED, WITHDRAWN = CorrectionStatus
FROM = frozenset({PROPOSED})
CORRECTION: Workflow[CorrectionFacts] = Workflow(
    "result_correction",
    tuple(CorrectionStatus),
    (
        Transition("approve", FROM, APPROVED, Perm.RESULT_APPROVE, requirements=(decided_by_other, still_current)),
        Transition("reject", FROM, REJECTED, Perm.RESULT_APPROVE, requirements=(decided_by_other, still_current),
                   needs_reason=True),
        Transition("withdraw", FROM, WITHDRAWN, Perm.RESULT_PROPOSE),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip
KINDS = {
    "approve": "result.corrected",
    "reject": "result_correction.rejected",
    "withdraw": "result_correction.withdrawn",
}


def proposal_requirements(facts: ProposalFacts) -> list[Requirement]:
    """What a proposal needs, met or not."""
    shown = (ResultStatus.PUBLISHED, ResultStatus.FROZEN)
    return [
        Requirement("result_published", "The result is published", met=facts.status in shown),
        Requirement("still_current", "The result was not corrected meanwhile", met=facts.is_current),
        Requirement("no_open_correction", "No other correction is proposed", met=not facts.has_open),
        Requirement("something_changes", "Something would change", met=facts.changes > 0),
        Requirement("outcome_decided", "It would be passed or failed", met=facts.outcome is not Outcome.PENDING),
    ]
