"""Departments: who may keep the tree, and what a tree cannot be."""

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.directory.models import Department
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db


def test_an_admin_enters_a_department_and_one_journal_line_says_so() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    answer = alice.post("/api/v1/directory/departments/", {"code": "PATH", "name": "Pathology"})
    assert answer.status == 201
    assert answer.json["name"] == "Pathology"
    assert list(JournalLine.objects.values_list("kind", "by_name")) == [("department.created", "Alice")]


def test_a_registrar_may_not_and_nothing_is_written() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    answer = bob.post("/api/v1/directory/departments/", {"code": "PATH", "name": "Pathology"})
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Department.objects.exists()


def test_a_department_cannot_stand_below_itself() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    hospital = make.department("Hospital")
    medicine = make.department("Medicine", parent=hospital)
    answer = alice.patch(f"/api/v1/directory/departments/{hospital.pk}/", {"parent": medicine.pk}, version=1)
    assert (answer.status, answer.code) == (422, "cycle")
    hospital.refresh_from_db()
    assert hospital.parent_id is None


def test_the_database_refuses_a_cycle_too() -> None:
    make.institution()
    hospital = make.department("Hospital")
    medicine = make.department("Medicine", parent=hospital)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE directory_department SET parent_id = %s WHERE id = %s", [medicine.pk, hospital.pk])


def test_two_hospitals_may_each_have_a_medicine_but_one_may_not_have_two() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    north, south = make.department("North Hospital", code="N"), make.department("South Hospital", code="S")
    for hospital in (north, south):
        body = {"code": "MED", "name": "Medicine", "parent": hospital.pk}
        assert alice.post("/api/v1/directory/departments/", body).status == 201
    again = alice.post("/api/v1/directory/departments/", {"code": "MED2", "name": "Medicine", "parent": north.pk})
    assert (again.status, again.code) == (409, "name_taken")


def test_a_change_names_the_version_it_has_seen() -> None:
    make.institution()
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "admin"))
    url = f"/api/v1/directory/departments/{make.department('Pathology').pk}/"
    assert alice.patch(url, {"name": "Histology"}).status == 428
    assert alice.patch(url, {"name": "Histology"}, version=1).headers["ETag"] == '"2"'
    stale = bob.patch(url, {"name": "Cytology"}, version=1)
    assert (stale.status, stale.code) == (412, "stale_version")
    assert [(each["field"], each["by"]) for each in stale.json["differing"]] == [("name", "Alice")]
    assert alice.get(url).json["name"] == "Histology"


def test_what_is_referred_to_is_not_deleted() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    hospital = make.department("Hospital")
    make.department("Medicine", parent=hospital)
    answer = alice.delete(f"/api/v1/directory/departments/{hospital.pk}/")
    assert (answer.status, answer.code, answer.json["counts"]) == (409, "PROTECTED_DELETE", {"department": 1})


def test_the_tree_nests_children_below_their_parents() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    make.department("Medicine", parent=make.department("Hospital"))
    tree = alice.get("/api/v1/directory/departments/?tree=true").json
    assert [(root["name"], [child["name"] for child in root["children"]]) for root in tree["results"]] == [
        ("Hospital", ["Medicine"])
    ]


def test_another_institution_sees_nothing_of_it() -> None:
    make.institution("fmu")
    pathology = make.department("Pathology")
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get("/api/v1/directory/departments/").json["count"] == 0
    assert zara.get(f"/api/v1/directory/departments/{pathology.pk}/").status == 404
    assert zara.patch(f"/api/v1/directory/departments/{pathology.pk}/", {"name": "X"}, version=1).status == 404
    body = {"code": "X", "name": "X", "parent": pathology.pk}
    refused = zara.post("/api/v1/directory/departments/", body)
    assert (refused.status, refused.code) == (422, "unknown_reference")
