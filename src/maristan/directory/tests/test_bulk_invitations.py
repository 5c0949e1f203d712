"""Many people invited at once: mail for those with an address, links for slips, all or nobody."""

import pytest
from django.core import mail

from maristan.directory.models import Invitation
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
INVITATIONS = "/api/v1/directory/invitations/"
BULK = f"{INVITATIONS}bulk/"


@pytest.fixture
def bob() -> Client:
    make.institution()
    return Client(make.member("Bob", "registrar"))


def test_those_with_an_address_are_mailed_and_the_others_get_a_link_once(bob: Client) -> None:
    sara, omar = make.person("Sara"), make.person("Omar")
    make.email(sara, "sara@example.edu")
    before = Invitation.objects.create(person=omar, token_hash="old", expires_at="2099-01-01T00:00:00Z")
    answer = bob.post(BULK, {"persons": [omar.pk, sara.pk, omar.pk]})
    assert answer.status == 200
    slip, mailed = answer.json["results"]
    assert (slip["person"], slip["name"], slip["email"]) == (omar.pk, "Omar", "")
    assert (mailed["person"], mailed["email"], mailed["link"]) == (sara.pk, "sara@example.edu", None)
    token = slip["link"].rpartition("/")[2]
    assert Client().get(f"{INVITATIONS}accept/{token}/").json["purpose"] == "join"
    before.refresh_from_db()
    assert before.voided_at is not None
    lines = JournalLine.objects.filter(kind="invitation.sent").order_by("id")
    assert [line.changes["by_mail"] for line in lines] == [[None, False], [None, True]]
    run_jobs()
    assert [message.to for message in mail.outbox] == [["sara@example.edu"]]
    sent = mail.outbox[0].body.rpartition("/invitation/")[2].split()[0]
    assert Client().get(f"{INVITATIONS}accept/{sent}/").status == 200


def test_one_who_cannot_be_invited_stops_all(bob: Client) -> None:
    sara, gone = make.person("Sara"), make.person("Gone", is_active=False)
    known, admin = make.member("Known"), make.person("Adam")
    make.membership(admin, "admin")
    refused = bob.post(BULK, {"persons": [sara.pk, 10**9]})
    assert (refused.status, refused.pointers) == (422, [("/persons/1", "unknown_reference")])
    for person, status, code in (
        (gone, 409, "person_inactive"),
        (known, 409, "has_account"),
        (admin, 403, "not_allowed"),
    ):
        refused = bob.post(BULK, {"persons": [sara.pk, person.pk]})
        assert (refused.status, refused.code) == (status, code)
    assert bob.post(BULK, {"persons": []}).json == {"results": []}
    assert bob.post(BULK, {"persons": [sara.pk] * 201}).pointers == [("/persons", "too_long")]
    assert Client(make.member("Khan", "faculty")).post(BULK, {"persons": [sara.pk]}).status == 403
    assert (Invitation.objects.count(), JournalLine.objects.count()) == (0, 0)


def test_two_hundred_take_as_many_statements_as_two(bob: Client, django_assert_max_num_queries: object) -> None:
    def spent(number: int) -> int:
        people = [make.person(f"Person {at}") for at in range(number)]
        for each in people[::2]:
            make.email(each, f"p{each.pk}@example.edu")
        with django_assert_max_num_queries(60) as seen:  # type: ignore[operator]
            assert bob.post(BULK, {"persons": [each.pk for each in people]}).status == 200
        return len(seen)

    assert spent(2) == spent(200)


def test_whom_to_invite_is_found_by_the_account(bob: Client) -> None:
    sara, omar = make.person("Sara"), make.member("Omar")
    persons = "/api/v1/directory/persons/"
    assert [each["id"] for each in bob.get(f"{persons}?has_account=false").json["results"]] == [sara.pk]
    assert omar.pk in [each["id"] for each in bob.get(f"{persons}?has_account=true").json["results"]]
    teacher = Client(make.member("Khan", "faculty"))
    assert teacher.get(f"{persons}?has_account=false").json["count"] == 0
