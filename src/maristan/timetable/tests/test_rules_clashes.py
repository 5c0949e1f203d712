from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.timetable.rules.clashes import Span, clashes, overlapping, student_clashes
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.states import CellStatus, OtherKind, WeekScope, WeekStatus
from maristan.timetable.tests.rules_examples import (
    BANO,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LAB,
    MONDAY,
    OTHER_PLAN,
    OTHER_SECTION,
    PLAN,
    SECTION,
    WORLD,
    at,
    cell,
    other,
    row,
    week,
)

START = datetime(2026, 3, 9, tzinfo=UTC)
minutes = st.integers(0, 40)
spans = st.lists(st.tuples(minutes, st.integers(0, 12), st.booleans()), max_size=25)


def found_in(plan, *others, world=WORLD):
    return list(clashes(plan_sessions(plan, world), plan, replace(world, others=tuple(others))))


def codes(found):
    return sorted(each.code for each in found)


def as_spans(rows):
    return [
        Span(START + timedelta(minutes=start), START + timedelta(minutes=start + length), index, is_own)
        for index, (start, length, is_own) in enumerate(rows)
    ]


@given(spans)
def test_the_sweep_finds_what_comparing_everything_with_everything_finds(rows):
    each_with_each = {
        frozenset((one.item, two.item))
        for one in as_spans(rows)
        for two in as_spans(rows)
        if one.item < two.item
        and (one.is_own or two.is_own)
        and max(one.starts_at, two.starts_at) < min(one.ends_at, two.ends_at)
    }
    pairs = [frozenset((one.item, two.item)) for one, two in overlapping(as_spans(rows))]
    assert set(pairs) == each_with_each
    assert len(pairs) == len(set(pairs))


@given(spans)
def test_an_own_one_always_comes_first(rows):
    assert all(one.is_own for one, _ in overlapping(as_spans(rows)))


def test_a_year_of_strange_bookings_that_all_overlap_is_passed_over_quickly():
    strangers = [Span(START, START + timedelta(days=400), n, is_own=False) for n in range(20_000)]
    mine = [Span(START + timedelta(days=500 + n), START + timedelta(days=501 + n), -n - 1) for n in range(5_000)]
    begun = perf_counter()
    assert list(overlapping([*strangers, *mine])) == []
    assert perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("start", "end", "is_clash"),
    [
        ("07:00", "08:00", False),
        ("07:00", "08:01", True),
        ("08:10", "08:20", True),
        ("07:00", "10:00", True),
        ("08:49", "10:00", True),
        ("08:50", "10:00", False),
    ],
)
def test_back_to_back_is_free_and_a_shared_minute_is_not(start, end, is_clash):
    found = found_in(week(cell()), other(start, end, room=HALL))
    assert codes(found) == (["room_clash"] if is_clash else [])


@pytest.mark.parametrize(
    ("held", "code"),
    [
        ({"room": HALL}, "room_clash"),
        ({"teachers": (KHAN,)}, "faculty_clash"),
        ({"teachers": (BANO, KHAN)}, "faculty_clash"),
        ({"groups": (GROUP_B, GROUP_A)}, "group_clash"),
        ({"section": SECTION}, "section_clash"),
    ],
)
def test_each_resource_has_its_own_code(held, code):
    found = found_in(week(cell(section=SECTION)), other("08:00", "08:50", **held))
    assert [(each.code, each.severity) for each in found] == [(code, "block")]


@pytest.mark.parametrize(
    "held", [{"room": LAB}, {"teachers": (BANO,)}, {"groups": (GROUP_B,)}, {"section": OTHER_SECTION}, {}]
)
def test_other_people_in_other_places_do_not_clash(held):
    assert found_in(week(cell(section=SECTION)), other("08:00", "08:50", **held)) == []


def test_a_further_teacher_is_as_busy_as_the_first():
    plan = week(cell(faculty=BANO, co_faculty=(KHAN,)))
    found = found_in(plan, other("08:00", "08:50", teachers=(KHAN,)))
    assert [(each.code, each.who.name) for each in found] == [("faculty_clash", "Dr Khan")]


def test_a_teacher_named_twice_in_one_cell_is_no_clash_with_herself():
    assert found_in(week(cell(co_faculty=(KHAN,)))) == []


def test_guests_are_not_compared():
    plan = week(
        cell(1, 0, base=Content(), faculty_name="Prof Guest", groups=(GROUP_A,)),
        cell(2, 0, base=Content(), faculty_name="Prof Guest", groups=(GROUP_B,)),
        rows=(row(1, "08:00", "08:50"), row(2, "08:00", "08:50")),
    )
    assert found_in(plan) == []


@pytest.mark.parametrize(
    ("kind", "status", "severity"),
    [
        (OtherKind.SESSION, WeekStatus.PUBLISHED, "block"),
        (OtherKind.SESSION, None, "block"),
        (OtherKind.BOOKING, None, "block"),
        (OtherKind.CELL, WeekStatus.DRAFT, "warn"),
        (OtherKind.CELL, WeekStatus.VERIFIED, "warn"),
    ],
)
def test_what_is_published_or_booked_blocks_and_what_is_planned_warns(kind, status, severity):
    found = found_in(week(cell()), other("08:00", "08:50", kind, room=HALL, status=status))
    assert [(each.code, each.severity) for each in found] == [("room_clash", severity)]


def test_cells_of_a_published_plan_speak_through_their_sessions():
    published = other("08:00", "08:50", OtherKind.CELL, room=HALL, status=WeekStatus.PUBLISHED)
    assert found_in(week(cell()), published) == []


@pytest.mark.parametrize("kind", [OtherKind.SESSION, OtherKind.CELL])
def test_a_plan_does_not_clash_with_what_it_made_itself(kind):
    own = other("08:00", "08:50", kind, room=HALL, week_plan=PLAN, status=WeekStatus.DRAFT)
    assert found_in(week(cell()), own) == []


def test_two_cells_of_one_plan_that_need_dr_khan_block_each_other_once():
    plan = week(
        cell(1, 0),
        cell(2, 0, room=LAB, groups=(GROUP_B,), topic="Liver"),
        rows=(row(1, "08:00", "08:50"), row(2, "08:30", "09:20")),
    )
    (found,) = found_in(plan)
    assert found.code == "faculty_clash"
    assert found.as_dict() == {
        "code": "faculty_clash",
        "severity": "block",
        "who": {"id": KHAN, "name": "Dr Khan"},
        "where": {"id": HALL, "name": "Hall"},
        "when": {"date": "2026-03-09", "starts_at": "2026-03-09T03:30:00Z", "ends_at": "2026-03-09T03:50:00Z"},
        "cells": [{"id": 10, "row_index": 1, "day_of_week": 0}, {"id": 20, "row_index": 2, "day_of_week": 0}],
        "with": {"kind": "cell", "id": 20, "label": "Liver", "week_plan": PLAN, "status": "draft"},
        "detail": {},
    }


def test_an_own_cell_without_topic_is_called_by_its_course():
    plan = week(cell(1, 0), cell(2, 0), rows=(row(1, "08:00", "08:50"), row(2, "08:30", "09:20")))
    assert {each.with_.label for each in found_in(plan)} == {"Pathology"}
    assert {each.with_.label for each in found_in(plan, world=replace(WORLD, courses={}, sections={}))} == {""}


def test_cells_that_are_cancelled_or_empty_need_nobody():
    plan = week(cell(status=CellStatus.CANCELLED))
    assert found_in(plan, other("08:00", "08:50", room=HALL, teachers=(KHAN,))) == []


def test_a_cell_in_a_row_without_times_clashes_with_nobody():
    plan = week(cell(1, 0), cell(2, 0), rows=(row(1), row(2, "08:00", "08:50")))
    assert found_in(plan) == []


def test_all_groups_are_the_groups_of_the_batch():
    plan = week(cell(groups=(), all_groups=True))
    found = found_in(plan, other("08:00", "08:50", groups=(GROUP_B,)))
    assert [(each.code, each.who.name) for each in found] == [("group_clash", "B")]


def test_all_groups_mean_nothing_in_an_institution_wide_plan():
    plan = week(cell(groups=(), all_groups=True), scope=WeekScope.INSTITUTION, batch=None)
    assert found_in(plan, other("08:00", "08:50", groups=(GROUP_B,))) == []


def test_a_clash_says_who_where_when_and_against_what():
    (found,) = found_in(week(cell()), other("08:30", "09:30", room=HALL))
    assert found.as_dict() == {
        "code": "room_clash",
        "severity": "block",
        "who": {"id": KHAN, "name": "Dr Khan"},
        "where": {"id": HALL, "name": "Hall"},
        "when": {"date": "2026-03-09", "starts_at": "2026-03-09T03:30:00Z", "ends_at": "2026-03-09T03:50:00Z"},
        "cells": [{"id": 10, "row_index": 1, "day_of_week": 0}],
        "with": {"kind": "session", "id": 900, "label": "Anatomy", "week_plan": OTHER_PLAN, "status": "published"},
        "detail": {},
    }


def test_a_reader_without_sight_of_the_other_side_learns_only_that_it_is_occupied():
    (found,) = found_in(week(cell()), other("08:00", "08:50", room=HALL, label="Disciplinary board", is_visible=False))
    assert found.as_dict()["with"]["label"] == "occupied"
    assert "Disciplinary" not in str(found.as_requirement().as_dict())


ENROLLED = replace(
    WORLD,
    enrolled={SECTION: frozenset({1, 2, 3, 4}), OTHER_SECTION: frozenset({3, 9})},
    placed={GROUP_A: frozenset({1, 2, 77}), GROUP_B: frozenset({4})},
)


def students_apart(plan, *others):
    return list(student_clashes(plan_sessions(plan, ENROLLED), plan, replace(ENROLLED, others=tuple(others))))


@pytest.mark.parametrize(
    ("held", "count"),
    [
        ({"groups": (GROUP_A,)}, 2),
        ({"groups": (GROUP_A, GROUP_B)}, 3),
        ({"section": OTHER_SECTION}, 1),
        ({"section": OTHER_SECTION, "groups": (GROUP_A,)}, 1),
    ],
)
def test_students_of_a_section_who_are_elsewhere_are_counted(held, count):
    plan = week(cell(groups=(), section=SECTION))
    (found,) = students_apart(plan, other("08:20", "09:00", **held))
    assert (found.code, found.severity, found.detail) == ("student_clash", "warn", {"count": count})
    assert found.who.name == "Pathology 1"
    assert found.when.starts_at == at("08:20")


@pytest.mark.parametrize("held", [{"section": SECTION}, {"room": HALL}, {"groups": (99,)}])
def test_the_same_section_or_nobody_shared_counts_no_students(held):
    assert students_apart(week(cell(groups=(), section=SECTION)), other("08:20", "09:00", **held)) == []


def test_groups_alone_count_no_students():
    assert students_apart(week(cell(groups=(GROUP_A,))), other("08:00", "09:00", section=OTHER_SECTION)) == []


def test_students_torn_between_two_cells_of_one_plan_are_counted_once():
    plan = week(
        cell(1, 0, groups=(), section=SECTION),
        cell(2, 0, groups=(), section=OTHER_SECTION, faculty=BANO, room=LAB),
        cell(3, 0, groups=(GROUP_B,), faculty=None, room=None),
        rows=(row(1, "08:00", "08:50"), row(2, "08:00", "08:50"), row(3, "08:00", "08:50")),
    )
    counted = {tuple(ref.row_index for ref in each.cells): each.detail["count"] for each in students_apart(plan)}
    assert counted == {(1, 2): 1, (1, 3): 1}


def test_clashes_of_a_full_week_stay_on_their_days():
    plan = week(cell(1, 0), cell(1, 1), cell(2, 0), cell(2, 1))
    found = found_in(plan, other("09:00", "09:50", room=HALL))
    assert [(each.when.date, each.cells[0].row_index) for each in found] == [(MONDAY, 2)]
