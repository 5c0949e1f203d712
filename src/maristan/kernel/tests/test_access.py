"""How far permissions reach."""

import pytest

from maristan.kernel.access import Actor, Extent, Grant, Reach, reaches
from maristan.kernel.errors import Invalid, NotAllowed, NotFound

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
    with pytest.raises(NotFound) as hidden:
        alice.demand("week.edit", within=False)
    assert hidden.value.problem() == NotFound().problem()
    with pytest.raises(Invalid) as unknown:
        alice.demand("week.edit", within=False, pointer="/batch")
    assert [(each.pointer, each.code) for each in unknown.value.faults] == [("/batch", "unknown_reference")]
    for within in (True, False):
        with pytest.raises(NotAllowed):
            alice.demand("week.see", within=within, pointer="/batch")


def test_a_write_that_names_no_object_is_refused_where_the_reach_is_too_narrow() -> None:
    cora = Actor(1, 1, reaches=reaches([Grant("coordinator", "program", 7)], TABLE))
    assert cora.demand_at_large("week.edit", within=True).programs == {7}
    for permission, within in (("week.edit", False), ("week.see", True)):
        with pytest.raises(NotAllowed) as refused:
            cora.demand_at_large(permission, within=within)
        assert refused.value.extra == {"permission": permission}
