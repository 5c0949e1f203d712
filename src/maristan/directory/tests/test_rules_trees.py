"""Nothing becomes its own ancestor, and departments stay six deep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.directory.rules.trees import DEPARTMENT_DEPTH, ancestors, parent_faults, subtree

CHAIN: dict[int, int | None] = {1: None, 2: 1, 3: 2, 4: 3, 5: 4, 9: None, 10: 9}


def codes(node: int | None, parent: int | None) -> list[str]:
    return [fault.code for fault in parent_faults(node, parent, CHAIN, max_depth=DEPARTMENT_DEPTH)]


@pytest.mark.parametrize(
    ("node", "parent", "expected"),
    [
        (None, None, []),
        (None, 5, []),
        (2, 9, []),
        (2, None, []),
        (9, 4, []),
        (2, 2, ["cycle"]),
        (2, 5, ["cycle"]),
        (1, 5, ["cycle"]),
        (9, 5, ["too_deep"]),
        (1, 10, ["too_deep"]),
        (2, 10, []),
    ],
)
def test_a_department_hangs_where_it_may(node: int | None, parent: int | None, expected: list[str]) -> None:
    assert codes(node, parent) == expected


def test_a_seventh_level_is_too_deep_also_for_a_new_department() -> None:
    six: dict[int, int | None] = {1: None, **{number: number - 1 for number in range(2, 7)}}
    assert [fault.code for fault in parent_faults(None, 6, six, max_depth=6)] == ["too_deep"]
    assert parent_faults(None, 5, six, max_depth=6) == []


def test_six_levels_may_stand_alone_but_not_below_another() -> None:
    six: dict[int, int | None] = {1: None, **{number: number - 1 for number in range(2, 7)}, 9: None}
    assert parent_faults(1, None, six, max_depth=6) == []
    assert [fault.code for fault in parent_faults(1, 9, six, max_depth=6)] == ["too_deep"]


def test_places_may_be_deep() -> None:
    deep: dict[int, int | None] = {0: None, **{number: number - 1 for number in range(1, 50)}}
    assert parent_faults(None, 49, deep) == []


def test_ancestors_and_what_is_below() -> None:
    assert list(ancestors(4, CHAIN)) == [3, 2, 1]
    assert subtree(3, CHAIN) == {3: 0, 4: 1, 5: 2}


@given(st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 12)))
def test_even_a_broken_tree_is_walked_to_an_end(parents: dict[int, int | None]) -> None:
    for node in parents:
        above = list(ancestors(node, parents))
        assert len(above) == len(set(above))
        assert node not in above


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=40))
def test_accepted_moves_never_make_a_cycle(moves: list[tuple[int, int | None]]) -> None:
    parents: dict[int, int | None] = dict.fromkeys(range(10))
    for node, parent in moves:
        if not parent_faults(node, parent, parents, max_depth=3):
            parents[node] = parent
    for node in parents:
        last = [node, *ancestors(node, parents)][-1]
        assert parents[last] is None
        assert len(list(ancestors(node, parents))) < 3
