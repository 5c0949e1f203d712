"""Weeks, days and instants: which date a cell means, and which moment a local time is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.kernel.errors import Invalid
from maristan.timetable.rules.facts import HolidayFacts

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
YEARS = range(2000, 2101)
WEEKS_AT_MOST = 60
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LocalInterval:
    """Two instants in UTC made of local times.

    `is_shifted`: the clock skips or repeats one of the times. `is_invalid`: after that, the end is not after the start.
    """

    starts_at: datetime
    ends_at: datetime
    is_shifted: bool = False
    is_invalid: bool = False


def week_start(day: date, first_weekday: int) -> date:
    """The first day of the week that holds `day` (rule T1); `first_weekday` is 0 = Monday .. 6 = Sunday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def planned_week_start(day: date, first_weekday: int, pointer: str = "/week_start_date") -> date:
    """The same for a week to be planned; raises `Invalid` (`date_out_of_range`) outside the years 2000..2100."""
    if day.year not in YEARS:
        raise Invalid.at(pointer, "date_out_of_range", "Give a date from 2000 to 2100.")
    return week_start(day, first_weekday)


def cell_date(start: date, day_of_week: int, first_weekday: int) -> date:
    """The date of a cell (rule T2): the week's start moved on to its `day_of_week`."""
    return start + timedelta(days=(day_of_week - first_weekday) % 7)


def day_of_week(day: date) -> int:
    """The inverse of `cell_date`: 0 = Monday .. 6 = Sunday, whatever the institution's first weekday."""
    return day.weekday()


def days_in_order(first_weekday: int) -> tuple[int, ...]:
    """The seven days of the week, beginning with the institution's first."""
    return tuple((first_weekday + offset) % 7 for offset in range(7))


def next_four(today: date, first_weekday: int, from_week_start: date | None = None) -> tuple[date, ...]:
    """Four consecutive week starts, from `from_week_start` or else the week after that of `today` (rule T4).

    `today` is the institution's local date; `from_week_start` is moved back to the first weekday. Raises `Invalid`
    (`date_out_of_range`) when the first lies outside the years 2000..2100.
    """
    first = today + WEEK if from_week_start is None else from_week_start
    start = planned_week_start(first, first_weekday, "/from_week_start")
    return tuple(start + n * WEEK for n in range(4))


def weeks_of_period(start_date: date, end_date: date, first_weekday: int) -> tuple[date, ...]:
    """The starts of every week that holds a day of the period, both ends included (rule T5).

    Raises `Invalid` (`too_many_weeks`) above 60 weeks.
    """
    first = week_start(start_date, first_weekday)
    count = (end_date - first).days // 7 + 1
    if count > WEEKS_AT_MOST:
        raise Invalid.at("/academic_period", "too_many_weeks", f"The period covers {count} weeks; 60 are possible.")
    return tuple(first + n * WEEK for n in range(count))


def instant(day: date, at: time, zone: str) -> tuple[datetime, bool]:
    """The UTC instant of a local time, and whether the clock skips or repeats that time (rule T12).

    A skipped time moves forward by the gap; a repeated one means its first pass. `fold=0` is both: before the
    change Python reads a time with the old offset, which lands after the gap and on the first pass.
    """
    local = datetime.combine(day, at.replace(fold=0), ZoneInfo(zone))
    is_shifted = local.utcoffset() != local.replace(fold=1).utcoffset()
    return local.astimezone(UTC), is_shifted


def local_interval(day: date, start: time, end: time, zone: str) -> LocalInterval:
    """Both instants of a row on a date, with the flags of rule T12."""
    starts_at, start_shifted = instant(day, start, zone)
    ends_at, end_shifted = instant(day, end, zone)
    return LocalInterval(starts_at, ends_at, start_shifted or end_shifted, ends_at <= starts_at)


def local_dates(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[date, date]:
    """The first and the last local date of an interval; one that ends at midnight does not touch the next day."""
    local = ZoneInfo(zone)
    last = max(starts_at, ends_at - timedelta(microseconds=1))
    return starts_at.astimezone(local).date(), last.astimezone(local).date()


def holidays_by_day(start: date, first_weekday: int, holidays: Iterable[HolidayFacts]) -> dict[int, HolidayFacts]:
    """`day_of_week` -> the first holiday on that day of the week (rule T6); the caller passes those in scope."""
    ordered = sorted(holidays, key=lambda each: (each.start_date, each.id))
    found = {}
    for day in days_in_order(first_weekday):
        on = cell_date(start, day, first_weekday)
        hits = [each for each in ordered if each.touches(on, on)]
        if hits:
            found[day] = hits[0]
    return found
