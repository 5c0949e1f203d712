"""Many people invited at once: mail for those with an address, links for slips, all or nobody."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


def test_an_invitation_that_is_out_is_seen_until_it_is_used_voided_or_expired(bob: Client) -> None:
    persons = "/api/v1/directory/persons/"
    people = {name: make.person(name) for name in ("Live", "Used", "Void", "Late", "None")}
    states = {
        "Live": {}, "Used": {"used_at": "2026-01-02T00:00:00Z"}, "Void": {"voided_at": "2026-01-02T00:00:00Z"},
        "Late": {"expires_at": "2020-01-01T00:00:00Z"},
    }  # fmt: skip
    for name, values in states.items():
        given = {"token_hash": name, "expires_at": "2099-01-01T00:00:00Z", **values}
        Invitation.objects.create(person=people[name], **given)
    found = {each["name"]: each["has_live_invitation"] for each in bob.get(persons).json["results"]}
    assert found == {"Live": True, "Used": False, "Void": False, "Late": False, "None": False, "Bob": False}
    assert bob.get(f"{persons}{people['Live'].pk}/").json["has_live_invitation"] is True
    teacher = Client(make.member("Khan", "faculty"))
    seen = {each["name"]: each["has_live_invitation"] for each in teacher.get(persons).json["results"]}
    assert (seen.pop("Khan"), set(seen.values())) == (False, {None})


def test_invitations_that_are_out_cost_one_statement_for_any_number(bob: Client) -> None:
    def spent(number: int) -> int:
        for each in [make.person(f"Person {number} {at}") for at in range(number)]:
            Invitation.objects.create(person=each, token_hash=str(each.pk), expires_at="2099-01-01T00:00:00Z")
        with CaptureQueriesContext(connection) as seen:
            assert bob.get("/api/v1/directory/persons/?page_size=200").status == 200
        return len([each for each in seen.captured_queries if "directory_invitation" in each["sql"]])

    assert (spent(2), spent(50)) == (1, 1)
