"""People who near the threshold or fall below it are told when it happens (section 8)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.attendance.queries import risks as queries
from maristan.attendance.rules.percentages import Risk
from maristan.comms.actions import notifications as comms
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

HOUR, MINUTE, DAYS = 2, 30, 7
NEAR, BELOW = "attendance.near_threshold", "attendance.below_threshold"


@unjournaled("a message repeats what the tables say")
def warn(*, by: Actor) -> int:
    """In the hour from 02:30 local time, tell learners who came near a threshold or fell below it since the day before.

    At most one message about a course in a week; gives how many crossed.
    """
    here = institution()
    now = clock.now()
    local = now.astimezone(ZoneInfo(here.time_zone))
    if not timedelta() <= local - local.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0) < timedelta(hours=1):
        return 0
    crossed = queries.crossed(now=now, before=now - timedelta(days=1), today=local.date())
    week = local.date().toordinal() // DAYS
    rounds: list[dict[int, comms.Message]] = []
    for each in crossed:
        place = next((found for found in rounds if each.person not in found), None)
        if place is None:
            rounds.append(place := {})
        place[each.person] = _message(each, week)
    for messages in rounds:
        comms.notify(messages=messages, by=by)
    return len(crossed)


def _message(each: Any, week: int) -> comms.Message:
    params = {"course": each.course_name, "percentage": str(each.percentage), "count": each.can_miss}
    return comms.Message(
        event=BELOW if each.risk is Risk.BELOW else NEAR,
        url="/attendance/mine",
        params=params,
        once=f"attendance.risk:{each.person}:{each.course}:{each.period}:{week}",
    )
