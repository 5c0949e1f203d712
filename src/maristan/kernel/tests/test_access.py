"""How far permissions reach."""

import pytest

from maristan.kernel.access import Actor, Extent, Grant, Reach, reaches
from maristan.kernel.errors import NotAllowed

TABLE = {
    "week.edit": {"admin": Extent.ALL, "coordinator": Extent.SCOPE},
    "week.see": {"faculty": Extent.OWN, "department_head": Extent.SCOPE},
}


def reach(permission: str, *grants: Grant) -> Reach:
    return reaches(grants, TABLE)[permission]


def test_a_role_without_the_permission_reaches_nothing() -> None:
    assert not reach("week.edit", Grant("faculty"))


def test_an_admin_reaches_everything() -> None:
    assert reach("week.edit", Grant("admin")).everything


def test_a_coordinator_reaches_the_programs_of_the_memberships_and_no_other() -> None:
    found = reach("week.edit", Grant("coordinator", "program", 3), Grant("coordinator", "program", 4))
    assert not found.everything
    assert found.covers(program=3)
    assert found.covers(program=4)
    assert not found.covers(program=5)


def test_a_coordinator_of_the_whole_institution_reaches_everything() -> None:
    assert reach("week.edit", Grant("coordinator", "institution")).everything


def test_own_reaches_only_what_is_ones_own() -> None:
    found = reach("week.see", Grant("faculty", "department", 9))
    assert found.covers(own=True)
    assert not found.covers(departments=[9])


def test_a_department_head_reaches_the_department() -> None:
    assert reach("week.see", Grant("department_head", "department", 9)).covers(departments=[None, 9])
    assert not reach("week.see", Grant("department_head", "department", 9)).covers(departments=[8])


def test_demand_refuses_without_the_permission_and_outside_of_it() -> None:
    alice = Actor(1, 1, reaches=reaches([Grant("admin")], TABLE))
    assert alice.demand("week.edit").everything
    with pytest.raises(NotAllowed):
        alice.demand("week.edit", within=False)
    with pytest.raises(NotAllowed):
        alice.demand("week.see")
