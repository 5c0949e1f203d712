"""What schedules tell of rows that a restore took back in time: made before anybody is served, so that it is held."""

from datetime import datetime

from django.db import connection
from psycopg import sql

from maristan.directory.queries.settings import institution
from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Refusal
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.queries import faults
from maristan.operations.rules import restoring

# A schedule that cannot tell stops no restore: it would fail by itself a minute later. A set that stays as another
# release made it may lack what this one asks for.
FAILURES = (
    Refusal, *jobs.REFUSED, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


@unjournaled("each job by schedule leaves its own lines")
def take_up(*, since: datetime | None, role: str, by: Actor) -> dict[str, str]:
    """Let schedules do in the database at hand, as the runtime role, what they did since a set was made.

    What follows from it waits there as jobs and mails like those of the set. Gives, by name, why one could not.
    """
    now, failed = clock.now(), dict[str, str]()
    for institution_id in tenancy.institution_ids():
        for name, telling in jobs.telling_jobs.items():
            try:
                for at in _moments(telling, institution_id, since, now):
                    _do(telling, at, institution_id, role)
            except FAILURES as fault:
                failed.setdefault(name, faults.said(fault))
    return failed


def _moments(telling: jobs.Telling, institution_id: int, since: datetime | None, now: datetime) -> list[datetime]:
    with tenancy.acting_in(institution_id):
        return restoring.moments(telling.times, institution().time_zone, since=since, now=now)


def _do(telling: jobs.Telling, at: datetime, institution_id: int, role: str) -> None:
    with clock.stopped_at(at), tenancy.acting_in(institution_id), connection.cursor() as cursor:
        # The owner would see the rows of every institution.
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        telling.body()
