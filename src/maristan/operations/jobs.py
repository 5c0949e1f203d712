"""Jobs of operations, in a queue of their own: they run also while maintenance holds back all others."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from procrastinate import RetryStrategy

from maristan.kernel import imports, tenancy
from maristan.kernel.access import platform
from maristan.kernel.jobs import Report, job, long_job, periodic, stepwise
from maristan.operations.actions import (
    account_telling,
    aftermath,
    alert_telling,
    alerts,
    announcing,
    asking,
    backups,
    counting,
    drills,
    impersonation,
    integrity,
    jobs,
    journal_files,
    processes,
    pruning,
    verifications,
    watching,
)
from maristan.operations.queries import schedules

QUEUE = "operations"
NIGHTLY = timedelta(hours=4)
WHEN_BUSY = RetryStrategy(max_attempts=7, wait=600, retry_exceptions=[drills.CommandBusy])  # for about an hour


@periodic("operations.prune", "0 5 * * *", queue=QUEUE, platform=True)
def prune() -> None:
    """Forget what is of no use any more."""
    if tenancy.current() is None:
        processes.forget_dead(by=platform(None))
        jobs.prune(by=platform(None))
        pruning.prune(by=platform(None))
        counting.forget(by=platform(None))


@periodic("operations.watch_clock", "* * * * *", queue=QUEUE, platform=True)
def watch_clock() -> None:
    """Queue backup and drill when the clock on the wall says so, and tell of a backup that was killed."""
    if tenancy.current() is None:
        backups.tell_killed(by=platform(None))
        drills.queue_due(by=platform(None))


@stepwise(schedules.BACKUP, queue=QUEUE, retry=WHEN_BUSY)
def make_backup(step: Any) -> None:
    """Make a set, prove it, and remove what need not stay; in a process of its own, which has the owner's login."""
    words = ("backup", "create", "--reason", "scheduled", "--retain", "--json")
    drills.run_command(words=words, by=platform(None))


@stepwise(schedules.DRILL, queue=QUEUE, retry=WHEN_BUSY)
def make_drill(step: Any) -> None:
    """Restore a set beside the live database, in a process of its own."""
    drills.run_command(words=("backup", "drill", "--json"), by=platform(None))


@stepwise(asking.OFFSITE, queue=QUEUE)
def copy_offsite(step: Any) -> None:
    """Copy proven sets off this host; beside backups and restores, which need not wait for a slow line."""
    drills.run_command(words=("backup", "offsite", "--json"), by=platform(None))


@stepwise(asking.CREATE, queue=QUEUE)
def create_backup(step: Any, reason: str, asked_by: str) -> None:
    """A set that an operator asked for; what need not stay is removed after its proof, as every night."""
    words = ("backup", "create", "--reason", reason, "--by", asked_by, "--retain", "--json")
    drills.run_command(words=words, by=platform(None))


@stepwise(asking.VERIFY, queue=QUEUE)
def verify_backup(step: Any, name: str, asked_by: str) -> None:
    """A proof that an operator asked for."""
    drills.run_command(words=("backup", "verify", name, "--by", asked_by, "--json"), by=platform(None))


@stepwise(asking.RUN_DRILL, queue=QUEUE)
def run_drill(step: Any, asked_by: str) -> None:
    """A drill that an operator asked for."""
    drills.run_command(words=("backup", "drill", "--by", asked_by, "--json"), by=platform(None))


@stepwise(pruning.FORMER, queue=QUEUE)
def drop_former(step: Any) -> None:
    """Drop what restores left behind and nobody needs any more; only the owner may."""
    drills.run_command(words=("operations", "prune", "--json"), by=platform(None))


@periodic(verifications.QUICK, "25 * * * *", queue=QUEUE, platform=True)
def verify_quick() -> None:
    """Hold database, processes and settings against the manifest; in a checkout there is none."""
    if tenancy.current() is None:
        verifications.verify(quick=True, expect=(), by=platform(None))


@job(verifications.JOB, queue=QUEUE, retry=False)
def verify(quick: bool, expect: Sequence[str], asked_by: str) -> None:
    """A verification that an operator asked for."""
    verifications.verify(quick=quick, expect=expect, by=platform(None, asked_by))


# A quarter of a minute after its end every process has written down what it counted in it.
@periodic("operations.end_impersonations", "* * * * *", queue=QUEUE)
def end_impersonations() -> None:
    """Write down what ended by time."""
    impersonation.end_expired(by=platform(tenancy.current()))


@periodic("operations.evaluate_alerts", "* * * * * 15", queue=QUEUE, platform=True)
def evaluate_alerts() -> None:
    """Hold every rule against what was counted in the last whole minute."""
    if tenancy.current() is None:
        alerts.evaluate(by=platform(None))


@stepwise(alert_telling.JOB, queue=QUEUE)
def tell_alerts(step: Any) -> None:
    """Tell operators what has to be told; each alert is claimed in a transaction of its own."""
    alert_telling.tell_due(by=platform(None))


@periodic("operations.follow_release", "*/5 * * * *", queue=QUEUE, platform=True)
def follow_release() -> None:
    """Hold what fails in the hour after a deployment against it."""
    if tenancy.current() is None:
        aftermath.follow(by=platform(None))


@periodic("operations.verify_journal", "0 4 * * *", queue=QUEUE, platform=True, limit=NIGHTLY)
def verify_journal() -> None:
    """Walk the chains of the platform and of every institution."""
    if tenancy.current() is None:
        watching.verify_journal(by=platform(None))


@periodic("operations.check_certificates", "0 6 * * *", queue=QUEUE, platform=True)
def check_certificates() -> None:
    """Look for how long the certificate of this site still holds."""
    if tenancy.current() is None:
        watching.check_certificates(by=platform(None))


@long_job(journal_files.JOB, queue="documents")
def export_journal(report: Report, kind: str, user_id: int) -> dict[str, Any]:
    """Write lines of the journal into a file for whoever asked."""
    by = imports.actor_of(user_id)
    return journal_files.produce(job_id=report.job_id, kind=kind, report=report, by=by)


@stepwise(account_telling.JOB, queue=QUEUE)
def tell_account(step: Any, user_id: int, event: str, address: str, once: str, at: str, what: str, factor: str) -> None:
    """Tell somebody what happened to their account; each institution in a transaction of its own."""
    facts = {"address": address, "what": what, "factor": factor}
    account_telling.tell(user_id=user_id, event=event, at=at, once=once, facts=facts, by=platform(None))


@stepwise(announcing.JOB, queue=QUEUE)
def announce(step: Any, kind: str, pk: int, changes: dict[str, Any]) -> None:
    """Tell every institution what the platform has to tell it, each in a transaction of its own."""
    for institution_id in tenancy.institution_ids():
        with tenancy.acting_in(institution_id):
            announcing.announce(kind=kind, pk=pk, changes=changes, by=platform(institution_id))


@periodic("operations.integrity", "30 4 * * *", queue=QUEUE, platform=True, limit=NIGHTLY)
def check_every_night() -> None:
    """Hold stored facts against what they follow from."""
    if tenancy.current() is None:
        integrity.check(by=platform(None))


@job(integrity.JOB, queue=QUEUE, retry=False)
def check_integrity(asked_by: str) -> None:
    """A check that an operator asked for."""
    integrity.check(by=platform(None, asked_by))
