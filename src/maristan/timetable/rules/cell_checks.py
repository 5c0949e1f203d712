"""What one session needs: a time, a subject, people, a place and a period that admit it."""

from collections.abc import Callable, Iterable, Iterator

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.calendar import local_interval
from maristan.timetable.rules.conflict_report import (
    Conflict,
    OtherSide,
    conflict_at,
    teacher_named,
)
from maristan.timetable.rules.facts import AvailabilityFacts, LeaveFacts, Surroundings, WeekFacts
from maristan.timetable.rules.planned import PlannedSession, holidays_hitting
from maristan.timetable.rules.states import AvailabilityLevel, AvailabilitySubject, OtherKind, PeriodStatus

Check = Callable[[PlannedSession, Surroundings], Iterable[Conflict]]


def row_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`row_times_missing`, `cell_in_break`."""
    if planned.starts_at is None:
        yield conflict_at(planned, "row_times_missing", surroundings)
    if planned.is_in_break:
        yield conflict_at(planned, "cell_in_break", surroundings)


def content_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`cell_department_missing`, `cell_subject_missing`, `cell_audience_missing`."""
    content = planned.content
    if content.department is None:
        yield conflict_at(planned, "cell_department_missing", surroundings)
    if content.course is None and not content.topic:
        yield conflict_at(planned, "cell_subject_missing", surroundings)
    if content.section is None and not content.groups:
        yield conflict_at(planned, "cell_audience_missing", surroundings)


def clock_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`local_time_shifted` (warn) and `local_time_invalid` (rule T12)."""
    if planned.is_shifted:
        yield conflict_at(planned, "local_time_shifted", surroundings, Severity.WARN)
    if planned.is_invalid:
        yield conflict_at(planned, "local_time_invalid", surroundings)


def period_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`period_missing`, `period_not_dated`, `date_outside_period`, `period_closed`."""
    period = surroundings.periods.get(planned.content.academic_period or 0)
    if period is None:
        yield conflict_at(planned, "period_missing", surroundings)
        return
    if period.start_date is None or period.end_date is None:
        yield conflict_at(planned, "period_not_dated", surroundings)
    elif planned.day < period.start_date or planned.last_day > period.end_date:
        yield conflict_at(planned, "date_outside_period", surroundings)
    if period.status is not PeriodStatus.OPEN:
        yield conflict_at(planned, "period_closed", surroundings)


def holiday_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`on_holiday`, once for each holiday in scope."""
    for holiday in holidays_hitting(planned, surroundings, surroundings.holidays):
        against = OtherSide(OtherKind.HOLIDAY, holiday.id, holiday.name)
        yield conflict_at(planned, "on_holiday", surroundings, with_=against)


def teacher_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`faculty_on_leave`, `faculty_inactive`; `faculty_unavailable` (warn)."""
    for person in planned.content.teachers:
        named = teacher_named(person, surroundings)
        for leave in _leaves(person, planned, surroundings):
            against = OtherSide(OtherKind.LEAVE, leave.id, leave.label)
            yield conflict_at(planned, "faculty_on_leave", surroundings, who=named, with_=against)
        if not _teaches(person, planned, surroundings):
            yield conflict_at(planned, "faculty_inactive", surroundings, who=named)
        if any(_hits(each, person, planned, surroundings) for each in surroundings.availability):
            yield conflict_at(planned, "faculty_unavailable", surroundings, Severity.WARN, who=named)


def naming_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`room_missing`, `faculty_missing`, `faculty_unlinked` (all warn)."""
    content = planned.content
    if content.room is None:
        yield conflict_at(planned, "room_missing", surroundings, Severity.WARN)
    if not content.teachers:
        code = "faculty_unlinked" if content.faculty_name else "faculty_missing"
        yield conflict_at(planned, code, surroundings, Severity.WARN)


def room_conflicts(planned: PlannedSession, surroundings: Surroundings) -> Iterator[Conflict]:
    """`room_inactive`; `room_too_small` with `detail` capacity and size, as grave as the setting says."""
    room = surroundings.rooms.get(planned.content.room or 0)
    if room is None:
        return
    if not room.is_active:
        yield conflict_at(planned, "room_inactive", surroundings)
    size = audience_size(planned, surroundings)
    if room.capacity is not None and size > room.capacity:
        detail = {"capacity": room.capacity, "size": size}
        severity = surroundings.settings.room_capacity
        yield conflict_at(planned, "room_too_small", surroundings, severity, detail=detail)


PLAN_CHECKS: tuple[Check, ...] = (
    row_conflicts,
    content_conflicts,
    clock_conflicts,
    period_conflicts,
    holiday_conflicts,
    teacher_conflicts,
    naming_conflicts,
    room_conflicts,
)
DIRECT_CHECKS: tuple[Check, ...] = (period_conflicts, holiday_conflicts, teacher_conflicts, room_conflicts)


def cell_conflicts(planned: PlannedSession, week: WeekFacts, surroundings: Surroundings) -> Iterator[Conflict]:
    """Every fault of one scheduled cell; a closed period of the plan itself is reported once, by the plan."""
    for check in PLAN_CHECKS:
        for found in check(planned, surroundings):
            of_plan = found.code == "period_closed" and planned.content.academic_period == week.academic_period
            if not of_plan:
                yield found


def audience_size(planned: PlannedSession, surroundings: Surroundings) -> int:
    """The students on the roster (rules A11, T17): the section's enrolments, else those placed in the groups."""
    content = planned.content
    if content.section is not None:
        section = surroundings.sections.get(content.section)
        return section.size if section is not None else 0
    return sum(surroundings.size_of_group(each, planned.day) for each in content.groups)


def _leaves(person: int, planned: PlannedSession, surroundings: Surroundings) -> Iterator[LeaveFacts]:
    for leave in surroundings.leaves:
        if leave.person == person and (leave.dates.covers(planned.day) or leave.dates.covers(planned.last_day)):
            yield leave


def _teaches(person: int, planned: PlannedSession, surroundings: Surroundings) -> bool:
    known = surroundings.teachers.get(person)
    return known is not None and any(each.covers(planned.day) for each in known.memberships)


def _hits(each: AvailabilityFacts, person: int, planned: PlannedSession, surroundings: Surroundings) -> bool:
    is_refusal = each.level is AvailabilityLevel.UNAVAILABLE and each.subject is AvailabilitySubject.PERSON
    if not is_refusal or each.subject_id != person or planned.interval is None:
        return False
    starts_at, ends_at = planned.interval
    for day in {planned.day, planned.last_day}:
        if each.dates.covers(day) and day.weekday() == each.day_of_week:
            away = local_interval(day, each.start_time, each.end_time, surroundings.settings.time_zone)
            if starts_at < away.ends_at and away.starts_at < ends_at:
                return True
    return False
