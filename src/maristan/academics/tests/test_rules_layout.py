"""A program's years are generated once, and a batch gets them with dates counted from its first day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.academics.rules.layout import TemplateNode, lay_out, missing_roots, root_dates, root_periods
from maristan.academics.rules.periods import DateSpan
from maristan.academics.rules.programs import Structure
from maristan.academics.rules.states import PeriodKind, ProgramStructure

YEARLY, SEMESTER, CUSTOM = ProgramStructure
THREE_MONTHS = Structure(CUSTOM, 1, 3)
FIRST = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("structure", "kind", "names"),
    [
        (Structure(YEARLY, None, 2), PeriodKind.YEAR, ["Year 1", "Year 2"]),
        (Structure(SEMESTER, None, 2), PeriodKind.SEMESTER, ["Semester 1", "Semester 2"]),
        (Structure(CUSTOM, 12, 1), PeriodKind.YEAR, ["Period 1"]),
        (Structure(CUSTOM, 11, 1), PeriodKind.SEMESTER, ["Period 1"]),
    ],
)
def test_roots_are_named_by_the_structure(structure: Structure, kind: PeriodKind, names: list[str]) -> None:
    roots = root_periods(structure)
    assert [root.name for root in roots] == names
    assert {root.kind for root in roots} == {kind}
    assert [root.position for root in roots] == [root.level_no for root in roots] == list(range(1, len(names) + 1))


def test_generating_again_creates_nothing() -> None:
    wanted = root_periods(Structure(YEARLY, None, 5))
    assert len(missing_roots(wanted, [], [])) == 5
    assert missing_roots(wanted, [root.name for root in wanted], [1, 2, 3, 4, 5]) == []


def test_a_renamed_root_keeps_its_place() -> None:
    wanted = root_periods(Structure(YEARLY, None, 3))
    assert [root.name for root in missing_roots(wanted, ["First Year"], [1])] == ["Year 2", "Year 3"]
    assert [root.name for root in missing_roots(wanted, ["Year 1"], [9])] == ["Year 2", "Year 3"]


def roots(count: int) -> list[TemplateNode]:
    return [TemplateNode(number, None, number, f"Period {number}") for number in range(1, count + 1)]


def test_months_are_always_counted_from_the_first_day() -> None:
    plan = lay_out(roots(3), THREE_MONTHS, FIRST, {})
    assert [node.dates for node in plan.missing] == [
        DateSpan(date(2026, 1, 31), date(2026, 2, 27)),
        DateSpan(date(2026, 2, 28), date(2026, 3, 30)),
        DateSpan(date(2026, 3, 31), date(2026, 4, 29)),
    ]
    assert plan.faults == ()


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(1, 24), st.integers(1, 12))
def test_roots_follow_one_another_without_gap_or_overlap(first: date, months: int, count: int) -> None:
    structure = Structure(CUSTOM, months, count)
    spans = [root_dates(structure, first, position) for position in range(1, count + 1)]
    assert spans[0].start == first
    for before, after in pairwise(spans):
        assert before.start <= before.end
        assert after.start == before.end + timedelta(days=1)


def test_children_are_counted_from_their_parent() -> None:
    template = [
        TemplateNode(12, 11, 1, "Module", offset_days=0, length_days=7),
        TemplateNode(11, 1, 1, "Block", offset_days=10, length_days=14),
        TemplateNode(13, 1, 2, "Undated"),
        TemplateNode(14, 13, 1, "Below undated", offset_days=0, length_days=1),
        *roots(1),
    ]
    plan = lay_out(template, Structure(YEARLY, None, 1), date(2026, 1, 1), {})
    assert [(node.template, node.parent_template) for node in plan.missing] == [
        (1, None),
        (11, 1),
        (13, 1),
        (12, 11),
        (14, 13),
    ]
    dates = {node.template: node.dates for node in plan.missing}
    assert dates[11] == DateSpan(date(2026, 1, 11), date(2026, 1, 24))
    assert dates[12] == DateSpan(date(2026, 1, 11), date(2026, 1, 17))
    assert dates[13] is None
    assert dates[14] is None


def test_a_second_time_only_what_is_missing_is_added() -> None:
    template = [*roots(2), TemplateNode(11, 1, 1, "Block", offset_days=0, length_days=5)]
    moved = DateSpan(date(2026, 2, 2), date(2026, 3, 1))
    plan = lay_out(template, THREE_MONTHS, FIRST, {1: moved, 2: None})
    assert [(node.template, node.dates) for node in plan.missing] == [
        (11, DateSpan(date(2026, 2, 2), date(2026, 2, 6)))
    ]
    everything = {1: moved, 2: None, 11: moved}
    assert lay_out(template, THREE_MONTHS, FIRST, everything).missing == ()


def test_a_root_added_late_has_the_dates_of_its_position() -> None:
    plan = lay_out(roots(3), THREE_MONTHS, FIRST, {1: None, 2: None})
    assert [node.dates for node in plan.missing] == [DateSpan(date(2026, 3, 31), date(2026, 4, 29))]


def test_a_child_longer_than_its_parent_is_a_fault() -> None:
    template = [*roots(1), TemplateNode(11, 1, 1, "Block", offset_days=20, length_days=9)]
    plan = lay_out(template, THREE_MONTHS, FIRST, {})
    assert [(fault.pointer, fault.code) for fault in plan.faults] == [("/template/11", "outside_parent")]
    fits = [*roots(1), TemplateNode(11, 1, 1, "Block", offset_days=20, length_days=8)]
    assert lay_out(fits, THREE_MONTHS, FIRST, {}).faults == ()


def test_a_structure_without_length_is_not_laid_out() -> None:
    with pytest.raises(ValueError, match="no length"):
        lay_out(roots(1), Structure(CUSTOM), FIRST, {})
