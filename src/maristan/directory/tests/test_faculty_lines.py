"""What a committed file of teachers leaves behind: lines in the journal, and people to be invited."""

from typing import Any

import pytest

from maristan.directory.models import Department, Membership, Person
from maristan.directory.tests import factories as make
from maristan.directory.tests.test_faculty_import import FOUR, HEADER, PERSONS, coordinator, imported
from maristan.kernel.models import ImportRun, JournalLine
from maristan.kernel.tests.client import Client

INVITATIONS = "/api/v1/directory/invitations/"


@pytest.mark.django_db
def test_every_write_of_a_commit_has_its_line() -> None:
    cora = coordinator()
    imported(cora, HEADER + "Dr Ahmed Khan,Pathology,a.khan@example.edu,0300-1234567\r\n")
    khan = Person.objects.get(name="Dr Ahmed Khan")
    text = HEADER + "Dr Ahmed Khan,Anatomy,a.khan@example.edu,0300-7654321\r\nSaba Naz,Anatomy,,\r\n"
    imported(cora, text, mode="upsert")
    saba = Person.objects.get(name="Saba Naz")
    ended, joined, moved = Membership.objects.filter(role="faculty").order_by("pk")
    written = [
        (line.kind, line.subject_id, line.changes)
        for line in JournalLine.objects.exclude(kind="import.committed").order_by("id")
    ]

    def granted(held: Membership) -> tuple[str, str, dict[str, Any]]:
        scope = f"department:{held.scope_id}"
        return (
            "membership.granted", str(held.pk),
            {"person": [None, held.person_id], "role": [None, "faculty"], "scope": [None, scope]},
        )  # fmt: skip

    last_day = {"to_date": [None, str(ended.to_date)], "version": [1, 2]}
    assert written == [
        ("person.created", str(khan.pk), {"name": [None, "Dr Ahmed Khan"]}),
        granted(ended),
        ("person.created", str(saba.pk), {"name": [None, "Saba Naz"]}),
        ("membership.revoked", str(ended.pk), last_day),
        granted(joined),
        granted(moved),
        ("contact.updated", str(khan.pk), {"phone": ["+923001234567", "+923007654321"]}),
    ]


@pytest.mark.django_db
def test_a_coordinator_finds_and_invites_the_teachers_of_an_own_file() -> None:
    cora = coordinator()
    there = make.person("Dr There")
    make.membership(there, "faculty", scope=("department", Department.objects.order_by("pk")[0].pk))
    omar = Client(make.member("Omar", "coordinator", scope=("program", 8)))
    imported(cora, FOUR)
    url = f"{PERSONS}?import_run={ImportRun.objects.get().pk}&has_account=false&role=faculty&is_active=true"
    found = cora.get(url).json["results"]
    assert [each["name"] for each in found] == [
        "Dr Ahmed Khan", "Dr Ahmed Khan", "Dr. José Núñez", "Prof. Zoë Müller-Weiß",
    ]  # fmt: skip
    assert [each["roles"][0]["scope_name"] for each in found] == ["Pathology", "Anatomy", "Pathology", "Anatomy"]
    assert (omar.get(url).json["count"], cora.get(f"{PERSONS}?has_account=false").json["count"]) == (0, 4)
    ids = [each["id"] for each in found]
    invited = cora.post(INVITATIONS + "bulk/", {"persons": ids})
    assert (invited.status, len(invited.json["results"])) == (200, 4)
    assert {each["has_live_invitation"] for each in cora.get(url).json["results"]} == {True}
    assert cora.get(INVITATIONS).json["count"] == 4
    assert cora.post(INVITATIONS, {"person": ids[0]}).status == 201
    for who, person in ((cora, there.pk), (omar, ids[0])):
        refused = who.post(INVITATIONS, {"person": person})
        assert (refused.status, refused.pointers) == (422, [("/person", "unknown_reference")])
    Person.objects.filter(pk=ids[1]).update(user=make.user())
    assert cora.post(INVITATIONS, {"person": ids[1]}).status == 422
    assert (cora.get(url).json["count"], cora.get(f"{PERSONS}{ids[1]}/").json["contacts"]) == (3, None)
    make.membership(Person.objects.get(pk=ids[0]), "admin")
    refused = cora.post(INVITATIONS, {"person": ids[0]})
    assert (refused.status, refused.code) == (403, "not_allowed")
