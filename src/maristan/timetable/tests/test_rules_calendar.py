from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.kernel.errors import Invalid
from maristan.timetable.rules.calendar import (
    cell_date,
    day_of_week,
    days_in_order,
    holidays_by_day,
    instant,
    local_dates,
    local_interval,
    next_four,
    planned_week_start,
    week_start,
    weeks_of_period,
)
from maristan.timetable.rules.facts import HolidayFacts

dates = st.dates(date(2000, 1, 8), date(2100, 12, 31))
weekdays = st.integers(0, 6)


@pytest.mark.parametrize(
    ("day", "first_weekday", "start"),
    [
        (date(2026, 3, 12), 0, date(2026, 3, 9)),
        (date(2026, 3, 15), 0, date(2026, 3, 9)),
        (date(2026, 3, 9), 0, date(2026, 3, 9)),
        (date(2026, 3, 4), 6, date(2026, 3, 1)),
        (date(2026, 3, 4), 5, date(2026, 2, 28)),
    ],
)
def test_any_date_of_a_week_means_its_first_day(day, first_weekday, start):
    assert week_start(day, first_weekday) == start


@pytest.mark.parametrize(("day", "on"), [(6, date(2026, 3, 1)), (0, date(2026, 3, 2)), (5, date(2026, 3, 7))])
def test_a_week_that_begins_on_sunday_still_calls_monday_zero(day, on):
    assert cell_date(date(2026, 3, 1), day, 6) == on


@given(dates, weekdays)
def test_every_date_is_one_cell_of_its_week_and_no_other(day, first_weekday):
    start = week_start(day, first_weekday)
    week = [cell_date(start, each, first_weekday) for each in days_in_order(first_weekday)]
    assert week == [start + timedelta(days=n) for n in range(7)]
    assert cell_date(start, day_of_week(day), first_weekday) == day
    assert week_start(start, first_weekday) == start


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2101, 1, 1)])
def test_nobody_plans_a_week_outside_2000_to_2100(day):
    with pytest.raises(Invalid) as refusal:
        planned_week_start(day, 0)
    assert [(each.pointer, each.code) for each in refusal.value.faults] == [("/week_start_date", "date_out_of_range")]


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31)])
def test_the_first_and_the_last_year_are_planned(day):
    assert planned_week_start(day, 0) == week_start(day, 0)


def test_the_next_four_weeks_begin_after_the_current_one():
    assert next_four(date(2026, 3, 2), 0) == (
        date(2026, 3, 9),
        date(2026, 3, 16),
        date(2026, 3, 23),
        date(2026, 3, 30),
    )
    assert next_four(date(2026, 3, 8), 0)[0] == date(2026, 3, 9)


def test_the_next_four_weeks_begin_where_they_are_told_to():
    assert next_four(date(2026, 3, 2), 0, date(2026, 9, 3))[0] == date(2026, 8, 31)


def test_a_period_covers_every_week_that_holds_one_of_its_days():
    assert weeks_of_period(date(2026, 3, 4), date(2026, 3, 16), 0) == (
        date(2026, 3, 2),
        date(2026, 3, 9),
        date(2026, 3, 16),
    )
    assert weeks_of_period(date(2026, 3, 4), date(2026, 3, 15), 0)[-1] == date(2026, 3, 9)


def test_sixty_weeks_are_possible_and_sixty_one_are_not():
    monday = date(2026, 3, 2)
    assert len(weeks_of_period(monday, monday + timedelta(days=60 * 7 - 1), 0)) == 60
    with pytest.raises(Invalid) as refusal:
        weeks_of_period(monday, monday + timedelta(days=60 * 7), 0)
    assert refusal.value.code == "too_many_weeks"


@given(dates, st.integers(0, 400), weekdays)
def test_the_weeks_of_a_period_are_those_of_its_days(start, length, first_weekday):
    end = start + timedelta(days=length)
    days = {week_start(start + timedelta(days=n), first_weekday) for n in range(length + 1)}
    assert set(weeks_of_period(start, end, first_weekday)) == days


def test_karachi_lectures_at_eight_start_at_three_utc():
    when = local_interval(date(2026, 3, 9), time(8), time(8, 50), "Asia/Karachi")
    assert when.starts_at == datetime(2026, 3, 9, 3, tzinfo=UTC)
    assert when.ends_at == datetime(2026, 3, 9, 3, 50, tzinfo=UTC)
    assert not when.is_shifted
    assert not when.is_invalid


SPRING_FORWARD, FALL_BACK = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "at", "utc", "is_shifted"),
    [
        (SPRING_FORWARD, time(1, 59), (0, 59), False),
        (SPRING_FORWARD, time(2, 30), (1, 30), True),
        (SPRING_FORWARD, time(3, 0), (1, 0), False),
        (FALL_BACK, time(1, 59), (23, 59), False),
        (FALL_BACK, time(2, 30), (0, 30), True),
        (FALL_BACK, time(3, 0), (2, 0), False),
    ],
)
def test_berlin_skips_an_hour_in_spring_and_repeats_one_in_autumn(day, at, utc, is_shifted):
    moment, shifted = instant(day, at, "Europe/Berlin")
    assert (moment.hour, moment.minute) == utc
    assert moment.tzinfo is UTC
    assert shifted is is_shifted


def test_a_time_already_marked_as_the_second_pass_still_means_the_first():
    assert instant(FALL_BACK, time(2, 30, fold=1), "Europe/Berlin")[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("end", [time(3, 15), time(3, 30)])
def test_a_session_that_the_gap_swallows_is_invalid(end):
    when = local_interval(SPRING_FORWARD, time(2, 30), end, "Europe/Berlin")
    assert when.is_shifted
    assert when.is_invalid


def test_a_session_that_ends_in_the_gap_keeps_its_length():
    when = local_interval(SPRING_FORWARD, time(1, 30), time(2, 30), "Europe/Berlin")
    assert when.is_shifted
    assert not when.is_invalid
    assert when.ends_at - when.starts_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (datetime(2026, 3, 9, 3, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC), (9, 9)),
        (datetime(2026, 3, 9, 17, tzinfo=UTC), datetime(2026, 3, 9, 19, tzinfo=UTC), (9, 9)),
        (datetime(2026, 3, 9, 17, tzinfo=UTC), datetime(2026, 3, 9, 20, tzinfo=UTC), (9, 10)),
        (datetime(2026, 3, 9, 20, tzinfo=UTC), datetime(2026, 3, 9, 21, tzinfo=UTC), (10, 10)),
    ],
)
def test_a_night_shift_touches_the_days_it_is_awake_on(start, end, days):
    first, last = local_dates(start, end, "Asia/Karachi")
    assert (first.day, last.day) == days


def test_a_holiday_is_found_on_each_of_its_days_in_the_week():
    eid = HolidayFacts(2, "Eid", date(2026, 3, 14), date(2026, 3, 17))
    resolution = HolidayFacts(1, "Pakistan Day", date(2026, 3, 23), date(2026, 3, 23))
    names = {day: each.name for day, each in holidays_by_day(date(2026, 3, 9), 0, [eid, resolution]).items()}
    assert names == {5: "Eid", 6: "Eid"}


def test_of_two_holidays_on_one_day_the_earlier_begun_names_it():
    break_ = HolidayFacts(1, "Exam break", date(2026, 3, 12), date(2026, 3, 13))
    day = HolidayFacts(2, "Day of mourning", date(2026, 3, 13), date(2026, 3, 13))
    names = {day: each.name for day, each in holidays_by_day(date(2026, 3, 9), 0, [day, break_]).items()}
    assert names == {3: "Exam break", 4: "Exam break"}
