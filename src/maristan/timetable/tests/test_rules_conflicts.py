from dataclasses import replace
from datetime import date, time

import pytest

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.conflict_report import LABELS
from maristan.timetable.rules.conflicts import as_requirements, concerning
from maristan.timetable.rules.facts import (
    DateRange,
    LeaveFacts,
    RoomFacts,
    TeacherFacts,
    TimetableSettings,
)
from maristan.timetable.rules.states import (
    AvailabilityLevel,
    AvailabilitySubject,
    CellStatus,
    HolidayScope,
    OtherKind,
    PeriodStatus,
    WeekScope,
)
from maristan.timetable.tests.rules_examples import (
    BANO,
    BATCH,
    EID,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LAB,
    LANES,
    MONDAY,
    PATHOLOGY_DEPARTMENT,
    PROGRAM,
    SECTION,
    SETTINGS,
    SPRING,
    STRANGERS,
    WORLD,
    away,
    cell,
    codes,
    other,
    report,
    row,
    spring,
    week,
)


def test_a_complete_lecture_raises_no_fault_and_55_empty_cells_ask_nothing():
    assert report(week(cell())) == ()


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (week(cell(), rows=[row(1)]), [("row_times_missing", "block")]),
        (week(cell(), rows=[row(1, "08:00")]), [("row_times_missing", "block")]),
        (week(cell(), rows=[row(1, None, "08:50")]), [("row_times_missing", "block")]),
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


@pytest.mark.parametrize(("scope", "scope_id"), [(HolidayScope.PROGRAM, PROGRAM), (HolidayScope.BATCH, BATCH)])
def test_a_section_keeps_the_holidays_of_its_periods_program_and_batch(scope, scope_id):
    plan = week(cell(groups=(), section=SECTION))
    world = replace(WORLD, holidays=(replace(EID, scope=scope, scope_id=scope_id),))
    assert codes(plan, world) == [("on_holiday", "block")]
    assert codes(plan, replace(WORLD, holidays=(replace(world.holidays[0], scope_id=99),))) == []


def test_an_institutions_holiday_refuses_a_cell_without_a_period_too():
    plan = week(cell(), academic_period=None)
    assert codes(plan, replace(WORLD, holidays=(EID,))) == [("on_holiday", "block"), ("period_missing", "block")]


@pytest.mark.parametrize(("scope", "scope_id"), [(HolidayScope.BATCH, BATCH), (HolidayScope.PROGRAM, PROGRAM)])
def test_in_an_institution_wide_week_a_holiday_refuses_only_the_groups_it_is_for(scope, scope_id):
    plan = week(
        cell(1, 0, groups=(STRANGERS,), academic_period=91),
        cell(2, 0, academic_period=91),
        scope=WeekScope.INSTITUTION,
        batch=None,
        program=None,
        academic_period=None,
    )
    shared = replace(WORLD.periods[SPRING], id=91, batch=None, program=3)
    world = replace(WORLD, periods={91: shared}, holidays=(replace(EID, scope=scope, scope_id=scope_id),))
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


def test_a_cell_without_times_is_not_held_against_a_declared_time():
    world = replace(WORLD, availability=(away(),))
    assert codes(week(cell(), rows=[row(1)]), world) == [("row_times_missing", "block")]


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


def test_figures_are_told_in_words_as_well():
    world = replace(WORLD, rooms={HALL: RoomFacts(HALL, "Hall", 24)})
    (found,) = as_requirements(report(week(cell()), world))
    assert found.detail == "capacity: 24; size: 25"
    assert (found.where["capacity"], found.where["size"]) == (24, 25)


def test_a_section_nobody_knows_fills_no_room():
    world = replace(WORLD, rooms={HALL: RoomFacts(HALL, "Hall", 0)}, sections={})
    assert codes(week(cell(groups=(), section=SECTION)), world) == []


def berlin(start, end):
    sunday = date(2026, 3, 29)
    world = replace(WORLD, settings=TimetableSettings("Europe/Berlin"))
    return codes(week(cell(day=6), rows=[row(1, start, end)], week_start=date(2026, 3, 23)), world, sunday)


def test_a_clock_change_warns_and_refuses_only_what_it_swallows():
    assert berlin("08:00", "08:50") == []
    assert berlin("02:15", "04:00") == [("local_time_shifted", "warn")]
    assert berlin("02:30", "03:15") == [("local_time_invalid", "block"), ("local_time_shifted", "warn")]


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


def test_what_happens_at_one_time_is_ordered_by_the_other_side_and_by_who():
    everywhere = {"room": HALL, "teachers": (KHAN, BANO)}
    world = replace(
        WORLD,
        teachers={
            BANO: replace(WORLD.teachers[BANO], memberships=()),
            KHAN: replace(WORLD.teachers[KHAN], memberships=()),
        },
        others=tuple(other("08:00", "08:50", id=number, **everywhere) for number in (905, 901)),
    )
    for cells in [{"co_faculty": (BANO,)}, {"faculty": BANO, "co_faculty": (KHAN,)}]:
        found = [
            (each.code, each.with_.id if each.with_ else None, each.who.id)
            for each in report(week(cell(**cells)), world)
        ]
        first = cells.get("faculty", KHAN)
        assert found == [
            ("faculty_clash", 901, KHAN),
            ("faculty_clash", 901, BANO),
            ("faculty_clash", 905, KHAN),
            ("faculty_clash", 905, BANO),
            ("faculty_inactive", None, KHAN),
            ("faculty_inactive", None, BANO),
            ("room_clash", 901, first),
            ("room_clash", 905, first),
        ]


def test_people_and_places_nobody_loaded_are_named_by_id_alone():
    world = replace(
        WORLD, teachers={}, rooms={}, groups={}, sections={}, others=(other("08:00", "08:50", section=7, groups=(6,)),)
    )
    plan = week(cell(groups=(6,), section=7, co_faculty=(BANO,)))
    named = {(each.who.id, each.who.name, each.where.name) for each in report(plan, world)}
    assert named == {(KHAN, "", ""), (BANO, "", ""), (6, "", ""), (7, "", "")}


def test_only_a_blocking_conflict_blocks():
    assert [each.blocks for each in report(week(cell(groups=(), room=None)))] == [True, False]


def test_the_wire_shape_has_exactly_the_contracts_keys_and_figures():
    (found,) = report(week(cell(room=None)))
    assert found.as_dict() == {
        "code": "room_missing",
        "severity": "warn",
        "who": {"id": KHAN, "name": "Dr Khan"},
        "where": None,
        "when": {"date": "2026-03-09", "starts_at": "2026-03-09T03:00:00Z", "ends_at": "2026-03-09T03:50:00Z"},
        "cells": [{"id": 10, "row_index": 1, "day_of_week": 0}],
        "with": None,
        "detail": {},
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
