from dataclasses import replace
from datetime import date

import pytest

from maristan.timetable.rules.facts import (
    HolidayFacts,
)
from maristan.timetable.rules.states import (
    HolidayScope,
)
from maristan.timetable.tests.rules_examples import (
    BANO,
    BATCH,
    GROUP_B,
    LAB,
    LANES,
    PROGRAM,
    SETTINGS,
    WORLD,
    cell,
    codes,
    report,
    row,
    week,
)


@pytest.mark.parametrize(
    ("lanes", "days", "unclear"),
    [
        (("", ""), (0, 0), [1, 2]),
        (("X", "X"), (0, 0), [1, 2]),
        (("X", " X "), (0, 0), [1, 2]),
        (("X", ""), (0, 0), [2]),
        (("X", "Y"), (0, 0), []),
        (("", ""), (0, 1), []),
    ],
)
def test_parallel_rows_need_lanes_of_their_own_once_both_are_used_on_a_day(lanes, days, unclear):
    plan = week(
        cell(1, days[0]),
        cell(2, days[1], faculty=BANO, room=LAB, groups=(GROUP_B,)),
        rows=[row(1, **LANES, lane=lanes[0]), row(2, **LANES, lane=lanes[1])],
    )
    found = report(plan)
    assert [(each.code, each.severity, [ref.row_index for ref in each.cells]) for each in found] == (
        [("lane_needed", "block", unclear)] if unclear else []
    )


def test_rows_that_overlap_in_part_only_warn_and_name_the_cells_that_meet():
    plan = week(
        cell(1, 0),
        cell(2, 0, faculty=BANO, room=LAB, groups=(GROUP_B,)),
        cell(2, 1),
        rows=[row(1, "08:00", "09:00"), row(2, "08:30", "09:30"), row(3, "09:30", "10:00")],
    )
    (found,) = report(plan)
    assert (found.code, found.severity, found.detail) == ("row_times_overlap", "warn", {"rows": [1, 2]})
    assert [(ref.row_index, ref.day_of_week) for ref in found.cells] == [(1, 0), (2, 0)]


def days_counted(plan, **more):
    settings = replace(SETTINGS, required_cells_per_day=1, teaching_days=frozenset({0, 1}), **more)
    return replace(WORLD, settings=settings)


def test_without_the_setting_nobody_counts_periods():
    assert codes(week(cell(1, 0), cell(2, 0))) == []


def test_days_with_the_wrong_number_of_periods_are_named_with_their_count():
    plan = week(cell(1, 0), cell(2, 0))
    (found,) = report(plan, days_counted(plan))
    assert (found.code, found.severity) == ("INVALID_PERIOD_COUNT", "block")
    assert found.as_dict()["detail"] == {"days_with_wrong_count": ["Monday (2)", "Tuesday (0)"]}
    requirement = found.as_requirement()
    assert requirement.where["days_with_wrong_count"] == ["Monday (2)", "Tuesday (0)"]
    assert requirement.detail == "days_with_wrong_count: Monday (2), Tuesday (0)"


def test_lanes_of_one_band_are_one_period():
    plan = week(
        cell(1, 0),
        cell(2, 0, faculty=BANO, room=LAB, groups=(GROUP_B,)),
        cell(1, 1),
        rows=[row(1, **LANES, lane="X"), row(2, **LANES, lane="Y")],
    )
    assert codes(plan, days_counted(plan)) == []


@pytest.mark.parametrize(
    ("holiday", "is_excused"),
    [
        (HolidayFacts(3, "Eid", date(2026, 3, 10), date(2026, 3, 10)), True),
        (HolidayFacts(3, "Eid", date(2026, 3, 10), date(2026, 3, 10), HolidayScope.BATCH, BATCH), True),
        (HolidayFacts(3, "Eid", date(2026, 3, 10), date(2026, 3, 10), HolidayScope.PROGRAM, PROGRAM), True),
        (HolidayFacts(3, "Eid", date(2026, 3, 10), date(2026, 3, 10), HolidayScope.BATCH, 8), False),
    ],
)
def test_a_holiday_excuses_its_day_from_the_count(holiday, is_excused):
    plan = week(cell(1, 0))
    world = replace(days_counted(plan), holidays=(holiday,))
    assert codes(plan, world) == ([] if is_excused else [("INVALID_PERIOD_COUNT", "block")])


def test_days_are_counted_from_the_institutions_first_weekday():
    plan = week(week_start=date(2026, 3, 8))
    settings = replace(SETTINGS, first_weekday=6, required_cells_per_day=1, teaching_days=frozenset({0, 6}))
    (found,) = [each for each in report(plan, replace(WORLD, settings=settings)) if each.cells == () and each.detail]
    assert found.detail["days_with_wrong_count"] == ["Sunday (0)", "Monday (0)"]


@pytest.mark.parametrize(("today", "is_over"), [(date(2026, 3, 15), False), (date(2026, 3, 16), True)])
def test_a_week_is_past_once_its_last_day_is(today, is_over):
    assert codes(week(cell()), today=today) == ([("week_in_past", "warn")] if is_over else [])
