"""Jobs of the queue: their states in operators' words, and which may be queued again or cancelled."""

from dataclasses import dataclass
from enum import StrEnum

from maristan.kernel.workflow import Transition, Workflow
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
    """What decides about a job."""

    status: JobStatus


WAITING = frozenset({JobStatus.QUEUED, JobStatus.DEFERRED})
ENDED_BADLY = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})

JOB: Workflow[JobFacts] = Workflow(
    name="job",
    states=tuple(JobStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition("retry", frozenset[str](ENDED_BADLY), JobStatus.QUEUED, Perm.JOB_RETRY),
        Transition("cancel", frozenset[str](WAITING), JobStatus.CANCELLED, Perm.JOB_CANCEL),
    ),
)
