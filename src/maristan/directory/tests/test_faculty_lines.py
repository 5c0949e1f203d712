"""The lines that a committed file of teachers leaves in the journal."""

from typing import Any

import pytest

from maristan.directory.models import Membership, Person
from maristan.directory.tests.test_faculty_import import HEADER, coordinator, imported
from maristan.kernel.models import JournalLine


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
