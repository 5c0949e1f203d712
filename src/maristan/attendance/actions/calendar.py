"""What the calendar shows of eligibility lists: the day from which a draft can be frozen."""

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
    if row.status != ListStatus.DRAFT:
        agenda.withdraw(owner_kind=FREEZE, owner_ids=[row.pk], by=by)
        return
    start = datetime.combine(row.last_day + timedelta(days=1), time.min, ZoneInfo(institution().time_zone))
    entry = agenda.Shown(
        row.pk, row.title, start, start + timedelta(days=1), holders.keys(Perm.CONDONE),
        url=f"/attendance/eligibility-lists/{row.pk}", is_all_day=True, sequence=row.version,
    )  # fmt: skip
    agenda.put(owner_kind=FREEZE, entries=[entry], by=by)
