from dataclasses import replace
from datetime import date, time

import pytest

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.conflict_report import LABELS
from maristan.timetable.rules.conflicts import as_requirements, concerning, session_conflicts, week_conflicts
from maristan.timetable.rules.facts import (
    AvailabilityFacts,
    Content,
    DateRange,
    HolidayFacts,
    LeaveFacts,
    PeriodFacts,
    RoomFacts,
    SectionFacts,
    TeacherFacts,
    TimetableSettings,
)
from maristan.timetable.rules.planned import direct_session
from maristan.timetable.rules.states import (
    AvailabilityLevel,
    AvailabilitySubject,
    CellStatus,
    HolidayScope,
    OtherKind,
    PeriodStatus,
    WeekScope,
    WeekStatus,
)
from maristan.timetable.tests.rules_examples import (
    BANO,
    BATCH,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LAB,
    LECTURE,
    MONDAY,
    PATHOLOGY_DEPARTMENT,
    PROGRAM,
    SECTION,
    SETTINGS,
    SPRING,
    STRANGERS,
    TODAY,
    WORLD,
    at,
    cell,
    other,
    row,
    week,
)


def report(plan, world=WORLD, today=TODAY):
    return week_conflicts(plan, world, today=today)


def codes(plan, world=WORLD, today=TODAY):
    return [(each.code, each.severity.value) for each in report(plan, world, today)]


def spring(**more):
    known = {"status": PeriodStatus.OPEN, "start_date": date(2026, 1, 1), "end_date": date(2026, 6, 30), **more}
    return {SPRING: PeriodFacts(SPRING, "Spring", program=PROGRAM, batch=BATCH, **known)}


def test_a_complete_lecture_raises_no_fault_and_55_empty_cells_ask_nothing():
    assert report(week(cell())) == ()


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (week(cell(), rows=[row(1)]), [("row_times_missing", "block")]),
        (week(cell(), rows=[row(1, "08:00")]), [("row_times_missing", "block")]),
        (week(cell(), rows=[row(1, "08:00", "08:50", is_break=True)]), [("cell_in_break", "block")]),
        (week(cell(course=None, topic="Viva")), [("cell_department_missing", "block")]),
        (week(cell(course=None, department=PATHOLOGY_DEPARTMENT)), [("cell_subject_missing", "block")]),
        (week(cell(groups=())), [("cell_audience_missing", "block")]),
        (week(cell(academic_period=None), academic_period=None), [("period_missing", "block")]),
        (week(cell(academic_period=404)), [("period_missing", "block")]),
        (week(cell(room=None)), [("room_missing", "warn")]),
        (week(cell(faculty=None)), [("faculty_missing", "warn")]),
        (week(cell(faculty=None, faculty_name="Prof Guest")), [("faculty_unlinked", "warn")]),
        (week(), [("week_empty", "warn")]),
        (week(cell(status=CellStatus.CANCELLED)), [("week_empty", "warn")]),
    ],
)
def test_what_is_missing_from_a_cell_is_said(plan, found):
    assert codes(plan) == found


@pytest.mark.parametrize(
    "content",
    [
        {"course": None, "topic": "Viva", "department": PATHOLOGY_DEPARTMENT},
        {"course": None, "section": SECTION, "groups": ()},
        {"faculty": None, "co_faculty": (BANO,)},
        {"faculty_name": "Prof Guest"},
    ],
)
def test_a_topic_a_section_or_a_further_teacher_is_enough(content):
    assert codes(week(cell(**content))) == []


def test_all_groups_of_a_batch_without_groups_are_no_audience():
    plan = week(cell(groups=(), all_groups=True))
    assert codes(plan) == []
    assert codes(plan, replace(WORLD, batch_groups=())) == [("cell_audience_missing", "block")]


@pytest.mark.parametrize(
    ("period", "found"),
    [
        (spring(start_date=date(2026, 3, 10)), ["date_outside_period"]),
        (spring(end_date=date(2026, 3, 8)), ["date_outside_period"]),
        (spring(start_date=MONDAY, end_date=MONDAY), []),
        (spring(start_date=None), ["period_not_dated"]),
        (spring(end_date=None), ["period_not_dated"]),
        (spring(status=PeriodStatus.CLOSED), ["period_closed"]),
        (spring(status=PeriodStatus.PLANNED), ["period_closed"]),
    ],
)
def test_a_cell_needs_an_open_period_that_covers_its_date(period, found):
    assert codes(week(cell()), replace(WORLD, periods=period)) == [(code, "block") for code in found]


def test_a_cell_of_a_period_of_its_own_is_judged_by_that_one():
    world = replace(WORLD, periods={**WORLD.periods, 91: replace(WORLD.periods[SPRING], status=PeriodStatus.CLOSED)})
    (found,) = report(week(cell(academic_period=91), cell(2, 3)), world)
    assert (found.code, [ref.row_index for ref in found.cells]) == ("period_closed", [1])


def test_a_closed_period_of_the_plan_is_said_once_even_when_nothing_is_scheduled():
    world = replace(WORLD, periods=spring(status=PeriodStatus.CLOSED))
    assert codes(week(cell(), cell(2, 3)), world) == [("period_closed", "block")]
    assert codes(week(), world) == [("period_closed", "block"), ("week_empty", "warn")]


EID = HolidayFacts(3, "Eid", MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("holiday", "is_hit"),
    [
        (EID, True),
        (replace(EID, scope=HolidayScope.PROGRAM, scope_id=PROGRAM), True),
        (replace(EID, scope=HolidayScope.PROGRAM, scope_id=2), False),
        (replace(EID, scope=HolidayScope.BATCH, scope_id=BATCH), True),
        (replace(EID, scope=HolidayScope.BATCH, scope_id=8), False),
        (replace(EID, start_date=date(2026, 3, 10), end_date=date(2026, 3, 12)), False),
        (replace(EID, start_date=date(2026, 3, 1)), True),
    ],
)
def test_a_holiday_refuses_the_days_and_people_it_is_for(holiday, is_hit):
    found = report(week(cell()), replace(WORLD, holidays=(holiday,)))
    assert [each.code for each in found] == (["on_holiday"] if is_hit else [])
    if is_hit:
        assert found[0].as_dict()["with"] == {
            "kind": "holiday",
            "id": 3,
            "label": "Eid",
            "week_plan": None,
            "status": None,
        }


def test_in_an_institution_wide_week_a_batchs_holiday_refuses_only_its_own_groups():
    plan = week(
        cell(1, 0, groups=(STRANGERS,), academic_period=91),
        cell(2, 0, academic_period=91),
        scope=WeekScope.INSTITUTION,
        batch=None,
        program=None,
        academic_period=None,
    )
    shared = replace(WORLD.periods[SPRING], id=91, batch=None)
    world = replace(WORLD, periods={91: shared}, holidays=(replace(EID, scope=HolidayScope.BATCH, scope_id=BATCH),))
    assert [(each.code, each.cells[0].row_index) for each in report(plan, world)] == [("on_holiday", 2)]


@pytest.mark.parametrize(
    ("person", "dates", "is_away"),
    [
        (KHAN, DateRange(MONDAY, MONDAY), True),
        (KHAN, DateRange(date(2026, 3, 1)), True),
        (BANO, DateRange(MONDAY, MONDAY), True),
        (KHAN, DateRange(date(2026, 3, 10), None), False),
        (KHAN, DateRange(date(2026, 3, 1), date(2026, 3, 8)), False),
        (77, DateRange(MONDAY, MONDAY), False),
    ],
)
def test_a_teacher_on_leave_cannot_teach_first_or_further(person, dates, is_away):
    world = replace(WORLD, leaves=(LeaveFacts(12, person, dates),))
    found = report(week(cell(co_faculty=(BANO,))), world)
    assert [(each.code, each.who.id, each.with_.kind) for each in found] == (
        [("faculty_on_leave", person, OtherKind.LEAVE)] if is_away else []
    )


@pytest.mark.parametrize(
    ("memberships", "is_active"),
    [
        ((DateRange(MONDAY, MONDAY),), True),
        ((DateRange(date(2020, 1, 1), date(2021, 1, 1)), DateRange(date(2026, 3, 1))), True),
        ((DateRange(date(2026, 3, 10)),), False),
        ((DateRange(date(2020, 1, 1), date(2026, 3, 8)),), False),
        ((), False),
    ],
)
def test_a_teacher_teaches_only_while_a_membership_lasts(memberships, is_active):
    world = replace(WORLD, teachers={KHAN: TeacherFacts(KHAN, "Dr Khan", memberships)})
    assert codes(week(cell()), world) == ([] if is_active else [("faculty_inactive", "block")])


def away(**more):
    known = {
        "subject": AvailabilitySubject.PERSON,
        "subject_id": KHAN,
        "level": AvailabilityLevel.UNAVAILABLE,
        "day_of_week": 0,
        "start_time": time(8, 30),
        "end_time": time(12),
        "dates": DateRange(date(2026, 1, 1)),
        **more,
    }
    return AvailabilityFacts(**known)


@pytest.mark.parametrize(
    ("declared", "is_warned"),
    [
        (away(), True),
        (away(start_time=time(8, 50)), False),
        (away(start_time=time(7), end_time=time(8)), False),
        (away(day_of_week=1), False),
        (away(level=AvailabilityLevel.AVOID), False),
        (away(subject=AvailabilitySubject.ROOM), False),
        (away(subject_id=BANO), False),
        (away(dates=DateRange(date(2026, 1, 1), date(2026, 3, 8))), False),
    ],
)
def test_a_teacher_who_declared_the_time_unavailable_is_a_warning(declared, is_warned):
    found = codes(week(cell()), replace(WORLD, availability=(declared,)))
    assert found == ([("faculty_unavailable", "warn")] if is_warned else [])


def test_a_room_out_of_use_blocks():
    world = replace(WORLD, rooms={HALL: RoomFacts(HALL, "Hall", 100, is_active=False)})
    assert codes(week(cell()), world) == [("room_inactive", "block")]


@pytest.mark.parametrize(
    ("content", "capacity", "size"),
    [
        ({}, 24, 25),
        ({"groups": (GROUP_A, GROUP_B)}, 49, 50),
        ({"section": SECTION}, 39, 40),
        ({"groups": (), "section": SECTION}, 0, 40),
    ],
)
@pytest.mark.parametrize("severity", [Severity.WARN, Severity.BLOCK])
def test_a_room_too_small_is_as_grave_as_the_institution_says(content, capacity, size, severity):
    world = replace(
        WORLD,
        settings=replace(SETTINGS, room_capacity=severity),
        rooms={HALL: RoomFacts(HALL, "Hall", capacity)},
    )
    (found,) = report(week(cell(**content)), world)
    assert (found.code, found.severity, found.detail) == (
        "room_too_small",
        severity,
        {"capacity": capacity, "size": size},
    )
    assert codes(week(cell(**content)), replace(world, rooms={HALL: RoomFacts(HALL, "Hall", size)})) == []
    assert codes(week(cell(**content)), replace(world, rooms={HALL: RoomFacts(HALL, "Hall", None)})) == []


def berlin(start, end):
    sunday = date(2026, 3, 29)
    world = replace(WORLD, settings=TimetableSettings("Europe/Berlin"))
    return codes(week(cell(day=6), rows=[row(1, start, end)], week_start=date(2026, 3, 23)), world, sunday)


def test_a_clock_change_warns_and_refuses_only_what_it_swallows():
    assert berlin("08:00", "08:50") == []
    assert berlin("02:15", "04:00") == [("local_time_shifted", "warn")]
    assert berlin("02:30", "03:15") == [("local_time_invalid", "block"), ("local_time_shifted", "warn")]


LANES = {"start": "08:00", "end": "08:50"}


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


def test_clashes_and_torn_students_stand_in_the_report():
    world = replace(
        WORLD,
        others=(other("08:00", "08:50", room=HALL, groups=(GROUP_A,)),),
        enrolled={SECTION: frozenset({1})},
        placed={GROUP_A: frozenset({1})},
    )
    plan = week(cell(groups=(), section=SECTION))
    assert codes(plan, world) == [("room_clash", "block"), ("student_clash", "warn")]


def test_the_report_is_ordered_by_date_start_and_code():
    plan = week(
        cell(2, 0, room=None, faculty=None),
        cell(1, 1, room=None),
        cell(1, 0, room=None),
        cell(3, 0),
        rows=[row(1, "08:00", "08:50"), row(2, "09:00", "09:50"), row(3)],
    )
    found = [(each.when.date.day, each.code, each.cells[0].row_index) for each in report(plan)]
    assert found == [
        (9, "row_times_missing", 3),
        (9, "room_missing", 1),
        (9, "faculty_missing", 2),
        (9, "room_missing", 2),
        (10, "room_missing", 1),
    ]


def test_the_wire_shape_has_exactly_the_contracts_keys():
    (found,) = report(week(cell(room=None)))
    assert found.as_dict() == {
        "code": "room_missing",
        "severity": "warn",
        "who": {"id": KHAN, "name": "Dr Khan"},
        "where": None,
        "when": {"date": "2026-03-09", "starts_at": "2026-03-09T03:00:00Z", "ends_at": "2026-03-09T03:50:00Z"},
        "cells": [{"id": 10, "row_index": 1, "day_of_week": 0}],
        "with": None,
    }


@pytest.mark.parametrize(
    ("content", "who"),
    [
        ({"faculty": None, "faculty_name": "Prof Guest"}, {"id": None, "name": "Prof Guest"}),
        ({"faculty": None}, {"id": GROUP_A, "name": "A"}),
        ({"faculty": None, "groups": (), "section": SECTION}, None),
    ],
)
def test_without_a_teacher_the_guest_or_the_group_is_named(content, who):
    assert report(week(cell(**content)))[0].as_dict()["who"] == who


def test_every_code_has_a_label_and_every_requirement_keeps_its_place():
    world = replace(WORLD, others=(other("08:00", "08:50", room=HALL),))
    (found,) = as_requirements(report(week(cell()), world))
    assert (found.code, found.label, found.detail, found.severity, found.met) == (
        "room_clash",
        LABELS["room_clash"],
        "Anatomy",
        "block",
        False,
    )
    assert found.where["cells"] == [{"id": 10, "row_index": 1, "day_of_week": 0}]
    assert found.where["with"]["id"] == 900


def test_requirements_of_chosen_codes_leave_the_others_out():
    found = report(week(cell(room=None, groups=())))
    assert [each.code for each in as_requirements(found, {"room_missing"})] == ["room_missing"]


def test_an_amendment_answers_for_its_own_cells_and_the_plan_and_is_warned_of_the_rest():
    world = replace(WORLD, periods=spring(status=PeriodStatus.CLOSED), rooms={})
    plan = week(cell(1, 0, groups=()), cell(2, 0, groups=()))
    judged = concerning(report(plan, world), {(1, 0)})
    assert [(each.code, each.severity.value, [ref.row_index for ref in each.cells]) for each in judged] == [
        ("period_closed", "block", []),
        ("cell_audience_missing", "block", [1]),
        ("cell_audience_missing", "warn", [2]),
    ]


def test_a_clash_with_a_touched_cell_blocks_whichever_of_the_two_was_touched():
    plan = week(cell(1, 0), cell(2, 0, room=LAB, groups=(GROUP_B,)), rows=[row(1, **LANES), row(2, **LANES, lane="Y")])
    for touched in [(1, 0), (2, 0)]:
        judged = {each.code: each.severity for each in concerning(report(plan), {touched})}
        assert judged["faculty_clash"] is Severity.BLOCK


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
