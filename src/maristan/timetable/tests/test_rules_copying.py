from dataclasses import replace
from datetime import time

import pytest

from maristan.kernel.errors import NotNow
from maristan.timetable.rules.copying import blank_grid, check_copy, copied_grid
from maristan.timetable.rules.facts import HolidayFacts
from maristan.timetable.rules.states import CellStatus, WeekScope, WeekStatus
from maristan.timetable.tests.rules_examples import (
    GROUP_A,
    GROUP_B,
    MONDAY,
    ROWS,
    STRANGERS,
    cell,
    row,
    week,
)

EID = HolidayFacts(3, "Eid", MONDAY, MONDAY)
GROUPS = (GROUP_A, GROUP_B)


def copied(source, target=None, **more):
    known = {"holidays": {}, "batch_groups": GROUPS, **more}
    return copied_grid(source, target or week(), **known)


def at_address(grid, index, day):
    return next(each for each in grid.cells if each.address == (index, day))


def test_a_new_week_of_eight_slots_has_56_empty_cells():
    grid = blank_grid(8)
    assert [each.row_index for each in grid.rows] == list(range(1, 9))
    assert len(grid.cells) == 56
    assert {each.status for each in grid.cells} == {CellStatus.EMPTY}
    assert {each.start_time for each in grid.rows} == {None}


def test_a_new_week_takes_the_rows_of_the_last_one_when_there_are_as_many():
    earlier = (row(2, "09:00", "09:50", is_break=True), row(1, "08:00", "08:50", label="I", lane="X"))
    grid = blank_grid(2, earlier)
    assert [(each.id, each.start_time, each.label, each.lane, each.is_break) for each in grid.rows] == [
        (None, time(8), "I", "X", False),
        (None, time(9), "", "", True),
    ]
    assert {each.start_time for each in blank_grid(3, earlier).rows} == {None}


@pytest.mark.parametrize(
    ("status", "overwrite", "filled", "code"),
    [
        (WeekStatus.DRAFT, False, False, None),
        (WeekStatus.DRAFT, False, True, "week_not_empty"),
        (WeekStatus.DRAFT, True, True, None),
        (WeekStatus.VERIFIED, True, False, "wrong_status"),
        (WeekStatus.PUBLISHED, True, False, "wrong_status"),
    ],
)
def test_only_a_draft_is_copied_into_and_a_full_one_only_when_told_to(status, overwrite, filled, code):
    target = week(*([cell()] if filled else []), status=status)
    if code is None:
        assert check_copy(target, overwrite=overwrite) is None
    else:
        with pytest.raises(NotNow) as refusal:
            check_copy(target, overwrite=overwrite)
        assert refusal.value.code == code


def test_cells_arrive_at_their_row_and_day_without_topic_and_note():
    source = week(cell(2, 3, topic="Liver", note="Bring coats"))
    arrived = at_address(copied(source), 2, 3)
    assert arrived == cell(2, 3)
    told = at_address(copied(source, with_topics=True), 2, 3).content
    assert (told.topic, told.note) == ("Liver", "Bring coats")


def test_on_a_holiday_cells_arrive_cancelled_with_its_name_and_empty_ones_stay_empty():
    grid = copied(week(cell(1, 0), cell(1, 1)), holidays={0: EID}, with_topics=True)
    assert (at_address(grid, 1, 0).status, at_address(grid, 1, 0).content.note) == (CellStatus.CANCELLED, "Eid")
    assert at_address(grid, 1, 1).status is CellStatus.SCHEDULED
    assert at_address(grid, 2, 0) == cell(2, 0, CellStatus.EMPTY)


def test_what_was_cancelled_for_its_own_date_is_scheduled_again():
    assert at_address(copied(week(cell(status=CellStatus.CANCELLED))), 1, 0).status is CellStatus.SCHEDULED


def test_rows_keep_the_targets_ids_and_take_the_sources_times():
    source = week(rows=[row(1, "07:00", "07:50"), row(2, "08:00", "08:50"), row(3, "09:00", "09:50")])
    source = replace(source, rows=tuple(replace(each, id=each.id + 500) for each in source.rows))
    grid = copied(source)
    assert [(each.id, each.start_time) for each in grid.rows] == [(1001, time(7)), (1002, time(8)), (None, time(9))]
    assert [each.id for each in grid.cells if each.row_index == 3] == [None] * 7


def test_rows_the_source_lacks_keep_their_times_and_are_emptied():
    grid = copied(week(cell(), rows=ROWS[:1]), week(cell(2, 0)))
    assert grid.rows == ROWS
    assert at_address(grid, 2, 0) == cell(2, 0, CellStatus.EMPTY)


def test_groups_of_another_batch_stay_behind():
    grid = copied(week(cell(groups=(STRANGERS, GROUP_A))))
    assert at_address(grid, 1, 0).content.groups == (GROUP_A,)


def test_an_institution_wide_week_keeps_every_group_and_knows_no_all_groups():
    source = week(cell(groups=(STRANGERS, GROUP_A), all_groups=True))
    arrived = at_address(copied(source, week(scope=WeekScope.INSTITUTION, batch=None)), 1, 0)
    assert (arrived.content.groups, arrived.all_groups) == ((STRANGERS, GROUP_A), False)
    assert at_address(copied(source), 1, 0).all_groups is True
