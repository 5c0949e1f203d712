"""What is of no use any more is forgotten: ended sessions, old reports, and what restores put aside."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain, packing
from maristan.operations.queries import restores, servers
from maristan.operations.rules.states import Perm

FORMER = "operations.drop_former"
REPORTS_STAY = timedelta(days=400)


@unjournaled("nobody's record is among it")
def prune(*, by: Actor) -> None:
    """Forget ended sessions and reports of 400 days; what restores put aside is dropped by the owner, in a job."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    for file in (Path(settings.VAR) / "reports").glob("*"):
        if file.is_file() and file.stat().st_mtime < (now - REPORTS_STAY).timestamp():
            file.unlink()
    if restores.were_any():
        jobs.enqueue_once(FORMER)


def drop_former(*, by: Actor) -> list[str]:
    """Drop former databases and folders of files older than RESTORE_KEEP_OLD_DAYS; gives their names.

    Raises `NotAllowed` and `Busy`: a restore that goes on may put them back.
    """
    by.demand(Perm.BACKUP_CREATE)
    with servers.turn("prune"):
        if restores.noted() is not None:
            return []
        before = clock.now() - timedelta(days=settings.RESTORE_KEEP_OLD_DAYS)
        dropped = [*_databases(before, by), *_folders(before)]
    if dropped:
        with tenancy.acting_in(None):
            chain.record(kind="backup.forgotten", subject=("backup", "former"), by=by, changes={"dropped": dropped})
    return dropped


def _databases(before: datetime, by: Actor) -> list[str]:
    found = servers.former(before=before)
    for name in found:
        packing.drop_database(name=name, by=by)
    return found


def _folders(before: datetime) -> list[str]:
    media = Path(settings.MEDIA_ROOT)
    found = sorted(media.parent.glob(f"{media.name}_before_*"))
    gone = [each for each in found if each.is_dir() and servers.is_before(each.name, before)]
    for each in gone:
        shutil.rmtree(each)
    return [each.name for each in gone]
