"""Attendance of many sessions at once, noted on each of them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from maristan.kernel import journal
from maristan.kernel.access import Actor
from maristan.timetable.models import Session
from maristan.timetable.queries import weeks
from maristan.timetable.rules import occurrences
from maristan.timetable.rules.states import SessionStatus


@transaction.atomic
def record(*, ids: Collection[int], at: datetime, by: Actor) -> None:
    """Note on live sessions that attendance has been recorded, as `sessions.record_attendance` does on one.

    The caller has decided that the actor may. A constant number of statements.
    """
    if not ids:
        return
    weeks.take_turn(by.institution_id, shared=True)
    rows = Session.objects.select_for_update().filter(pk__in=list(ids), attendance_recorded_at=None)
    found = list(rows.exclude(status=SessionStatus.CANCELLED).order_by("pk"))
    changes = {
        row.pk: {"attendance_recorded_at": [None, at], "version": [row.version, row.version + 1]} for row in found
    }
    for row in found:
        row.attendance_recorded_at, row.version, row.updated_at = at, row.version + 1, at
    Session.objects.bulk_update(found, ["attendance_recorded_at", "version", "updated_at"])
    journal.record_each(occurrences.CHANGED, "session", changes, by=by)
