"""Pictures of a month's attendance: kept for the record, never an input of anything (E2)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from maristan.academics.queries import learners
from maristan.attendance.models import Summary
from maristan.attendance.queries import policies, standings
from maristan.attendance.queries.standings import Window
from maristan.attendance.rules.percentages import standing
from maristan.attendance.rules.policies import choose
from maristan.attendance.rules.spans import Span
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, journal
from maristan.kernel.access import Actor

HOUR, BATCH = 1, 1000


@transaction.atomic
def take_month(*, by: Actor) -> int:
    """On the first day of a month, from 01:00 local time, keep everybody's month before; gives how many were new.

    Done again on that day it finds the picture taken.
    """
    here = institution()
    now = clock.now()
    local = now.astimezone(ZoneInfo(here.time_zone))
    last = local.date().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    taken = Summary.objects.filter(period=Span.MONTHLY, start=first, end=last)
    if local.day != 1 or local.hour < HOUR or taken.exists():
        return 0
    window = Window(first, last, here.time_zone, now)
    found = standings.by_person(standings.expected(window), now)
    known, versions = learners.of(list(found), day=last), policies.active()
    made = []
    for person, tallied in found.items():
        keys = known[person].scope_keys if person in known else ()
        terms = choose(versions, course=None, scope_keys=keys, last_day=last, default=policies.default())
        counts = tallied.counts
        made.append(
            Summary(
                person_id=person, period=Span.MONTHLY, start=first, end=last, present=counts.present, late=counts.late,
                absent=counts.absent, excused=counts.excused, unmarked=counts.unmarked,
                percentage=standing(counts, terms).percentage, threshold=terms.threshold,
                policy=f"{terms.scope} {terms.number}",
            )
        )  # fmt: skip
    Summary.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    if made:
        changes = {"start": [None, first], "end": [None, last], "people": len(made)}
        journal.record("attendance_summary.taken", ("institution", here.pk), by=by, changes=changes)
    return len(made)
