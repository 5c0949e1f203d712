"""The conflict report of a week and of a direct session: every fault at once, in the order of the calendar."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from maristan.kernel.workflow import Requirement, Severity
from maristan.timetable.rules.cell_checks import DIRECT_CHECKS, cell_conflicts
from maristan.timetable.rules.clashes import clashes, student_clashes
from maristan.timetable.rules.conflict_report import Conflict, in_order
from maristan.timetable.rules.facts import Surroundings, WeekFacts
from maristan.timetable.rules.plan_checks import plan_conflicts
from maristan.timetable.rules.planned import PlannedSession, plan_sessions

LISTED_AT_MOST = 200


def week_conflicts(week: WeekFacts, surroundings: Surroundings, *, today: date) -> tuple[Conflict, ...]:
    """Every conflict of a week by date, start and code; `today` is the institution's local date."""
    planned = plan_sessions(week, surroundings)
    found = [each for session in planned for each in cell_conflicts(session, week, surroundings)]
    found += clashes(planned, week, surroundings)
    found += student_clashes(planned, week, surroundings)
    found += plan_conflicts(week, surroundings, today)
    return in_order(found)


def session_conflicts(session: PlannedSession, surroundings: Surroundings) -> tuple[Conflict, ...]:
    """Every conflict of a session that stands alone: clashes, period, holiday, leave, teacher and room.

    The caller leaves the session itself out of `surroundings.others`.
    """
    found = [each for check in DIRECT_CHECKS for each in check(session, surroundings)]
    found += clashes([session], None, surroundings)
    found += student_clashes([session], None, surroundings)
    return in_order(found)


def concerning(conflicts: Iterable[Conflict], touched: Collection[tuple[int, int]]) -> tuple[Conflict, ...]:
    """The conflicts that an amendment of the cells at `touched` (row_index, day_of_week) must answer for.

    Those of the plan as a whole stay; those of cells left alone become warnings, since what was published before is
    not undone by an unrelated change.
    """
    addresses = frozenset(touched)
    return tuple(
        each
        if not each.cells or any((cell.row_index, cell.day_of_week) in addresses for cell in each.cells)
        else replace(each, severity=Severity.WARN)
        for each in conflicts
    )


def as_requirements(conflicts: Iterable[Conflict], codes: Collection[str] | None = None) -> tuple[Requirement, ...]:
    """The conflicts (of `codes` only, when given) as requirements of a move."""
    return tuple(each.as_requirement() for each in conflicts if codes is None or each.code in codes)
