"""Scheduled cells worked out to sessions: dates, instants, defaults taken from the plan, course and batch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from maristan.timetable.rules.calendar import cell_date, local_dates, local_interval
from maristan.timetable.rules.facts import CellFacts, Content, HolidayFacts, RowFacts, Surroundings, WeekFacts
from maristan.timetable.rules.states import WeekScope


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session to be: `content` with every default filled in, local dates, UTC instants.

    Instants are None while the row lacks a time. `cell` is None for a direct session. `batch` and `program` are those
    of the plan.
    """

    content: Content
    day: date
    last_day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_shifted: bool = False
    is_invalid: bool = False
    cell: CellFacts | None = None
    is_in_break: bool = False
    batch: int | None = None
    program: int | None = None

    @property
    def interval(self) -> tuple[datetime, datetime] | None:
        """Start and end when both are known and the end is after the start."""
        if self.starts_at is None or self.ends_at is None or self.ends_at <= self.starts_at:
            return None
        return self.starts_at, self.ends_at

    def batches(self, surroundings: Surroundings) -> frozenset[int]:
        """The batches taught: those of the plan, the groups and the period."""
        groups = [surroundings.groups[each] for each in self.content.groups if each in surroundings.groups]
        period = surroundings.periods.get(self.content.academic_period or 0)
        own = {self.batch, period.batch if period is not None else None}
        return frozenset(each for each in (*(group.batch for group in groups), *own) if each is not None)

    def programs(self, surroundings: Surroundings) -> frozenset[int]:
        """The programs taught: those of the plan, the groups and the period."""
        groups = [surroundings.groups[each] for each in self.content.groups if each in surroundings.groups]
        period = surroundings.periods.get(self.content.academic_period or 0)
        own = {self.program, period.program if period is not None else None}
        return frozenset(each for each in (*(group.program for group in groups), *own) if each is not None)


def plan_sessions(week: WeekFacts, surroundings: Surroundings) -> tuple[PlannedSession, ...]:
    """Every SCHEDULED cell of the week as the session it would become, in the order of the cells."""
    rows = week.rows_by_index()
    return tuple(plan_session(week, cell, rows[cell.row_index], surroundings) for cell in week.scheduled)


def plan_session(week: WeekFacts, cell: CellFacts, row: RowFacts, surroundings: Surroundings) -> PlannedSession:
    """One cell as a session (rules T2, T12, T14)."""
    settings = surroundings.settings
    day = cell_date(week.week_start, cell.day_of_week, settings.first_weekday)
    content = effective_content(week, cell, surroundings)
    untimed = PlannedSession(
        content, day, day, cell=cell, is_in_break=row.is_break, batch=week.batch, program=week.program
    )
    if row.band is None:
        return untimed
    when = local_interval(day, *row.band, settings.time_zone)
    return replace(
        untimed,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        is_shifted=when.is_shifted,
        is_invalid=when.is_invalid,
    )


def effective_content(week: WeekFacts, cell: CellFacts, surroundings: Surroundings) -> Content:
    """A cell's content with its defaults.

    The period is the plan's, the course the section's, the department the course's; "all groups" are those of the
    batch at this moment and mean nothing in an institution-wide plan.
    """
    content = cell.content
    section = surroundings.sections.get(content.section or 0)
    course_id = content.course or (section.course if section is not None else None)
    course = surroundings.courses.get(course_id or 0)
    everyone = cell.all_groups and week.scope is WeekScope.BATCH
    return replace(
        content,
        academic_period=content.academic_period or week.academic_period,
        course=course_id,
        department=content.department or (course.department if course is not None else None),
        groups=surroundings.batch_groups if everyone else content.groups,
    )


def direct_session(content: Content, starts_at: datetime, ends_at: datetime, zone: str) -> PlannedSession:
    """A session without a plan; the instants carry an offset and are in order, the dates are local to `zone`."""
    first, last = local_dates(starts_at, ends_at, zone)
    return PlannedSession(content, first, last, starts_at, ends_at)


def holidays_hitting(
    planned: PlannedSession, surroundings: Surroundings, holidays: Iterable[HolidayFacts]
) -> tuple[HolidayFacts, ...]:
    """The holidays in whose scope and days the session falls."""
    programs, batches = planned.programs(surroundings), planned.batches(surroundings)
    return tuple(
        each for each in holidays if each.touches(planned.day, planned.last_day) and each.holds_for(programs, batches)
    )
