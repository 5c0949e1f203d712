"""Jobs of the queue: their states in operators' words, and which may be queued again or cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow
from maristan.operations.rules.states import Perm


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    ACTIVE = "active"
    DEFERRED = "deferred"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What decides about a job; `is_theirs` for who asked for it, and for operators."""

    status: JobStatus
    is_theirs: bool = True


WAITING = frozenset({JobStatus.QUEUED, JobStatus.DEFERRED})
ENDED_BADLY = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


def _asked_for(facts: JobFacts, _actor: Mover, _now: datetime) -> Iterable[Requirement]:
    yield Requirement("not_own", "Who asked for it, or an operator", met=facts.is_theirs)


JOB: Workflow[JobFacts] = Workflow(
    name="job",
    states=tuple(JobStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition("retry", frozenset[str](ENDED_BADLY), JobStatus.QUEUED, Perm.JOB_RETRY, requirements=(_asked_for,)),
        Transition("cancel", frozenset[str](WAITING), JobStatus.CANCELLED, Perm.JOB_CANCEL, requirements=(_asked_for,)),
    ),
)
