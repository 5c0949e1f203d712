"""Jobs of operations, in a queue of their own: they run also while maintenance holds back all others."""

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import periodic
from maristan.operations.actions import jobs, processes

QUEUE = "operations"


@periodic("operations.prune", "0 5 * * *", queue=QUEUE, platform=True)
def prune() -> None:
    """Forget what is of no use any more."""
    if tenancy.current() is None:
        processes.forget_dead(by=platform(None))
        jobs.prune(by=platform(None))
