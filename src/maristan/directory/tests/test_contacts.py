"""Contacts: one shape, one primary of each kind, and who may change whose."""

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.models import ContactInfo
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
CONTACTS = "/api/v1/directory/contact-info/"


def test_a_number_is_stored_in_one_shape_however_it_is_written() -> None:
    make.institution(country="PK")
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    first = bob.post(CONTACTS, {"person": amina.pk, "kind": "PHONE", "value": "0300-1234567"})
    assert (first.status, first.json["value"], first.json["is_primary"]) == (201, "+923001234567", True)
    again = bob.post(CONTACTS, {"person": amina.pk, "kind": "phone", "value": "+92 (300) 123 4567"})
    assert (again.status, again.code) == (409, "contact_exists")
    mail = bob.post(CONTACTS, {"person": amina.pk, "kind": "email", "value": " Amina@Example.EDU "})
    assert mail.json["value"] == "amina@example.edu"
    assert JournalLine.objects.filter(kind="contact.created", subject_id=str(amina.pk)).count() == 2


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [("phone", "12", "bad_phone"), ("whatsapp", "call me", "bad_phone"), ("email", "nobody", "bad_email")],
)
def test_what_is_no_contact_is_refused(kind: str, value: str, code: str) -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    answer = bob.post(CONTACTS, {"person": amina.pk, "kind": kind, "value": value})
    assert (answer.status, answer.pointers) == (422, [("/value", code)])
    assert not ContactInfo.objects.exists()


def test_a_new_primary_takes_the_place_of_the_one_before() -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    body = {"person": amina.pk, "kind": "phone"}
    first = bob.post(CONTACTS, {**body, "value": "03001234567"}).json["id"]
    second = bob.post(CONTACTS, {**body, "value": "03001234568"}).json
    assert second["is_primary"] is False
    assert bob.patch(f"{CONTACTS}{second['id']}/", {"is_primary": True}).status == 200
    assert ContactInfo.objects.get(is_primary=True).pk == second["id"]
    assert bob.delete(f"{CONTACTS}{second['id']}/").status == 204
    assert ContactInfo.objects.get(is_primary=True).pk == first


def test_the_database_refuses_two_primaries() -> None:
    make.institution()
    amina = make.person("Amina")
    ContactInfo.objects.create(person=amina, kind="phone", value="+1", is_primary=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactInfo.objects.create(person=amina, kind="phone", value="+2", is_primary=True)


def test_another_value_is_no_longer_verified() -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    contact = ContactInfo.objects.create(person=amina, kind="email", value="a@example.edu", is_verified=True)
    assert bob.patch(f"{CONTACTS}{contact.pk}/", {"label": "home"}).json["is_verified"] is True
    assert bob.patch(f"{CONTACTS}{contact.pk}/", {"value": "b@example.edu"}).json["is_verified"] is False


def test_a_student_keeps_their_own_contacts_and_nobody_elses() -> None:
    make.institution()
    sara, other = make.member("Sara", "student"), make.person("Other")
    theirs = ContactInfo.objects.create(person=other, kind="email", value="other@example.edu")
    student = Client(sara)
    assert student.post(CONTACTS, {"person": sara.pk, "kind": "phone", "value": "03001234567"}).status == 201
    stranger = student.post(CONTACTS, {"person": other.pk, "kind": "phone", "value": "03001234567"})
    assert (stranger.status, stranger.code) == (422, "unknown_reference")
    assert student.patch(f"{CONTACTS}{theirs.pk}/", {"value": "mine@example.edu"}).status == 404
    assert student.delete(f"{CONTACTS}{theirs.pk}/").status == 404
    assert student.get(CONTACTS).json["count"] == 1


def test_an_office_assistant_keeps_everybodys_and_a_teacher_only_their_own() -> None:
    make.institution()
    office, khan = Client(make.member("Office", "office_assistant")), Client(make.member("Dr Khan", "faculty"))
    body = {"person": make.person("Amina").pk, "kind": "phone", "value": "03001234567"}
    refused = khan.post(CONTACTS, body)
    assert (refused.status, refused.pointers) == (422, [("/person", "unknown_reference")])
    assert office.post(CONTACTS, body).status == 201


def test_another_institution_sees_no_contact() -> None:
    make.institution("fmu")
    contact = ContactInfo.objects.create(person=make.person("Amina"), kind="email", value="a@example.edu")
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(CONTACTS).json["count"] == 0
    assert zara.get(f"{CONTACTS}{contact.pk}/").status == 404
    assert zara.delete(f"{CONTACTS}{contact.pk}/").status == 404
    body = {"person": contact.person_id, "kind": "phone", "value": "03001234567"}
    assert zara.post(CONTACTS, body).code == "unknown_reference"


def test_whoever_may_verify_identities_verifies_a_contact_once() -> None:
    make.institution()
    sara = make.member("Sara", "student")
    contact = ContactInfo.objects.create(person=sara, kind="email", value="sara@example.edu")
    url = f"{CONTACTS}{contact.pk}/moves/verify/"
    assert Client(sara).post(url).status == 403
    ruth = Client(make.member("Ruth", "registrar"))
    assert ruth.post(url).json["is_verified"] is True
    again = ruth.post(url)
    assert (again.status, again.code) == (409, "already_verified")
    assert JournalLine.objects.filter(kind="contact.verified", subject_id=str(sara.pk)).count() == 1
    make.institution("other")
    assert Client(make.member("Zara", "admin")).post(url).status == 404
