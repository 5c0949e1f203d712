"""What somebody owes for the own record: taken in the shape of the record, and written once it is verified."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.academics.models import Obligation, Submission
from maristan.academics.tests.test_obligations import MORNING, OWED, Registry
from maristan.kernel import clock
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


@pytest.mark.parametrize(
    ("field", "said", "kept"),
    [
        ("father_name", "  Imran   Khan ", "Imran Khan"), ("name_latin", "Sara  Khan", "Sara Khan"),
        ("date_of_birth", " 2004-03-21 ", date(2004, 3, 21)), ("national_id", "35202-1234567-1", "3520212345671"),
    ],
)  # fmt: skip
def test_what_is_handed_in_stands_on_the_record_once_it_is_verified(field: str, said: str, kept: Any) -> None:
    registry = Registry()
    registry.asks(kind="profile_field", field=field, title="For the record")
    pk, person = registry.owed().pk, registry.student.person
    before, again = getattr(person, field), Obligation.objects.filter(pk=pk)
    assert registry.sara.django.post(f"{OWED}{pk}/submit/", {"value": said}).status_code == 200
    person.refresh_from_db()
    assert (getattr(person, field), person.version) == (before, 1)
    for _ in range(2):
        assert registry.omar.post(f"{OWED}{pk}/moves/verify/").status == 200
        person.refresh_from_db()
        assert (getattr(person, field), person.version) == (kept, 2)
        again.update(status="submitted", completed_at=None)
    line = JournalLine.objects.get(kind="person.updated", subject_id=str(person.pk))
    assert line.changes[field][1] == str(kept)


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("father_name", "\u0958" * 200, "bad_value"), ("national_id", "-- --", "bad_value"),
        ("national_id", "1" * 41, "bad_value"), ("date_of_birth", "21.3.2004", "bad_date"),
        ("date_of_birth", "1899-12-31", "out_of_range"), ("date_of_birth", "2026-03-03", "out_of_range"),
    ],
)  # fmt: skip
def test_what_no_record_can_take_is_not_handed_in(field: str, said: str, code: str) -> None:
    registry = Registry()
    registry.asks(kind="profile_field", field=field, title="For the record")
    refused = registry.sara.django.post(f"{OWED}{registry.owed().pk}/submit/", {"value": said})
    faults = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
    assert (refused.status_code, faults) == (422, [("/value", code)])
    assert (registry.owed().status, Submission.objects.count()) == ("pending", 0)


def test_the_national_id_of_somebody_else_is_not_verified() -> None:
    registry = Registry()
    registry.other.person.national_id = "3520212345671"
    registry.other.person.save()
    registry.asks(kind="profile_field", field="national_id", title="National id")
    pk = registry.owed().pk
    assert registry.sara.django.post(f"{OWED}{pk}/submit/", {"value": "35202 1234567 1"}).status_code == 200
    refused = registry.omar.post(f"{OWED}{pk}/moves/verify/")
    assert (refused.status, refused.code) == (409, "national_id_taken")
    registry.student.person.refresh_from_db()
    assert (registry.owed().status, registry.student.person.national_id) == ("submitted", None)
