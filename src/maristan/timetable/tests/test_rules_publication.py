from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.publication import (
    DesiredSession,
    ExistingSession,
    FieldChange,
    allocations,
    desired_sessions,
    publication_diff,
    standing,
    touched_by,
    withdrawal,
)
from maristan.timetable.rules.states import AllocationKind, CellStatus, OccurrenceState, SessionStatus
from maristan.timetable.tests.rules_examples import (
    BANO,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LAB,
    LECTURE,
    MONDAY,
    PATHOLOGY_DEPARTMENT,
    SECTION,
    SPRING,
    WORLD,
    at,
    cell,
    row,
    week,
)

PUBLISHED = replace(LECTURE, academic_period=SPRING, department=PATHOLOGY_DEPARTMENT)
WITHDRAWN = {"status": SessionStatus.CANCELLED, "state": OccurrenceState.WITHDRAWN}


def wanted(*cells, **more):
    plan = week(*cells, **more)
    return desired_sessions(plan_sessions(plan, WORLD))


def stored(desired, session=1, **more):
    """The session that was published from a cell, but for what is said otherwise."""
    known = {each.name: getattr(desired, each.name) for each in fields(DesiredSession) if each.name != "all_groups"}
    return ExistingSession(**{"session": session, **known, **more})


def published(diff, existing):
    """What the database holds after a publication."""
    kept = {each.session: each for each in existing}
    for change in (*diff.update, *diff.revive):
        status = change.existing.status if change in diff.update else SessionStatus.SCHEDULED
        kept[change.existing.session] = stored(
            change.desired,
            change.existing.session,
            status=status,
            attendance_recorded=change.existing.attendance_recorded,
        )
    for each in diff.cancel:
        kept[each.session] = replace(each, status=SessionStatus.CANCELLED)
    free = max(kept, default=0)
    kept |= {free + n: stored(each, free + n) for n, each in enumerate(diff.create, start=1)}
    return tuple(kept.values())


def test_each_scheduled_cell_asks_for_one_session_with_every_default_filled_in():
    (session,) = wanted(cell(1, 0), cell(1, 1, CellStatus.CANCELLED))
    assert session == DesiredSession(10, 1, 0, MONDAY, at("08:00"), at("08:50"), PUBLISHED)


def test_all_groups_are_the_groups_of_the_day_of_publication():
    (session,) = wanted(cell(groups=(), all_groups=True))
    assert (session.content.groups, session.all_groups) == ((GROUP_A, GROUP_B), True)


def test_a_cell_without_times_asks_for_no_session():
    assert wanted(cell(), rows=[row(1)]) == ()


@pytest.mark.parametrize("end", ["03:15", "03:30"])
def test_a_cell_that_a_clock_change_swallows_asks_for_no_session(end):
    plan = week(cell(day=6), rows=[row(1, "02:30", end)], week_start=date(2026, 3, 23))
    world = replace(WORLD, settings=replace(WORLD.settings, time_zone="Europe/Berlin"))
    assert desired_sessions(plan_sessions(plan, world)) == ()


def test_the_first_publication_creates_everything():
    diff = publication_diff(wanted(cell(1, 0), cell(1, 1)), ())
    assert diff.counts() == {"created": 2, "updated": 0, "cancelled": 0, "unchanged": 0, "revived": 0}
    assert [each.action for each in diff.lines()] == ["created", "created"]
    assert not diff.is_empty


def test_publishing_again_without_a_difference_does_nothing():
    (session,) = wanted(cell())
    diff = publication_diff([session], [stored(session)])
    assert diff.is_empty
    assert diff.counts() == {"created": 0, "updated": 0, "cancelled": 0, "unchanged": 1, "revived": 0}
    assert diff.lines() == ()


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("academic_period", 91),
        ("course", 6),
        ("section", SECTION),
        ("department", 12),
        ("topic", "Liver"),
        ("faculty", BANO),
        ("co_faculty", (BANO,)),
        ("faculty_name", "Prof Guest"),
        ("room", LAB),
        ("groups", (GROUP_B,)),
        ("note", "Bring coats"),
    ],
)
def test_a_changed_field_updates_the_same_session(field, new):
    (old,) = wanted(cell())
    desired = replace(old, content=replace(old.content, **{field: new}))
    diff = publication_diff([desired], [stored(old, 88)])
    (change,) = diff.update
    assert change.existing.session == 88
    assert change.changes == (FieldChange(field, getattr(old.content, field), new),)
    assert diff.counts()["updated"] == 1
    assert not diff.is_empty


def test_the_order_of_groups_matters_for_the_first_is_the_sessions_group():
    old = wanted(cell(groups=(GROUP_A, GROUP_B)))
    diff = publication_diff(wanted(cell(groups=(GROUP_B, GROUP_A))), [stored(old[0])])
    assert [each.field for each in diff.update[0].changes] == ["groups"]


def test_a_moved_row_moves_its_sessions():
    (old,) = wanted(cell())
    diff = publication_diff(wanted(cell(), rows=[row(1, "08:10", "09:00")]), [stored(old)])
    assert [(each.field, each.new) for each in diff.update[0].changes] == [
        ("starts_at", at("08:10")),
        ("ends_at", at("09:00")),
    ]


def test_a_cell_no_longer_scheduled_cancels_its_session_and_nothing_is_deleted():
    (old,) = wanted(cell())
    existing = stored(old, 88)
    diff = publication_diff((), [existing])
    assert diff.cancel == (existing,)
    assert diff.counts()["cancelled"] == 1
    assert not diff.is_empty
    assert publication_diff((), published(diff, [existing])).is_empty


@pytest.mark.parametrize(
    "how",
    [WITHDRAWN, {"status": SessionStatus.CANCELLED}, {"state": OccurrenceState.WITHDRAWN}],
)
def test_what_was_withdrawn_or_cancelled_comes_back_under_its_old_id(how):
    (session,) = wanted(cell())
    diff = publication_diff([session], [stored(session, 88, **how)])
    assert [each.existing.session for each in diff.revive] == [88]
    assert not diff.is_empty
    assert diff.counts() == {"created": 0, "updated": 1, "cancelled": 0, "unchanged": 0, "revived": 1}
    assert [each.action for each in diff.lines()] == ["revived"]


def test_a_revert_cancels_what_lives_and_leaves_what_does_not():
    first, second = wanted(cell(1, 0), cell(1, 1))
    alive, gone = stored(first, 1), stored(second, 2, **WITHDRAWN)
    diff = withdrawal([alive, gone])
    assert diff.cancel == (alive,)
    assert diff.blocked == ()


def test_a_revert_stops_at_recorded_attendance():
    first, second = wanted(cell(1, 0), cell(1, 1))
    diff = withdrawal([stored(first, 1), stored(second, 2, attendance_recorded=True)])
    assert [(each.code, each.where["session"]) for each in diff.blocked] == [("attendance_exists", 2)]


def test_an_amendment_leaves_the_cells_it_does_not_touch_alone():
    first, second = wanted(cell(1, 0), cell(1, 1))
    desired = [
        replace(each, content=replace(each.content, room=LAB)) for each in wanted(cell(1, 0), cell(1, 1), cell(2, 2))
    ]
    existing = [stored(first, 1), stored(second, 2), stored(replace(first, cell=99, row_index=9), 3)]
    diff = publication_diff(desired, existing, only={(1, 1)})
    assert [each.existing.session for each in diff.update] == [2]
    assert (diff.create, diff.cancel, diff.unchanged) == ((), (), ())


@pytest.mark.parametrize(
    ("change", "fields_kept"),
    [
        ({"content": {"topic": "Liver"}}, None),
        ({"content": {"faculty": BANO}}, None),
        ({"content": {"room": LAB}}, None),
        ({"content": {"note": "Bring coats"}}, None),
        ({"content": {"groups": (GROUP_B,)}}, ["groups"]),
        ({"content": {"section": SECTION}}, ["section"]),
        ({"content": {"section": SECTION, "room": LAB}}, ["section"]),
        ({"starts_at": at("08:10")}, ["starts_at"]),
        ({"ends_at": at("08:40")}, ["ends_at"]),
    ],
)
def test_recorded_attendance_keeps_time_and_audience_and_frees_the_rest(change, fields_kept):
    (old,) = wanted(cell())
    content = replace(old.content, **change.get("content", {}))
    desired = replace(old, content=content, **{key: value for key, value in change.items() if key != "content"})
    recorded = publication_diff([desired], [stored(old, 88, attendance_recorded=True)])
    assert [each.where["fields"] for each in recorded.blocked] == ([fields_kept] if fields_kept else [])
    assert publication_diff([desired], [stored(old, 88)]).blocked == ()


def test_a_session_with_attendance_is_not_removed():
    (old,) = wanted(cell())
    (refusal,) = publication_diff((), [stored(old, 88, attendance_recorded=True)]).blocked
    assert refusal.as_dict() == {
        "code": "attendance_exists",
        "label": "Attendance is recorded for the session",
        "detail": "removal",
        "severity": "block",
        "where": {
            "session": 88,
            "date": "2026-03-09",
            "cells": [{"id": 10, "row_index": 1, "day_of_week": 0}],
            "fields": ["removal"],
        },
    }


def test_a_group_added_to_the_batch_does_not_join_a_session_already_recorded():
    (session,) = wanted(cell(groups=(), all_groups=True))
    before = replace(session, content=replace(session.content, groups=(GROUP_A,)))
    recorded = publication_diff([session], [stored(before, 88, attendance_recorded=True)])
    assert (recorded.is_empty, recorded.blocked) == (True, ())
    moved = replace(session, content=replace(session.content, room=LAB))
    (change,) = publication_diff([moved], [stored(before, 88, attendance_recorded=True)]).update
    assert [each.field for each in change.changes] == ["room"]
    future = publication_diff([session], [stored(before, 88)])
    assert [each.field for each in future.update[0].changes] == ["groups"]


def test_a_session_holds_its_room_each_teacher_each_group_and_its_section():
    content = Content(room=HALL, faculty=KHAN, co_faculty=(BANO, KHAN), groups=(GROUP_A, GROUP_B), section=SECTION)
    assert allocations(content) == (
        (AllocationKind.ROOM, HALL),
        (AllocationKind.FACULTY, KHAN),
        (AllocationKind.FACULTY, BANO),
        (AllocationKind.GROUP, GROUP_A),
        (AllocationKind.GROUP, GROUP_B),
        (AllocationKind.SECTION, SECTION),
    )
    assert len(allocations(LECTURE)) == 3
    assert allocations(Content(faculty_name="Prof Guest")) == ()


def test_a_change_releases_what_it_no_longer_holds_and_takes_the_rest():
    (old,) = wanted(cell())
    (change,) = publication_diff(wanted(cell(room=LAB, groups=(GROUP_A, GROUP_B))), [stored(old)]).update
    assert change.released == {(AllocationKind.ROOM, HALL)}
    assert change.taken == {(AllocationKind.ROOM, LAB), (AllocationKind.GROUP, GROUP_B)}


def test_those_concerned_are_the_old_and_the_new_and_nobody_else():
    first, second, third = wanted(cell(1, 0), cell(1, 1, groups=(GROUP_B,)), cell(1, 2, faculty=77, groups=(78,)))
    desired = wanted(cell(1, 0, faculty=BANO, section=SECTION), cell(1, 2, faculty=77, groups=(78,)))
    diff = publication_diff(desired, [stored(first, 1), stored(second, 2), stored(third, 3)])
    assert diff.touched.people == {KHAN, BANO}
    assert diff.touched.groups == {GROUP_A, GROUP_B}
    assert diff.touched.sections == {SECTION}
    assert touched_by([]).people == frozenset()


def test_a_message_has_a_line_for_each_session_by_start_with_what_changed():
    first, second = wanted(cell(1, 0), cell(1, 1))
    desired = wanted(cell(1, 0, room=LAB), cell(2, 0, faculty=BANO))
    lines = publication_diff(desired, [stored(second, 2), stored(first, 1)]).lines()
    assert [(each.action, each.session, each.cell, each.date.day) for each in lines] == [
        ("changed", 1, 10, 9),
        ("created", None, 20, 9),
        ("cancelled", 2, 11, 10),
    ]
    assert lines[0].changes == (FieldChange("room", HALL, LAB),)
    assert lines[0].starts_at == at("08:00")
    assert lines[1].touched.people == {BANO}
    assert lines[2].content == second.content


def test_cells_not_yet_stored_are_always_created_even_side_by_side():
    new = [replace(each, cell=None) for each in wanted(cell(1, 0), cell(2, 0))]
    assert len(publication_diff(new, ()).create) == 2


cells_of_week = st.lists(
    st.tuples(
        st.sampled_from([(index, day) for index in (1, 2) for day in range(7)]),
        st.sampled_from([CellStatus.SCHEDULED, CellStatus.CANCELLED]),
        st.sampled_from([HALL, LAB, None]),
        st.sampled_from([(GROUP_A,), (GROUP_B, GROUP_A)]),
    ),
    max_size=8,
    unique_by=lambda each: each[0],
)


def sessions_of(cells):
    return wanted(*(cell(*address, status, room=room, groups=groups) for address, status, room, groups in cells))


@given(cells_of_week, cells_of_week)
def test_any_week_after_any_other_is_published_once_and_then_stands(before, later):
    existing = published(publication_diff(sessions_of(before), ()), ())
    diff = publication_diff(sessions_of(later), existing)
    result = published(diff, existing)
    again = publication_diff(sessions_of(later), result)
    assert again.is_empty
    assert {(each.cell, each.starts_at, each.content) for each in result if each.is_live} == {
        (each.cell, each.starts_at, each.content) for each in sessions_of(later)
    }
    assert {each.session for each in existing} <= {each.session for each in result}


@given(cells_of_week, cells_of_week)
def test_what_is_said_to_stand_after_a_publication_is_what_was_written(before, later):
    existing = published(publication_diff(sessions_of(before), ()), ())
    diff = publication_diff(sessions_of(later), existing)
    ids = [1000 + n for n, _ in enumerate(diff.create)]
    stands = standing(existing, diff, ids)
    written = {(each.cell, each.starts_at, each.content, each.status) for each in published(diff, existing)}
    assert {(each.cell, each.starts_at, each.content, each.status) for each in stands} == written
    assert publication_diff(sessions_of(later), stands).is_empty


@given(cells_of_week)
def test_after_a_revert_every_session_stands_withdrawn(cells):
    existing = published(publication_diff(sessions_of(cells), ()), ())
    stands = standing(existing, withdrawal(existing), (), withdrawn=True)
    assert {(each.status, each.state) for each in stands} <= {(SessionStatus.CANCELLED, OccurrenceState.WITHDRAWN)}
    assert len(stands) == len(existing)


@given(cells_of_week)
def test_a_reverted_week_published_again_has_its_old_sessions(cells):
    existing = published(publication_diff(sessions_of(cells), ()), ())
    cancelled = [replace(each, **WITHDRAWN) for each in withdrawal(existing).cancel]
    diff = publication_diff(sessions_of(cells), cancelled)
    assert (diff.create, diff.update) == ((), ())
    assert {each.existing.session for each in diff.revive} == {each.session for each in existing}


def test_a_date_is_part_of_the_key():
    (session,) = wanted(cell())
    next_week = replace(session, date=date(2026, 3, 16), starts_at=session.starts_at + timedelta(days=7))
    diff = publication_diff([session], [stored(next_week)])
    assert (len(diff.create), len(diff.cancel)) == (1, 1)
