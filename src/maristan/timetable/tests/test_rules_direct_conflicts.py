from dataclasses import replace
from datetime import date, time

import pytest

from maristan.timetable.rules.conflicts import session_conflicts
from maristan.timetable.rules.facts import (
    Content,
    DateRange,
    HolidayFacts,
    LeaveFacts,
    RoomFacts,
    SectionFacts,
)
from maristan.timetable.rules.planned import direct_session
from maristan.timetable.rules.states import (
    OtherKind,
    PeriodStatus,
    WeekStatus,
)
from maristan.timetable.tests.rules_examples import (
    EID,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LECTURE,
    MONDAY,
    SECTION,
    SETTINGS,
    SPRING,
    WORLD,
    at,
    away,
    other,
    spring,
)


def direct(start="08:00", end="09:00", base=LECTURE, **content):
    held = replace(base, academic_period=SPRING, **content)
    return direct_session(held, at(start), at(end), SETTINGS.time_zone)


@pytest.mark.parametrize(
    ("world", "found"),
    [
        ({}, []),
        ({"others": (other("08:30", "09:30", room=HALL),)}, [("room_clash", "block")]),
        ({"others": (other("08:30", "09:30", OtherKind.BOOKING, room=HALL),)}, [("room_clash", "block")]),
        (
            {"others": (other("08:30", "09:30", OtherKind.BOOKING, room=HALL, week_plan=None, status=None),)},
            [("room_clash", "block")],
        ),
        (
            {"others": (other("08:30", "09:30", OtherKind.CELL, room=HALL, status=WeekStatus.DRAFT),)},
            [("room_clash", "warn")],
        ),
        ({"periods": spring(status=PeriodStatus.CLOSED)}, [("period_closed", "block")]),
        ({"holidays": (EID,)}, [("on_holiday", "block")]),
        ({"leaves": (LeaveFacts(12, KHAN, DateRange(MONDAY, MONDAY)),)}, [("faculty_on_leave", "block")]),
        ({"rooms": {HALL: RoomFacts(HALL, "Hall", 100, is_active=False)}}, [("room_inactive", "block")]),
        ({"teachers": {}}, [("faculty_inactive", "block")]),
    ],
)
def test_a_direct_session_is_judged_by_the_same_codes(world, found):
    conflicts = session_conflicts(direct(), replace(WORLD, **world))
    assert [(each.code, each.severity.value) for each in conflicts] == found
    assert all(each.cells == () for each in conflicts)


def test_a_direct_session_needs_neither_subject_nor_room_nor_department():
    assert session_conflicts(direct(base=Content(groups=(GROUP_A,))), WORLD) == ()


@pytest.mark.parametrize(
    ("world", "code"),
    [
        ({"holidays": (HolidayFacts(3, "Eid", date(2026, 3, 10), date(2026, 3, 10)),)}, "on_holiday"),
        ({"leaves": (LeaveFacts(1, KHAN, DateRange(date(2026, 3, 10), date(2026, 3, 10))),)}, "faculty_on_leave"),
        ({"leaves": (LeaveFacts(1, KHAN, DateRange(MONDAY, MONDAY)),)}, "faculty_on_leave"),
        ({"holidays": (EID,)}, "on_holiday"),
        ({"periods": spring(start_date=date(2026, 3, 10))}, "date_outside_period"),
        ({"periods": spring(end_date=MONDAY)}, "date_outside_period"),
        ({"availability": (away(day_of_week=1, start_time=time(1), end_time=time(3)),)}, "faculty_unavailable"),
    ],
)
def test_a_session_that_passes_midnight_is_judged_on_both_its_days(world, code):
    night = direct_session(
        replace(LECTURE, academic_period=SPRING), at("22:00"), at("02:00", date(2026, 3, 10)), SETTINGS.time_zone
    )
    assert [each.code for each in session_conflicts(night, replace(WORLD, **world))] == [code]


def test_students_of_a_direct_sessions_section_are_counted():
    world = replace(
        WORLD,
        sections={SECTION: SectionFacts(SECTION, "Pathology 1", 5)},
        enrolled={SECTION: frozenset({1, 2})},
        placed={GROUP_B: frozenset({2})},
        others=(other("08:00", "08:30", groups=(GROUP_B,)),),
    )
    (found,) = session_conflicts(direct(groups=(), section=SECTION), world)
    assert (found.code, found.detail) == ("student_clash", {"count": 1})
