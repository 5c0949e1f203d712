"""What the calendar ought to show of sessions, worked out anew from what is stored."""

from collections.abc import Mapping

from maristan.agenda import actions as agenda
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.actions.publishing import entry_of
from maristan.timetable.models import Session
from maristan.timetable.queries import sessions

SLICE = 1000


@unjournaled("it only says what ought to be shown")
def shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each session."""
    rows = sessions.with_names(Session.objects.order_by("pk")).iterator(chunk_size=SLICE)
    return {row.pk: entry_of(row, sessions.content_of(row), sessions.names_of(row)) for row in rows}
