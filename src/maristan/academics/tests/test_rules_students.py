"""A student's status, number and place change only as the rules allow."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.academics.rules.states import Perm, StudentStatus
from maristan.academics.rules.students import (
    STUDENT,
    PlacementFacts,
    PlacementPlan,
    StudentFacts,
    graduation_faults,
    leave_switch,
    moves_up,
    placement_permission,
    plan_placement,
)
from maristan.kernel.errors import Invalid, NotAllowed, NotNow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACTIVE, INACTIVE, ON_LEAVE, SUSPENDED, GRADUATED = StudentStatus
REASON = "As the board decided"

MOVES = {
    ("suspend", ACTIVE): SUSPENDED,
    ("reinstate", SUSPENDED): ACTIVE,
    ("reinstate", INACTIVE): ACTIVE,
    ("deactivate", ACTIVE): INACTIVE,
    ("deactivate", SUSPENDED): INACTIVE,
    ("graduate", ACTIVE): GRADUATED,
    ("graduate", INACTIVE): GRADUATED,
    ("graduate", ON_LEAVE): GRADUATED,
    ("graduate", SUSPENDED): GRADUATED,
}


class Registrar:
    def may(self, permission: str) -> bool:
        return permission == Perm.STUDENT_STATUS


class Coordinator:
    def may(self, permission: str) -> bool:
        return permission == Perm.STUDENT_PLACE


@pytest.mark.parametrize(
    ("name", "status"), list(product(["suspend", "reinstate", "deactivate", "graduate"], StudentStatus))
)
def test_every_move_from_every_status(name: str, status: StudentStatus) -> None:
    target = MOVES.get((name, status))
    if target is None:
        with pytest.raises(NotNow):
            STUDENT.check(StudentFacts(status), name, Registrar(), NOW, reason=REASON)
    else:
        transition, _ = STUDENT.check(StudentFacts(status), name, Registrar(), NOW, reason=REASON)
        assert transition.target == target


@pytest.mark.parametrize(("name", "status"), [("suspend", ACTIVE), ("reinstate", SUSPENDED), ("deactivate", ACTIVE)])
def test_all_but_graduation_need_a_reason(name: str, status: StudentStatus) -> None:
    with pytest.raises(Invalid) as refused:
        STUDENT.check(StudentFacts(status), name, Registrar(), NOW)
    assert refused.value.code == "REASON_REQUIRED"
    STUDENT.check(StudentFacts(ACTIVE), "graduate", Registrar(), NOW)


def test_a_coordinator_changes_no_status() -> None:
    for name in ("suspend", "reinstate", "deactivate", "graduate"):
        with pytest.raises(NotAllowed):
            STUDENT.check(StudentFacts(ACTIVE), name, Coordinator(), NOW, reason=REASON)


def test_nobody_graduates_before_enrolling() -> None:
    assert graduation_faults(2026, 2026) == []
    assert graduation_faults(2026, None) == []
    assert [fault.pointer for fault in graduation_faults(2025, 2026)] == ["/actual_graduation_year"]


@pytest.mark.parametrize(
    ("status", "begins", "after"),
    [
        (ACTIVE, True, ON_LEAVE),
        (ON_LEAVE, False, ACTIVE),
        (ON_LEAVE, True, None),
        (ACTIVE, False, None),
        (SUSPENDED, True, None),
        (SUSPENDED, False, None),
        (INACTIVE, False, None),
        (GRADUATED, False, None),
    ],
)
def test_a_status_set_by_hand_wins_over_leave(status: StudentStatus, begins: bool, after: StudentStatus | None) -> None:
    assert leave_switch(status, begins=begins) is after


def test_a_batch_is_promoted_once() -> None:
    assert moves_up(ACTIVE, 1, 2)
    assert not moves_up(ACTIVE, 2, 2)
    assert not moves_up(ON_LEAVE, 1, 2)


FIRST = date(2026, 1, 1)
IN_A = PlacementFacts(1, batch=10, group=100, from_date=FIRST)


def test_placing_closes_the_day_before_and_opens() -> None:
    plan = plan_placement([IN_A], batch=10, group=101, from_date=date(2026, 3, 1))
    assert plan == PlacementPlan(close=1, close_on=date(2026, 2, 28))


def test_the_same_day_replaces() -> None:
    assert plan_placement([IN_A], batch=11, group=110, from_date=FIRST) == PlacementPlan(replace=1)


def test_the_first_placement_only_opens() -> None:
    assert plan_placement([], batch=10, group=100, from_date=FIRST) == PlacementPlan()


def test_standing_there_already_changes_nothing() -> None:
    unchanged = PlacementPlan(is_unchanged=True)
    assert plan_placement([IN_A], batch=10, group=100, from_date=date(2026, 3, 1)) == unchanged
    assert plan_placement([IN_A], batch=10, group=100, from_date=FIRST) == unchanged
    assert not PlacementPlan().is_unchanged


def test_a_day_before_the_open_placement_overlaps() -> None:
    with pytest.raises(NotNow) as refused:
        plan_placement([IN_A], batch=10, group=101, from_date=FIRST - timedelta(days=1))
    assert (refused.value.code, refused.value.extra) == ("overlap", {"other": 1})


def test_a_day_inside_a_closed_placement_overlaps() -> None:
    closed = PlacementFacts(7, 10, 100, FIRST, date(2026, 1, 31))
    with pytest.raises(NotNow) as refused:
        plan_placement([closed], batch=10, group=101, from_date=date(2026, 1, 31))
    assert refused.value.extra == {"other": 7}
    assert plan_placement([closed], batch=10, group=101, from_date=date(2026, 2, 1)) == PlacementPlan()


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 3)), max_size=12))
def test_placements_never_overlap_and_one_is_open(wishes: list[tuple[int, int]]) -> None:
    history: list[PlacementFacts] = []
    for number, (day, group) in enumerate(wishes, 1):
        from_date = FIRST + timedelta(days=day)
        try:
            plan = plan_placement(history, batch=10, group=group, from_date=from_date)
        except NotNow:
            continue
        if plan.is_unchanged:
            continue
        history = [
            PlacementFacts(each.id, each.batch, each.group, each.from_date, plan.close_on)
            if each.id == plan.close
            else each
            for each in history
            if each.id != plan.replace
        ]
        history.append(PlacementFacts(number, 10, group, from_date))
    history.sort(key=lambda each: each.from_date)
    assert [each.to_date is None for each in history].count(True) == min(len(history), 1)
    for before, after in pairwise(history):
        assert before.to_date is not None
        assert before.from_date <= before.to_date < after.from_date


def test_another_program_needs_its_own_permission() -> None:
    assert placement_permission(program=1, to_program=1) is Perm.STUDENT_PLACE
    assert placement_permission(program=1, to_program=2) is Perm.STUDENT_PLACE_PROGRAM
