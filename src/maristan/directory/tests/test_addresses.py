"""Addresses: whose they are, one primary of each kind, and who may change whose."""

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.models import Address
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
ADDRESSES = "/api/v1/directory/addresses/"


def test_an_address_without_a_country_is_in_the_institutions() -> None:
    make.institution(country="PK")
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    made = bob.post(ADDRESSES, {"person": amina.pk, "kind": "MAILING", "street": "12 Mall Road", "city": "Lahore"})
    assert (made.status, made.json["country"], made.json["kind"], made.json["is_primary"]) == (
        201,
        "PK",
        "mailing",
        True,
    )
    abroad = bob.post(ADDRESSES, {"person": amina.pk, "kind": "work", "street": "1 Rue X", "country": "fr"})
    assert abroad.json["country"] == "FR"
    assert JournalLine.objects.filter(kind="address.created", subject_id=str(amina.pk)).count() == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("country", "ZZ", "unknown_country"), ("street", "   ", "too_short"), ("kind", "castle", "bad_value")],
)
def test_what_is_no_address_is_refused(field: str, value: str, code: str) -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    answer = bob.post(ADDRESSES, {"person": amina.pk, "kind": "mailing", "street": "12 Mall Road", field: value})
    assert (answer.status, answer.pointers) == (422, [(f"/{field}", code)])
    assert not Address.objects.exists()


def test_a_new_primary_takes_the_place_of_the_one_before() -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    body = {"person": amina.pk, "kind": "mailing"}
    first = bob.post(ADDRESSES, {**body, "street": "First"}).json["id"]
    second = bob.post(ADDRESSES, {**body, "street": "Second"}).json
    assert second["is_primary"] is False
    assert bob.patch(f"{ADDRESSES}{second['id']}/", {"is_primary": True}).status == 200
    assert Address.objects.get(is_primary=True).pk == second["id"]
    assert bob.delete(f"{ADDRESSES}{second['id']}/").status == 204
    assert Address.objects.get(is_primary=True).pk == first
    kinds = ["address.created", "address.created", "address.updated", "address.deleted"]
    lines = JournalLine.objects.filter(kind__startswith="address.").order_by("id")
    assert list(lines.values_list("kind", flat=True)) == kinds


def test_the_database_refuses_two_primaries() -> None:
    make.institution()
    amina = make.person("Amina")
    Address.objects.create(person=amina, kind="work", street="One", country="PK", is_primary=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(person=amina, kind="work", street="Two", country="PK", is_primary=True)


def test_a_student_keeps_their_own_addresses_and_nobody_elses() -> None:
    make.institution()
    sara, other = make.member("Sara", "student"), make.person("Other")
    client = Client(sara)
    own = client.post(ADDRESSES, {"person": sara.pk, "kind": "permanent", "street": "Village Chak 12"})
    assert own.status == 201
    refused = client.post(ADDRESSES, {"person": other.pk, "kind": "permanent", "street": "Elsewhere"})
    assert (refused.status, refused.pointers) == (422, [("/person", "unknown_reference")])
    theirs = Address.objects.create(person=other, kind="work", street="Hidden", country="PK")
    assert client.patch(f"{ADDRESSES}{theirs.pk}/", {"street": "Mine"}).status == 404
    assert client.get(f"{ADDRESSES}?person={other.pk}").json["count"] == 0
    assert Address.objects.get(pk=theirs.pk).street == "Hidden"


def test_another_institution_sees_and_changes_none() -> None:
    make.institution("fmu")
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    made = bob.post(ADDRESSES, {"person": amina.pk, "kind": "work", "street": "Ward 3"}).json["id"]
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    url = f"{ADDRESSES}{made}/"
    assert [zara.get(url).status, zara.patch(url, {"city": "X"}).status, zara.delete(url).status] == [404, 404, 404]
    foreign = zara.post(ADDRESSES, {"person": amina.pk, "kind": "work", "street": "Ward 3"})
    assert (foreign.status, foreign.pointers) == (422, [("/person", "unknown_reference")])
