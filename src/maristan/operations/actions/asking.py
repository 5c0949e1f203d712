"""Long work that operators ask for over the network: queued, and done by the worker in a process of its own."""

from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import BackupSet
from maristan.operations.queries import sets, turns
from maristan.operations.queries.schedules import BACKUP, DRILL
from maristan.operations.rules.states import Perm, SetReason, SetStatus

CREATE, VERIFY, RUN_DRILL = "operations.create_backup", "operations.verify_backup", "operations.run_drill"
OFFSITE = "operations.offsite"
BY_CLOCK = (BACKUP, DRILL, OFFSITE)
ONE_AT_A_TIME = (CREATE, VERIFY, RUN_DRILL, BACKUP, DRILL)
GOES_ON = "A backup, a proof or a drill goes on."
LOCK = "operations.asked"  # of what was asked for one waits at most, whoever pressed first
COMMANDS_LINE = "the command that the job runs leaves its own lines"


@unjournaled(COMMANDS_LINE)
def create_backup(*, by: Actor) -> int:
    """Queue a set that is made by hand; gives the id of its job. Raises `NotAllowed` and `NotNow` (`busy`)."""
    by.demand(Perm.BACKUP_CREATE)
    return _queue(CREATE, reason=SetReason.MANUAL.value, asked_by=by.name)


@unjournaled(COMMANDS_LINE)
def verify_backup(*, name: str, by: Actor) -> int:
    """Queue a proof; gives the id of its job. Raises `NotFound`, `NotAllowed` and `NotNow` (`not_now`, `busy`)."""
    row = sets.get(name, actor=by)
    sets.must_move(row, "verify", actor=by)
    return _queue(VERIFY, name=name, asked_by=by.name)


@unjournaled(COMMANDS_LINE)
def run_drill(*, by: Actor) -> int:
    """Queue a drill; gives the id of its job. Raises `NotAllowed` and `NotNow` (`no_proven_set`, `busy`)."""
    by.demand(Perm.DRILL_RUN)
    if not BackupSet.objects.filter(status=SetStatus.PROVEN).exists():
        raise NotNow("no_proven_set", "There is no proven set to drill with; make one first.")
    return _queue(RUN_DRILL, asked_by=by.name)


def _queue(job: str, /, **arguments: Any) -> int:
    _alone_at_a_time()
    if turns.is_any_in_hand(ONE_AT_A_TIME) or BackupSet.objects.filter(status=SetStatus.RUNNING).exists():
        raise NotNow("busy", GOES_ON)
    try:
        with transaction.atomic():
            return int(app.configure_task(job, queueing_lock=LOCK).defer(institution_id=None, **arguments))
    except AlreadyEnqueued:
        raise NotNow("busy", GOES_ON) from None


def _alone_at_a_time() -> None:
    """Whoever asks waits for the other: a worker may have taken the job of the first before it was judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('operations.asked'))")
