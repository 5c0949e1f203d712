"""What the calendar shows of eligibility lists: the day from which a draft can be frozen."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.agenda import actions as agenda
from maristan.attendance.models import EligibilityList
from maristan.attendance.rules.states import ListStatus, Perm
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

FREEZE = "attendance.list_freeze"


@unjournaled("the action of the list writes the line")
def follow(*, row: EligibilityList, by: Actor) -> None:
    """Show a draft on the day after its last one to those who condone for the whole institution; others leave."""
    entry = _entry(row)
    if entry is None:
        agenda.withdraw(owner_kind=FREEZE, owner_ids=[row.pk], by=by)
    else:
        agenda.put(owner_kind=FREEZE, entries=[entry], by=by)


@unjournaled("it only says what ought to be shown")
def shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each list."""
    return {row.pk: _entry(row) for row in EligibilityList.objects.all()}


def _entry(row: EligibilityList) -> agenda.Shown | None:
    if row.status != ListStatus.DRAFT:
        return None
    start = datetime.combine(row.last_day + timedelta(days=1), time.min, ZoneInfo(institution().time_zone))
    return agenda.Shown(
        row.pk, row.title, start, start + timedelta(days=1), holders.keys(Perm.CONDONE),
        url=f"/attendance/eligibility-lists/{row.pk}", is_all_day=True, sequence=row.version,
    )  # fmt: skip
