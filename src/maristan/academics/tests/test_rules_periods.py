"""The tree of periods has one grammar, and a period is opened and closed deliberately."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from maristan.academics.rules.periods import (
    DateSpan,
    PeriodFacts,
    PeriodNode,
    accepts_enrolment_switch,
    accepts_writing,
    period_faults,
    period_workflow,
)
from maristan.academics.rules.states import PeriodKind, PeriodStatus, Perm
from maristan.kernel.errors import Invalid, NotNow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
YEAR, SEMESTER, BLOCK, MODULE, ROTATION = PeriodKind
PLANNED, OPEN, CLOSED = PeriodStatus
YEAR_2026 = DateSpan(date(2026, 1, 1), date(2026, 12, 31))

ALLOWED = {
    (YEAR, None),
    (SEMESTER, None),
    (SEMESTER, YEAR),
    (BLOCK, YEAR),
    (BLOCK, SEMESTER),
    (ROTATION, YEAR),
    (ROTATION, SEMESTER),
    (ROTATION, BLOCK),
    (MODULE, BLOCK),
}


class Registrar:
    def may(self, permission: str) -> bool:
        return permission == Perm.PERIOD_OPEN


def found(node: PeriodNode) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in period_faults(node)]


@pytest.mark.parametrize(("kind", "parent"), list(product(PeriodKind, [None, *PeriodKind])))
def test_each_kind_hangs_only_where_it_belongs(kind: PeriodKind, parent: PeriodKind | None) -> None:
    department = 1 if kind is ROTATION else None
    faults = found(PeriodNode(kind, parent, primary_department=department))
    assert faults == ([] if (kind, parent) in ALLOWED else [("/parent", "parent_kind")])


@pytest.mark.parametrize(
    ("node", "faults"),
    [
        (PeriodNode(BLOCK, YEAR, primary_department=1), [("/primary_department", "department_not_allowed")]),
        (
            PeriodNode(BLOCK, YEAR, sub_department=2, sub_department_parent=1),
            [("/sub_department", "department_not_allowed")],
        ),
        (PeriodNode(ROTATION, YEAR), [("/primary_department", "required")]),
        (PeriodNode(ROTATION, YEAR, primary_department=1), []),
        (PeriodNode(ROTATION, YEAR, primary_department=1, sub_department=2, sub_department_parent=1), []),
        (
            PeriodNode(ROTATION, YEAR, primary_department=1, sub_department=2, sub_department_parent=3),
            [("/sub_department", "not_sub_department")],
        ),
        (
            PeriodNode(ROTATION, YEAR, primary_department=1, sub_department=1, sub_department_parent=None),
            [("/sub_department", "not_sub_department")],
        ),
        (PeriodNode(YEAR, sub_department=2), [("/sub_department", "not_sub_department")]),
        (PeriodNode(YEAR, has_track=True), [("/track", "track_not_allowed")]),
        (PeriodNode(MODULE, BLOCK, has_track=True), [("/track", "track_not_allowed")]),
        (PeriodNode(BLOCK, YEAR, has_track=True), []),
        (PeriodNode(ROTATION, YEAR, primary_department=1, has_track=True), []),
    ],
)
def test_departments_and_tracks_belong_to_blocks_and_rotations(node: PeriodNode, faults: list[tuple[str, str]]) -> None:
    assert found(node) == faults


@pytest.mark.parametrize(
    ("start", "end", "faults"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), []),
        (date(2026, 5, 1), date(2026, 5, 1), []),
        (None, None, []),
        (date(2025, 12, 31), date(2026, 5, 1), [("/start_date", "outside_parent")]),
        (date(2026, 5, 1), date(2027, 1, 1), [("/end_date", "outside_parent")]),
        (date(2026, 1, 1), date(2027, 1, 1), [("/end_date", "outside_parent")]),
        (date(2026, 5, 2), date(2026, 5, 1), [("/end_date", "out_of_range")]),
        (date(2026, 5, 2), None, [("/end_date", "required")]),
        (None, date(2026, 5, 2), [("/start_date", "required")]),
    ],
)
def test_dates_lie_inside_the_parent(start: date | None, end: date | None, faults: list[tuple[str, str]]) -> None:
    assert found(PeriodNode(BLOCK, YEAR, start_date=start, end_date=end, parent_dates=YEAR_2026)) == faults


def test_a_parent_is_not_moved_away_from_its_children() -> None:
    node = PeriodNode(YEAR, start_date=date(2026, 2, 1), end_date=date(2026, 12, 31), children_dates=(YEAR_2026,))
    assert found(node) == [("/start_date", "children_outside")]
    shortened = PeriodNode(YEAR, start_date=date(2026, 1, 1), end_date=date(2026, 11, 30), children_dates=(YEAR_2026,))
    assert found(shortened) == [("/end_date", "children_outside")]


def test_a_template_has_no_dates() -> None:
    node = PeriodNode(YEAR, is_template=True, start_date=date(2026, 1, 1), end_date=date(2026, 12, 31))
    assert found(node) == [("/start_date", "template_undated")]
    half = PeriodNode(YEAR, is_template=True, end_date=date(2026, 12, 31))
    assert ("/start_date", "template_undated") in found(half)


def test_all_faults_come_at_once() -> None:
    node = PeriodNode(BLOCK, MODULE, primary_department=1, start_date=date(2026, 1, 1))
    assert [code for _, code in found(node)] == ["parent_kind", "department_not_allowed", "required"]


def move(name: str, facts: PeriodFacts, reason: str | None = None) -> str:
    transition, _ = period_workflow(facts).check(facts, name, Registrar(), NOW, reason=reason)
    return transition.target


def missing(refused: Any) -> list[str]:
    return [each["code"] for each in refused.value.extra["missing"]]


def test_a_planned_period_opens_and_an_open_one_closes() -> None:
    assert move("open", PeriodFacts(PLANNED, is_dated=True)) == OPEN
    assert move("close", PeriodFacts(OPEN, is_dated=True)) == CLOSED


def test_a_second_press_has_its_own_code() -> None:
    with pytest.raises(NotNow) as refused:
        move("open", PeriodFacts(OPEN, is_dated=True))
    assert missing(refused) == ["ALREADY_OPEN"]
    with pytest.raises(NotNow) as refused:
        move("close", PeriodFacts(CLOSED, is_dated=True))
    assert missing(refused) == ["ALREADY_CLOSED"]


def test_a_planned_period_is_not_closed() -> None:
    with pytest.raises(NotNow) as refused:
        move("close", PeriodFacts(PLANNED, is_dated=True))
    assert missing(refused) == ["wrong_status"]


def test_a_template_is_not_opened() -> None:
    with pytest.raises(NotNow) as refused:
        move("open", PeriodFacts(PLANNED, is_dated=False))
    assert missing(refused) == ["period_not_dated"]


def test_a_closed_period_opens_again_only_with_a_reason() -> None:
    closed = PeriodFacts(CLOSED, is_dated=True)
    with pytest.raises(Invalid) as refused:
        move("open", closed)
    assert refused.value.code == "REASON_REQUIRED"
    assert move("open", closed, "The marks were wrong") == OPEN


@pytest.mark.parametrize("status", PeriodStatus)
def test_the_screen_knows_when_a_reason_is_needed(status: PeriodStatus) -> None:
    facts = PeriodFacts(status, is_dated=True)
    listed = {each.name: each for each in period_workflow(facts).moves(facts, Registrar(), NOW)}
    assert listed["open"].needs_reason == (status is CLOSED)
    assert listed["open"].allowed == (status is not OPEN)
    assert listed["close"].allowed == (status is OPEN)


def test_enrolment_is_switched_only_while_the_period_is_open() -> None:
    assert [[each.met for each in accepts_enrolment_switch(status)] for status in PeriodStatus] == [
        [False],
        [True],
        [False],
    ]


def test_a_closed_period_is_for_reading() -> None:
    assert [[each.met for each in accepts_writing(status)] for status in PeriodStatus] == [[True], [True], [False]]
