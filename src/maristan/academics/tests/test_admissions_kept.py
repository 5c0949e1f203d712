"""Applications: what another institution sees of them, what the database keeps, and whose the papers are."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.models import Intake, Student
from maristan.academics.tests import factories as make
from maristan.academics.tests.test_admissions import APPLICATIONS, INTAKES, School, approve, of_person
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock, files
from maristan.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at("2026-03-01T08:00:00+00:00"):
        yield


def test_another_institution_sees_and_decides_nothing() -> None:
    application = School().application()
    other = School("other")
    url = f"{APPLICATIONS}{application.pk}/"
    assert [other.ruth.get(url).status, approve(other.ruth, application).status] == [404, 404]
    assert other.ruth.get(APPLICATIONS).json["count"] == 0
    assert other.ruth.get(f"{INTAKES}{application.intake_id}/").status == 404


@pytest.mark.parametrize(
    "values",
    [
        {"batch_year": 1999},
        {"current_year": 0},
        {"merit_number": 0},
        {"merit_percentage": 101},
        {"passing_year": 1899},
        {"number": None},
        {"status": "approved"},
        {"decided_by": "Ruth"},
    ],
)
def test_the_database_refuses_what_cannot_be(values: dict[str, Any]) -> None:
    school = School()
    with pytest.raises(IntegrityError), transaction.atomic():
        school.application(**values)


def test_the_database_keeps_one_draft_of_an_address_and_one_of_a_number() -> None:
    school = School()
    draft = {"status": "draft", "number": None, "submitted_at": None}
    school.application(**draft, email="amina@example.edu")
    with pytest.raises(IntegrityError), transaction.atomic():
        school.application(**draft, email="Amina@Example.edu")
    school.application(number="STU-20260301-9999")
    with pytest.raises(IntegrityError), transaction.atomic():
        school.application(number="STU-20260301-9999")


def test_the_database_keeps_an_intake_to_batches_of_its_program() -> None:
    school = School()
    with pytest.raises(IntegrityError), transaction.atomic():
        Intake.objects.create(
            program=make.program(), batch=school.batch, opens_at=clock.now(), closes_at="2027-01-01T00:00:00Z", seats=1
        )


def test_a_paper_that_was_replaced_is_removed_and_one_that_somebody_else_has_stays() -> None:
    school = School()
    application = school.application()
    url = f"{APPLICATIONS}{application.pk}/papers/cnic_front/"
    for _ in range(2):
        assert school.ruth.upload(url, "card.pdf", PDF).status == 204
    assert (StoredFile.objects.count(), files.purge(), StoredFile.objects.count()) == (2, 1, 1)
    student = Student.objects.get(pk=approve(school.ruth, application).json["student"])
    (document,) = of_person(school.ruth, "identity-documents", student.person)
    assert school.ruth.delete(document["file"]).status == 204
    assert (files.purge(), school.ruth.get(url).body) == (0, PDF)
