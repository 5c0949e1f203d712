"""The workflow of a result (section 3), and the codes of its refusals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from maristan.assessment.rules.states import Outcome, Perm, ResultStatus
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

REFUSALS = {"verify": "NOT_VERIFIABLE", "publish": "NOT_PUBLISHABLE", "freeze": "NOT_FREEZABLE", "return": "not_now"}
IMMUTABLE = "IMMUTABLE_RESULT"


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A result as its workflow sees it; `entered_by` and `asker` are persons."""

    status: ResultStatus
    outcome: Outcome
    is_complete: bool
    is_admitted: bool
    scheduled_at: datetime
    publish_at: datetime | None = None
    entered_by: frozenset[int] = frozenset()
    asker: int | None = None
    verifier_must_differ: bool = True
    has_open_correction: bool = False
    contributed: tuple[Requirement, ...] = ()


def marks_complete(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("marks_complete", "Every component has its entry", met=facts.is_complete)


def outcome_decided(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("outcome_decided", "It is passed or failed", met=facts.outcome is not Outcome.PENDING)


def candidate_admitted(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("candidate_admitted", "The candidate is admitted", met=facts.is_admitted)


def verifier_differs(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    met = not facts.verifier_must_differ or facts.asker not in facts.entered_by
    yield Requirement("verifier_differs", "Whoever verifies entered none of it", met=met)


def exam_begun(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("exam_begun", "The exam has begun", met=facts.scheduled_at <= now)


def publish_time_reached(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    met = facts.publish_at is None or facts.publish_at <= now
    yield Requirement("publish_time_reached", "The time of publication is reached", met=met)


def contributed(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield from facts.contributed


def no_open_correction(facts: ResultFacts, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("no_open_correction", "No correction is proposed", met=not facts.has_open_correction)


DRAFT, VERIFIED, PUBLISHED = ResultStatus.DRAFT, ResultStatus.VERIFIED, ResultStatus.PUBLISHED
RESULT: Workflow[ResultFacts] = Workflow(
    "result",
    tuple(ResultStatus),
    (
        Transition(
            "verify", frozenset({DRAFT}), VERIFIED, Perm.RESULT_VERIFY,
            requirements=(marks_complete, outcome_decided, candidate_admitted, verifier_differs),
        ),
        Transition("return", frozenset({VERIFIED}), DRAFT, Perm.RESULT_VERIFY, needs_reason=True),
        Transition(
            "publish", frozenset({VERIFIED}), PUBLISHED, Perm.RESULT_PUBLISH,
            requirements=(exam_begun, publish_time_reached, contributed),
        ),
        Transition(
            "freeze", frozenset({PUBLISHED}), ResultStatus.FROZEN, Perm.RESULT_FREEZE,
            requirements=(no_open_correction,),
        ),
    ),
    status_of=lambda facts: facts.status,
)  # fmt: skip
# What a move over the whole exam leaves alone: it has been there already.
BEYOND = {
    "verify": {VERIFIED, PUBLISHED, ResultStatus.FROZEN},
    "return": {DRAFT, PUBLISHED, ResultStatus.FROZEN},
    "publish": {PUBLISHED, ResultStatus.FROZEN},
    "freeze": {ResultStatus.FROZEN},
}
