"""Jobs of operations, in a queue of their own: they run also while maintenance holds back all others."""

from collections.abc import Sequence
from typing import Any

from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import job, periodic, stepwise
from maristan.operations.actions import drills, jobs, processes, verifications

QUEUE = "operations"


@periodic("operations.prune", "0 5 * * *", queue=QUEUE, platform=True)
def prune() -> None:
    """Forget what is of no use any more."""
    if tenancy.current() is None:
        processes.forget_dead(by=platform(None))
        jobs.prune(by=platform(None))


@periodic("operations.watch_clock", "* * * * *", queue=QUEUE, platform=True)
def watch_clock() -> None:
    """Queue backup and drill when the clock on the wall says so."""
    if tenancy.current() is None:
        drills.queue_due(by=platform(None))


@stepwise(drills.BACKUP, queue=QUEUE)
def make_backup(step: Any) -> None:
    """Make a set, prove it, and remove what need not stay; in a process of its own, which has the owner's login."""
    words = ("backup", "create", "--reason", "scheduled", "--retain", "--json")
    drills.run_command(words=words, by=platform(None))


@stepwise(drills.DRILL, queue=QUEUE)
def make_drill(step: Any) -> None:
    """Restore a set beside the live database, in a process of its own."""
    drills.run_command(words=("backup", "drill", "--json"), by=platform(None))


@periodic("operations.verify_quick", "25 * * * *", queue=QUEUE, platform=True)
def verify_quick() -> None:
    """Hold database, processes and settings against the manifest; in a checkout there is none."""
    if tenancy.current() is None:
        verifications.verify(quick=True, expect=(), by=platform(None))


@job(verifications.JOB, queue=QUEUE, retry=False)
def verify(quick: bool, expect: Sequence[str], asked_by: str) -> None:
    """A verification that an operator asked for."""
    verifications.verify(quick=quick, expect=expect, by=platform(None, asked_by))
