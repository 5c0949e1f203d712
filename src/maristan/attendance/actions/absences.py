"""Learners hear of sessions in which they were marked absent, once each, when the mark is somebody's word."""

from collections.abc import Collection
from typing import Any

from maristan.attendance.queries import registers
from maristan.attendance.rules.windows import local_day
from maristan.comms.actions import notifications as comms
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled

ABSENT, MINE = "attendance.marked_absent", "/attendance/mine"
REPEATS = "a message repeats what the tables say"


@unjournaled(REPEATS)
def follow_register(*, line_id: int, by: Actor) -> None:
    """Tell those who are absent in a register that was submitted."""
    tell(sessions=registers.sessions_of([int(JournalLine.objects.get(pk=line_id).subject_id)]), by=by)


@unjournaled(REPEATS)
def tell(*, sessions: Collection[int], by: Actor) -> int:
    """Tell whoever is absent in these sessions and was not told; a mark of each is told once, however it changes."""
    return comms.notify_each(messages=((each.person_id, _message(each)) for each in registers.absent(sessions)), by=by)


def _message(line: Any) -> comms.Message:
    day = local_day(line.of_starts_at, line.zone)
    params = {"title": line.of_title or "", "date": day.isoformat()}
    return comms.Message(event=ABSENT, url=MINE, params=params, once=f"{ABSENT}:{line.pk}")
