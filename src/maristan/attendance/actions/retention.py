"""Attendance is kept for the years that an institution sets, and for ever where it set none."""

from dataclasses import replace

from django.db import transaction

from maristan.attendance.actions.rosters import REGISTER as SUBJECT
from maristan.attendance.models import Attendance, Correction, MarkChange, Summary, Warned
from maristan.attendance.queries import registers
from maristan.attendance.rules.registers import KINDS, REGISTER
from maristan.attendance.rules.states import RegisterStatus
from maristan.attendance.rules.windows import kept_since
from maristan.directory.queries.settings import institution, setting
from maristan.kernel import clock, files, journal, rows
from maristan.kernel.access import Actor

KEPT_YEARS, AT_ONCE = "attendance.kept_years", 200


@transaction.atomic
def forget(*, by: Actor) -> int:
    """Remove the lines of up to 200 registers whose years are over, with what was asked and noted of them.

    Gives how many. The register stays and says so, and so do eligibility lists, which have counts of their own.
    A correction that waits keeps its register.
    """
    years = int(setting(KEPT_YEARS))
    if not years:
        return 0
    now = clock.now()
    since = kept_since(now, institution().time_zone, years)
    for older in (Summary.objects.filter(end__lt=since.date()), Warned.objects.filter(told_on__lt=since.date())):
        older.delete()
    due = []
    for register in registers.due_for_forgetting(since, AT_ONCE):
        facts = replace(registers.facts(register, actor=by), kept_years=years)
        if all(each.met for each in REGISTER.requirements(facts, "forget", by, now)):
            due.append(register)
    lines = _without_lines([register.session_id for register in due])
    noted = {}
    for register in due:
        changes = rows.change(register, {"status": RegisterStatus.FORGOTTEN, "locked_at": None, "reason": ""})
        rows.save_changes(register, changes)
        noted[register.pk] = {**changes, "session": register.session_id, "lines": lines.get(register.session_id, 0)}
    journal.record_each(KINDS["forget"], SUBJECT, noted, by=by)
    return len(due)


def _without_lines(sessions: list[int]) -> dict[int, int]:
    """Remove the lines of these sessions; gives session → how many there were."""
    lines = registers.counted(sessions)
    asked = Correction.objects.filter(line__session__in=sessions)
    files.drop_ids([pk for pk in asked.values_list("file", flat=True) if pk is not None])
    asked.delete()
    MarkChange.objects.filter(line__session__in=sessions).delete()
    Attendance.objects.filter(session__in=sessions).delete()
    return lines
