from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.kernel.errors import Invalid
from maristan.timetable.rules.facts import Content
from maristan.timetable.rules.grid import cell_values, grid_changes, with_ids
from maristan.timetable.rules.grid_input import KnownIds, references_in
from maristan.timetable.rules.states import CellStatus, SessionKind, WeekScope, WeekStatus
from maristan.timetable.tests.rules_examples import (
    BANO,
    GROUP_A,
    GROUP_B,
    HALL,
    KHAN,
    LAB,
    PATHOLOGY,
    PATHOLOGY_DEPARTMENT,
    SECTION,
    SPRING,
    STRANGERS,
    cell,
    row,
    week,
)

KNOWN = KnownIds(
    academic_periods={SPRING},
    courses={PATHOLOGY},
    sections={SECTION},
    departments={PATHOLOGY_DEPARTMENT},
    people={KHAN, BANO},
    rooms={HALL, LAB},
    groups={GROUP_A, GROUP_B, STRANGERS},
    batch_groups={GROUP_A, GROUP_B},
)


def save(plan, **payload):
    return grid_changes(payload, plan, KNOWN)


def faults(plan, **payload):
    with pytest.raises(Invalid) as refusal:
        save(plan, **payload)
    return [(each.pointer, each.code) for each in refusal.value.faults]


def after(changes, index=1, day=0):
    return next(each for each in changes.after.cells if each.address == (index, day))


def diffs(changes):
    return [(each.target, each.row_index, each.day_of_week, each.field, each.old, each.new) for each in changes.diffs]


def test_content_given_to_an_empty_cell_schedules_it():
    changes = save(
        week(), cells=[{"row_index": 1, "day_of_week": 0, "course": PATHOLOGY, "groups": [GROUP_B, GROUP_A]}]
    )
    saved = after(changes)
    assert (saved.status, saved.content.course, saved.content.groups) == (
        CellStatus.SCHEDULED,
        PATHOLOGY,
        (GROUP_B, GROUP_A),
    )
    assert changes.counts() == {"rows": 0, "cells": 1}
    assert [each.after.id for each in changes.cells_changed] == [10]


def test_a_cell_is_addressed_by_its_id_as_well():
    changes = save(week(cell()), cells=[{"id": 10, "room": LAB}])
    assert after(changes).content.room == LAB


def test_keys_left_out_keep_their_value_and_null_clears():
    saved = after(save(week(cell(topic="Liver")), cells=[{"id": 10, "room": None}]))
    assert saved == cell(topic="Liver", room=None)


def test_null_empties_text_and_lists():
    saved = after(
        save(week(cell(topic="Liver", co_faculty=(BANO,))), cells=[{"id": 10, "topic": None, "co_faculty": None}])
    )
    assert saved == cell()


def test_true_is_not_the_room_with_the_number_one():
    with pytest.raises(Invalid) as refusal:
        grid_changes({"cells": [{"id": 10, "room": True}]}, week(cell()), KnownIds(rooms={1}))
    assert [each.code for each in refusal.value.faults] == ["unknown_reference"]


@pytest.mark.parametrize(
    ("payload", "counted"),
    [
        ({}, (0, 0)),
        ({"cells": [{"id": 10, "room": LAB}, {"id": 11, "topic": "Viva"}]}, (0, 2)),
        ({"rows": [{"row_index": 1, "label": "I"}]}, (1, 0)),
        ({"rows": [{"row_index": 3}]}, (1, 0)),
        ({"remove_rows": [2]}, (1, 0)),
        ({"remove_rows": [2], "rows": [{"row_index": 1, "label": "I"}, {"row_index": 3}, {"row_index": 4}]}, (4, 0)),
    ],
)
def test_a_save_says_how_many_rows_and_cells_it_changed(payload, counted):
    changes = save(week(cell()), **payload)
    assert changes.counts() == {"rows": counted[0], "cells": counted[1]}
    assert changes.is_empty == (counted == (0, 0))


@pytest.mark.parametrize("status", ["SCHEDULED", "scheduled", "Scheduled"])
def test_a_status_is_read_in_any_case(status):
    changes = save(week(), cells=[{"row_index": 1, "day_of_week": 0, "status": status, "topic": "Liver"}])
    assert after(changes).status is CellStatus.SCHEDULED


def test_status_empty_clears_everything_the_cell_held():
    changes = save(week(cell(all_groups=True)), cells=[{"id": 10, "status": "EMPTY", "topic": "left over"}])
    assert after(changes) == cell(status=CellStatus.EMPTY)


def test_blank_content_leaves_an_empty_cell_empty():
    changes = save(week(), cells=[{"row_index": 1, "day_of_week": 0, "topic": "  ", "groups": [], "room": None}])
    assert changes.is_empty


@pytest.mark.parametrize("status", [CellStatus.SCHEDULED, CellStatus.CANCELLED])
def test_content_without_status_keeps_the_status_of_a_filled_cell(status):
    assert after(save(week(cell(status=status)), cells=[{"id": 10, "topic": "Liver"}])).status is status


def test_all_groups_alone_schedule_an_empty_cell_of_a_batch():
    saved = after(save(week(), cells=[{"row_index": 1, "day_of_week": 0, "all_groups": True}]))
    assert (saved.status, saved.all_groups) == (CellStatus.SCHEDULED, True)


def test_the_first_teacher_is_not_listed_again_among_the_further_ones():
    saved = after(save(week(cell()), cells=[{"id": 10, "co_faculty": [BANO, KHAN, BANO]}]))
    assert saved.content.co_faculty == (BANO,)


def test_nothing_said_or_the_same_said_again_changes_nothing():
    plan = week(cell())
    assert save(plan).is_empty
    changes = save(
        plan,
        rows=[{"row_index": 1, "start_time": "08:00", "end_time": "08:50:00"}],
        cells=[{"id": 10, "room": HALL, "status": "SCHEDULED", "groups": [GROUP_A]}],
    )
    assert changes.is_empty
    assert changes.diffs == ()
    assert changes.after == plan


def test_each_changed_field_is_a_line_of_the_changelog():
    changes = save(
        week(cell()),
        rows=[{"row_index": 2, "start_time": "09:10", "end_time": "10:00:30", "lane": "X"}],
        cells=[{"id": 10, "room": LAB, "co_faculty": [BANO], "kind": "PRACTICAL"}],
    )
    assert diffs(changes) == [
        ("row", 2, None, "start_time", "09:00", "09:10"),
        ("row", 2, None, "end_time", "09:50", "10:00:30"),
        ("row", 2, None, "lane", "", "X"),
        ("cell", 1, 0, "co_faculty", [], [BANO]),
        ("cell", 1, 0, "room", HALL, LAB),
        ("cell", 1, 0, "kind", "lecture", "practical"),
    ]
    assert changes.diffs[-1].as_dict() == {
        "target": "cell",
        "id": 10,
        "row_index": 1,
        "day_of_week": 0,
        "field": "kind",
        "old": "lecture",
        "new": "practical",
    }


def test_a_row_that_does_not_exist_yet_is_added_with_seven_cells():
    changes = save(
        week(),
        rows=[{"row_index": 3, "start_time": "10:00", "end_time": "10:50"}],
        cells=[{"row_index": 3, "day_of_week": 4, "topic": "Viva"}],
    )
    assert [each.row_index for each in changes.rows_added] == [3]
    assert [each.day_of_week for each in changes.cells_added] == list(range(7))
    assert [each.status.value for each in changes.cells_added].count("scheduled") == 1
    assert changes.cells_changed == ()
    assert changes.counts() == {"rows": 1, "cells": 1}
    assert ("row", 3, None, "row_index", None, 3) in diffs(changes)
    assert ("row", 3, None, "start_time", None, "10:00") in diffs(changes)
    assert ("cell", 3, 4, "topic", "", "Viva") in diffs(changes)


def test_lines_about_what_was_added_get_the_ids_it_was_given():
    changes = save(
        week(),
        rows=[{"row_index": 3}],
        cells=[{"row_index": 3, "day_of_week": 4, "topic": "Viva"}, {"id": 10, "topic": "x"}],
    )
    known = with_ids(changes.diffs, {3: 555}, {(3, 4): 777})
    assert {(each.target, each.row_index): each.id for each in known} == {
        ("row", 3): 555,
        ("cell", 3): 777,
        ("cell", 1): 10,
    }


def test_a_row_is_removed_with_its_cells_while_never_published():
    changes = save(week(cell(2, 0)), remove_rows=[2])
    assert [each.row_index for each in changes.rows_removed] == [2]
    assert {each.row_index for each in changes.after.cells} == {1}
    assert [each.row_index for each in changes.after.rows] == [1]
    assert diffs(changes) == [("row", 2, None, "row_index", 2, None)]
    assert not changes.is_empty


@pytest.mark.parametrize("status", [WeekStatus.DRAFT, WeekStatus.PUBLISHED])
def test_a_row_of_a_week_that_was_ever_published_stays(status):
    plan = week(cell(2, 0), status=status, was_published=True)
    assert faults(plan, remove_rows=[2]) == [("/remove_rows/0", "row_was_published")]


@pytest.mark.parametrize(
    ("payload", "touched"),
    [
        ({"cells": [{"id": 10, "room": LAB}]}, {(1, 0)}),
        ({"rows": [{"row_index": 2, "start_time": "09:05"}]}, {(2, day) for day in range(7)}),
        ({"rows": [{"row_index": 2, "lane": "X"}]}, {(2, day) for day in range(7)}),
        ({"rows": [{"row_index": 2, "is_break": True}]}, {(2, day) for day in range(7)}),
        ({"rows": [{"row_index": 2, "label": "II"}]}, set()),
        ({}, set()),
    ],
)
def test_the_cells_a_save_touches(payload, touched):
    assert save(week(cell()), **payload).touched == touched


@pytest.mark.parametrize(
    ("entry", "pointer", "code"),
    [
        ({"row_index": 0, "day_of_week": 0}, "/row_index", "out_of_range"),
        ({"row_index": 41, "day_of_week": 0}, "/row_index", "out_of_range"),
        ({"row_index": 3, "day_of_week": 0}, "/row_index", "unknown_row"),
        ({"row_index": 1, "day_of_week": 7}, "/day_of_week", "out_of_range"),
        ({"row_index": 1, "day_of_week": -1}, "/day_of_week", "out_of_range"),
        ({"row_index": "1", "day_of_week": 0}, "/row_index", "not_a_number"),
        ({"row_index": True, "day_of_week": 0}, "/row_index", "not_a_number"),
        ({"row_index": 1, "day_of_week": None}, "/day_of_week", "not_a_number"),
        ({"day_of_week": 0}, "", "address_missing"),
        ({"id": 999}, "/id", "unknown_reference"),
        ({"id": None}, "/id", "not_a_number"),
        ({"id": 10, "row_index": 2}, "/id", "unknown_reference"),
        ({"id": 10, "day_of_week": 2}, "/id", "unknown_reference"),
        ({"id": 10, "topic": "x" * 201}, "/topic", "too_long"),
        ({"id": 10, "topic": 7}, "/topic", "not_a_text"),
        ({"id": 10, "topic": "nul\0"}, "/topic", "not_a_text"),
        ({"id": 10, "topic": "\ud800"}, "/topic", "not_a_text"),
        ({"id": 10, "topic": chr(0xDFFF)}, "/topic", "not_a_text"),
        ({"id": 10, "faculty_name": "x" * 101}, "/faculty_name", "too_long"),
        ({"id": 10, "note": "x" * 2001}, "/note", "too_long"),
        ({"id": 10, "course": 404}, "/course", "unknown_reference"),
        ({"id": 10, "course": True}, "/course", "unknown_reference"),
        ({"id": 10, "course": "5"}, "/course", "unknown_reference"),
        ({"id": 10, "section": 404}, "/section", "unknown_reference"),
        ({"id": 10, "department": 404}, "/department", "unknown_reference"),
        ({"id": 10, "academic_period": 404}, "/academic_period", "unknown_reference"),
        ({"id": 10, "faculty": HALL}, "/faculty", "unknown_reference"),
        ({"id": 10, "room": KHAN}, "/room", "unknown_reference"),
        ({"id": 10, "co_faculty": [BANO, 404]}, "/co_faculty/1", "unknown_reference"),
        ({"id": 10, "groups": [GROUP_A, 404]}, "/groups/1", "unknown_reference"),
        ({"id": 10, "groups": GROUP_A}, "/groups", "not_a_list"),
        ({"id": 10, "groups": [GROUP_A, GROUP_A, STRANGERS]}, "/groups/2", "group_not_in_batch"),
        ({"id": 10, "status": "maybe"}, "/status", "unknown_value"),
        ({"id": 10, "status": None}, "/status", "unknown_value"),
        ({"id": 10, "kind": "party"}, "/kind", "unknown_value"),
        ({"id": 10, "all_groups": "yes"}, "/all_groups", "not_a_flag"),
        ({"id": 10, "rooom": HALL}, "/rooom", "unknown_field"),
        ({"id": 10, "a/b~": 1}, "/a~1b~0", "unknown_field"),
        ([], "", "not_an_object"),
    ],
)
def test_a_fault_in_a_cell_is_said_at_its_pointer(entry, pointer, code):
    assert faults(week(cell()), cells=[entry]) == [(f"/cells/0{pointer}", code)]


@pytest.mark.parametrize(
    ("entry", "pointer", "code"),
    [
        ({"row_index": 0}, "/row_index", "out_of_range"),
        ({"row_index": 41}, "/row_index", "out_of_range"),
        ({"label": "I"}, "", "address_missing"),
        ({"id": None}, "/id", "not_a_number"),
        ({"id": 4}, "/id", "unknown_reference"),
        ({"id": 1001, "row_index": 2}, "/id", "unknown_reference"),
        ({"row_index": 1, "start_time": "25:00"}, "/start_time", "bad_time"),
        ({"row_index": 1, "start_time": "8:00"}, "/start_time", "bad_time"),
        ({"row_index": 1, "start_time": "08:00+05"}, "/start_time", "bad_time"),
        ({"row_index": 1, "start_time": 800}, "/start_time", "bad_time"),
        ({"row_index": 1, "end_time": "08:00"}, "/end_time", "end_not_after_start"),
        ({"row_index": 1, "start_time": "08:50"}, "/start_time", "end_not_after_start"),
        ({"row_index": 3, "start_time": "09:00", "end_time": "08:00"}, "/end_time", "end_not_after_start"),
        ({"row_index": 1, "label": "x" * 41}, "/label", "too_long"),
        ({"row_index": 1, "lane": "x" * 41}, "/lane", "too_long"),
        ({"row_index": 1, "is_break": None}, "/is_break", "not_a_flag"),
        ({"row_index": 1, "version": 3}, "/version", "unknown_field"),
    ],
)
def test_a_fault_in_a_row_is_said_at_its_pointer(entry, pointer, code):
    assert faults(week(cell()), rows=[entry]) == [(f"/rows/0{pointer}", code)]


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"cells": {}}, [("/cells", "not_a_list")]),
        ({"rows": "none"}, [("/rows", "not_a_list")]),
        ({"remove_rows": 2}, [("/remove_rows", "not_a_list")]),
        ({"remove_rows": [3, "1", True]}, [(f"/remove_rows/{n}", "unknown_row") for n in range(3)]),
        ({"remove_rows": [2, 2]}, [("/remove_rows/1", "unknown_row")]),
        ({"remove_rows": [2], "rows": [{"row_index": 2}]}, [("/rows/0/row_index", "row_removed")]),
        (
            {"remove_rows": [2], "cells": [{"row_index": 2, "day_of_week": 0}]},
            [("/cells/0/row_index", "row_removed")],
        ),
        ({"rows": [{"row_index": 1}, {"id": 1001}]}, [("/rows/1/row_index", "duplicate_row")]),
        ({"cells": [{"id": 10}, {"row_index": 1, "day_of_week": 0}]}, [("/cells/1", "duplicate_cell")]),
        (
            {
                "rows": [{"row_index": 1, "start_time": "25:00"}],
                "cells": [{"row_index": 0, "day_of_week": 7, "topic": "x" * 201}, {"id": 10, "room": 404}],
            },
            [
                ("/rows/0/start_time", "bad_time"),
                ("/cells/0/row_index", "out_of_range"),
                ("/cells/0/day_of_week", "out_of_range"),
                ("/cells/0/topic", "too_long"),
                ("/cells/1/room", "unknown_reference"),
            ],
        ),
    ],
)
def test_every_fault_of_a_request_is_said_at_once(payload, found):
    assert faults(week(cell()), **payload) == found


def test_the_limits_themselves_are_allowed():
    changes = save(
        week(cell()),
        rows=[{"row_index": 40, "label": "x" * 40}],
        cells=[{"id": 10, "topic": "x" * 200, "faculty_name": "y" * 100}],
    )
    assert len(after(changes).content.topic) == 200
    assert changes.rows_added[0].row_index == 40


def test_a_row_may_lose_a_time_and_keep_the_other():
    changes = save(week(cell()), rows=[{"row_index": 1, "end_time": None}])
    assert (changes.rows_changed[0].after.start_time, changes.rows_changed[0].after.end_time) == (time(8), None)


def test_only_the_plan_of_a_batch_has_all_groups_and_only_it_is_bound_to_its_own():
    plan = week(cell(), scope=WeekScope.INSTITUTION, batch=None)
    assert faults(plan, cells=[{"id": 10, "all_groups": True}]) == [("/cells/0/all_groups", "all_groups_needs_batch")]
    assert after(save(plan, cells=[{"id": 10, "groups": [STRANGERS]}])).content.groups == (STRANGERS,)


def test_ids_that_no_table_can_hold_are_not_looked_up():
    assert references_in({"cells": [{"groups": [0, 1, 2**63 - 1, 2**63]}]}).groups == {1, 2**63 - 1}


def test_the_ids_a_request_names_are_gathered_for_one_look_up_each():
    found = references_in(
        {
            "cells": [
                {"faculty": KHAN, "co_faculty": [BANO, "x", 2**70], "room": HALL, "groups": [GROUP_A]},
                {"faculty": None, "course": PATHOLOGY, "section": -1, "department": True, "academic_period": SPRING},
                "nonsense",
            ]
        }
    )
    assert (found.people, found.rooms, found.groups) == ({KHAN, BANO}, {HALL}, {GROUP_A})
    assert (found.courses, found.sections, found.departments, found.academic_periods) == (
        {PATHOLOGY},
        set(),
        set(),
        {SPRING},
    )


words = st.text("aé0:~/\0\ud800", max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words | st.sampled_from([HALL, KHAN, GROUP_A, "08:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
cell_keys = st.sampled_from(
    ["id", "row_index", "day_of_week", "groups", "room", "topic", "status", "kind", "all_groups"]
)
row_keys = st.sampled_from(["id", "row_index", "start_time", "end_time", "label", "lane", "is_break"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "cells": st.lists(st.dictionaries(cell_keys, json_values, max_size=5), max_size=3) | json_values,
            "rows": st.lists(st.dictionaries(row_keys, json_values, max_size=5), max_size=3) | json_values,
            "remove_rows": json_values,
        },
    )
)
def test_no_request_whatever_breaks_the_reading(payload):
    references_in(payload)
    plan = week(cell())
    try:
        changes = grid_changes(payload, plan, KNOWN)
    except Invalid:
        return
    assert changes.is_empty == (changes.after == plan)


contents = st.builds(
    Content,
    course=st.sampled_from([None, PATHOLOGY]),
    topic=st.sampled_from(["", "Liver"]),
    room=st.sampled_from([None, HALL, LAB]),
    faculty=st.sampled_from([None, KHAN]),
    groups=st.sampled_from([(), (GROUP_A,), (GROUP_B, GROUP_A)]),
    kind=st.sampled_from(SessionKind),
)


@given(contents, contents, st.sampled_from([CellStatus.SCHEDULED, CellStatus.CANCELLED]))
def test_sending_a_cell_back_as_it_is_changes_nothing_and_as_another_makes_it_that(old, new, status):
    here, there = replace(cell(), content=old), replace(cell(), content=new, status=status)
    sent = {"id": 10, **cell_values(there)}
    changes = save(week(here), cells=[sent])
    assert after(changes) == there
    assert save(changes.after, cells=[sent]).is_empty
    assert {each.field for each in changes.diffs} == {
        name for name, value in cell_values(here).items() if cell_values(there)[name] != value
    }


def test_rows_are_found_by_id():
    changes = save(week(rows=[row(1), row(5)]), rows=[{"id": 1005, "label": "Late"}])
    assert [(each.after.row_index, each.after.label) for each in changes.rows_changed] == [(5, "Late")]
