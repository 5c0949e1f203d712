"""Audiences: how much may be named, and which persons lie within a scope."""

from dataclasses import replace
from datetime import date

import pytest

from maristan.directory.queries import audiences
from maristan.directory.rules.audiences import MOST_CLAUSES, MOST_KEYS, parse
from maristan.directory.tests import factories as make
from maristan.kernel.access import Reach
from maristan.kernel.errors import Invalid, NotAllowed


def keys(count: int) -> list[str]:
    return [f"batch:{number}" for number in range(count)]


@pytest.mark.parametrize("named", [[keys(1)] * (MOST_CLAUSES + 1), [keys(1), keys(MOST_KEYS + 1)]])
def test_an_audience_has_an_end(named: list[list[str]]) -> None:
    with pytest.raises(Invalid) as refused:
        parse(named)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/audience", "too_many")]


def test_as_much_as_is_allowed_may_be_named() -> None:
    assert parse([keys(MOST_KEYS)] * MOST_CLAUSES) == (frozenset(keys(MOST_KEYS)),)


@pytest.mark.django_db
def test_somebody_of_ones_department_is_within_reach_and_nobody_else() -> None:
    make.institution()
    pathology, surgery = make.department("Pathology"), make.department("Surgery")
    khan = make.member("Dr Khan", "faculty", scope=("department", pathology.pk))
    noor = make.member("Dr Noor", "faculty", scope=("department", surgery.pk))
    reach = Reach(departments=frozenset({pathology.pk}))
    head = replace(make.actor(make.member("Head")), reaches={"announcement.send": reach})
    audiences.must_be_within(parse([[f"person:{khan.pk}"]]), head, "announcement.send")
    with pytest.raises(NotAllowed) as refused:
        audiences.must_be_within(parse([[f"person:{khan.pk}"], [f"person:{noor.pk}"]]), head, "announcement.send")
    assert (refused.value.code, refused.value.extra["keys"]) == ("audience_out_of_scope", [f"person:{noor.pk}"])
    assert audiences.people(parse([[f"person:{khan.pk}"]]), date(2026, 3, 2)) == {khan.pk}
