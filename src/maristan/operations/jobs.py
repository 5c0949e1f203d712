"""Jobs of operations, in a queue of their own: they run also while maintenance holds back all others."""

from collections.abc import Sequence

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import job, periodic
from maristan.operations.actions import jobs, processes, verifications

QUEUE = "operations"


@periodic("operations.prune", "0 5 * * *", queue=QUEUE, platform=True)
def prune() -> None:
    """Forget what is of no use any more."""
    if tenancy.current() is None:
        processes.forget_dead(by=platform(None))
        jobs.prune(by=platform(None))


@periodic("operations.verify_quick", "25 * * * *", queue=QUEUE, platform=True)
def verify_quick() -> None:
    """Hold database, processes and settings against the manifest; in a checkout there is none."""
    if tenancy.current() is None:
        verifications.verify(quick=True, expect=(), by=platform(None))


@job(verifications.JOB, queue=QUEUE, retry=False)
def verify(quick: bool, expect: Sequence[str], asked_by: str) -> None:
    """A verification that an operator asked for."""
    verifications.verify(quick=quick, expect=expect, by=platform(None, asked_by))
