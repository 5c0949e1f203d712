"""What an integrity check asks of the timetable."""

from django.db.models import F, Q

from maristan.kernel.access import Actor
from maristan.kernel.integrity import Owners, present
from maristan.timetable.models import Session, SessionOccurrence, WeekPlan
from maristan.timetable.rules.states import OccurrenceState, SessionSource

OWNERS: Owners = {
    "session": present(Session),
    "timetable.session": present(Session),
    "week_plan": present(WeekPlan),
}


def without_plan(*, by: Actor) -> list[int]:
    """Sessions that are said to follow a week but have no occurrence in a week that was ever published."""
    planned = Session.objects.filter(source=SessionSource.PLAN)
    orphans = planned.filter(occurrence__isnull=True).values_list("pk", flat=True)
    live = SessionOccurrence.objects.filter(state=OccurrenceState.LIVE)
    astray = live.filter(
        Q(week_plan__first_published_at__isnull=True)
        | ~Q(week_cell__week_plan_id=F("week_plan_id"))
        | ~Q(week_start_date=F("week_plan__week_start_date"))
    )
    return sorted({*orphans, *astray.values_list("session_id", flat=True)})
