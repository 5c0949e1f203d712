"""The weekly reminder: a batch that is taught next week and has no published timetable for it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from maristan.academics.queries import taught_batches
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution, setting
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.actions.inbox import BATCH, REMIND
from maristan.timetable.models import WeekPlan
from maristan.timetable.rules.calendar import WEEK, week_start
from maristan.timetable.rules.states import Perm, WeekScope, WeekStatus
from maristan.work import actions as work

HOUR = 10
EVENT = "week_plan.reminder"


@unjournaled("a reminder changes no record")
@transaction.atomic
def remind(*, by: Actor) -> int:
    """Remind the coordinators of each program once, from 10:00 on the weekday of the setting; gives how many batches.

    A published plan of the whole institution counts for every batch.
    """
    here = institution()
    local = clock.now().astimezone(ZoneInfo(here.time_zone))
    if not _is_time(local):
        return 0
    coming = week_start(local.date(), here.first_weekday) + WEEK
    late = _late(coming)
    work.open_items(items=[_item(pk, batch, coming) for pk, batch in late.items()], by=by)
    of_person: dict[int, list[str]] = {}
    for pk, batch in late.items():
        for person in holders.nearest(Perm.WEEK_PUBLISH, day=local.date(), program=batch["program"], batch=pk):
            of_person.setdefault(person, []).append(f"{batch['program_name']}: {batch['name']}")
    comms.notify(messages={person: _message(coming, named) for person, named in of_person.items()}, by=by)
    return len(late)


def _is_time(local: datetime) -> bool:
    return local.hour >= HOUR and local.weekday() == setting("timetable.reminder_weekday")


def _late(coming: date) -> dict[int, dict[str, Any]]:
    taught = taught_batches.between(coming, coming + timedelta(days=6))
    published = WeekPlan.objects.filter(status=WeekStatus.PUBLISHED, week_start_date=coming)
    there: set[Any] = set(published.values_list("scope", "batch_id"))
    if (WeekScope.INSTITUTION, None) in there:
        return {}
    return {pk: batch for pk, batch in taught.items() if (WeekScope.BATCH, pk) not in there}


def _item(pk: int, batch: dict[str, Any], coming: date) -> work.Waiting:
    return work.Waiting(
        kind=REMIND,
        cause_kind=BATCH,
        cause_id=pk,
        audience=holders.keys(Perm.WEEK_PUBLISH, program=batch["program"], batch=pk),
        url=f"/timetable/weeks?batch={pk}&start_date={coming}",
        params={
            "week_start_date": coming.isoformat(),
            "whose": batch["name"],
            "program": batch["program_name"],
        },
    )


def _message(coming: date, batches: list[str]) -> comms.Message:
    return comms.Message(
        event=EVENT,
        url=f"/timetable/weeks?start_date={coming}",
        params={"week_start_date": coming.isoformat(), "batches": batches},
        once=f"{EVENT}:{coming}",
    )
