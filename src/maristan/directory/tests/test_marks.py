"""What is refused because something depends on it: deletes, and what the database itself keeps true."""

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.models import Department, Leave, Place
from maristan.directory.queries import usernames
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
DIRECTORY = "/api/v1/directory/"


def test_a_department_with_members_or_rooms_stays() -> None:
    make.institution()
    adam, pathology = Client(make.member("Adam", "admin")), make.department("Pathology")
    make.membership(make.person("Khan"), "faculty", scope=("department", pathology.pk))
    lab = make.room("Lab", department=pathology)
    refused = adam.delete(f"{DIRECTORY}departments/{pathology.pk}/")
    assert (refused.status, refused.code) == (409, "PROTECTED_DELETE")
    assert refused.json["counts"] == {"place": 1, "membership": 1}
    lab.refresh_from_db()
    assert (lab.department_id, JournalLine.objects.count()) == (pathology.pk, 0)
    empty = make.department("Empty")
    assert adam.delete(f"{DIRECTORY}departments/{empty.pk}/").status == 204


@pytest.mark.parametrize("model", [Department, Place])
def test_the_database_measures_a_moved_tree_downwards_too(model: type) -> None:
    make.institution()

    def node(name: str, parent: object = None) -> object:
        if model is Place:
            return make.room(name, parent=parent)
        return make.department(name, parent=parent)

    def chain(letter: str) -> list[object]:
        made: list[object] = []
        for depth in range(4):
            made.append(node(f"{letter}{depth}", made[-1] if made else None))
        return made

    upper, lower = chain("A"), chain("B")
    with pytest.raises(IntegrityError, match="deeper than six"), transaction.atomic():
        model.objects.filter(pk=lower[0].pk).update(parent=upper[3])
    model.objects.filter(pk=lower[0].pk).update(parent=upper[1])
    assert model.objects.get(pk=lower[0].pk).parent_id == upper[1].pk


def test_the_database_keeps_who_decided_and_when_together() -> None:
    make.institution()
    sara = make.person("Sara")
    for half in ({"decided_at": clock.now()}, {"decided_by": sara}):
        with pytest.raises(IntegrityError, match="directory_leave_decided_both"), transaction.atomic():
            Leave.objects.create(person=sara, kind="medical", start_date="2026-05-01", **half)
    assert Leave.objects.count() == 0


def test_usernames_in_use_are_those_of_the_same_root_on_the_whole_platform() -> None:
    make.institution("fmu")
    make.person("Ali", proposed_username="Ali2.b31")
    make.institution("other")
    make.user("ali.b30")
    for name in ("alina.b31", "ali.khan", "2026-mbbs-007.b31"):
        make.person("Other", proposed_username=name)
    assert usernames.in_use(["ali"]) == {"ali2.b31", "ali.b30"}
    assert usernames.in_use(["2026-mbbs-008", "ali.khan"]) == {"2026-mbbs-007.b31", "ali.khan"}
    assert usernames.in_use([]) == frozenset()
