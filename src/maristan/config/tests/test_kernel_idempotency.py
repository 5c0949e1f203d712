"""The same POST twice does its work once."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction

from maristan.academics.tests import factories as academics
from maristan.directory.models import Department, Invitation, Membership
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.models import ImportRun, StoredReply
from maristan.kernel.tests.client import Answer, Client
from maristan.operations.models import MaintenanceWindow
from maristan.operations.tests import factories as operations

URL = "/api/v1/directory/departments/"
BODY = {"code": "PATH", "name": "Pathology"}


@pytest.mark.django_db
def test_a_repeated_post_is_answered_as_the_first_time() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    first = alice.post(URL, BODY, Idempotency_Key="k-1")
    again = alice.post(URL, BODY, Idempotency_Key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["Idempotent-Replay"] == "true"
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    alice.post(URL, BODY, Idempotency_Key="k-1")
    answer = alice.post(URL, {**BODY, "name": "Histology"}, Idempotency_Key="k-1")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert Department.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_post_is_judged_again() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    assert alice.post(URL, {"code": "PATH"}, Idempotency_Key="k-1").status == 422
    assert alice.post(URL, BODY, Idempotency_Key="k-1").status == 201


@pytest.mark.django_db
def test_two_people_may_use_the_same_key() -> None:
    make.institution()
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "admin"))
    assert alice.post(URL, BODY, Idempotency_Key="k-1").status == 201
    assert bob.post(URL, {"code": "HIST", "name": "Histology"}, Idempotency_Key="k-1").status == 201


@pytest.mark.django_db
def test_a_role_that_was_taken_away_repeats_nothing() -> None:
    make.institution()
    bob = make.member("Bob", "registrar")
    url = f"/api/v1/academics/students/{academics.student().pk}/moves/suspend/"
    body = {"reason": "Fees are not paid"}
    assert Client(bob).post(url, body, Idempotency_Key="k-1").status == 200
    assert Client(bob).post(url, body, Idempotency_Key="k-1").status == 200
    Membership.objects.filter(person=bob).update(role="finance")
    answer = Client(bob).post(url, body, Idempotency_Key="k-1")
    assert (answer.status, answer.code) == (403, "not_allowed")


@pytest.mark.django_db
def test_a_one_time_link_is_never_stored_and_not_told_again() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    body = {"person": make.person("Bob").pk}
    first = alice.post("/api/v1/directory/invitations/", body, Idempotency_Key="k-1")
    assert (first.status, first.json["link"] is None) == (201, False)
    kept = StoredReply.objects.get(key="k-1")
    assert (kept.status, kept.body) == (201, None)
    again = alice.post("/api/v1/directory/invitations/", body, Idempotency_Key="k-1")
    assert (again.status, again.code) == (409, "answer_not_kept")
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
def test_the_address_of_a_calendar_is_never_stored() -> None:
    make.institution()
    alice = Client(make.member("Alice", "admin"))
    assert alice.post("/api/v1/agenda/feed/", Idempotency_Key="k-1").status == 200
    assert StoredReply.objects.get(key="k-1").body is None


MAINTENANCE, TIMES = (
    "/api/v1/operations/maintenance/",
    {"from": "2100-01-01T00:00:00Z", "until": "2100-01-01T01:00:00Z"},
)


@pytest.mark.django_db
def test_an_operator_who_belongs_to_no_institution_repeats_a_post_as_everybody_else() -> None:
    olga, omar = Client(operations.operator()), Client(operations.operator("omar"))
    first = olga.post(MAINTENANCE, TIMES, Idempotency_Key="k-1")
    again = olga.post(MAINTENANCE, TIMES, Idempotency_Key="k-1")
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replay"] == "true"
    other = olga.post(MAINTENANCE, {**TIMES, "message": "Disks"}, Idempotency_Key="k-1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    theirs = omar.post(MAINTENANCE, TIMES, Idempotency_Key="k-1")
    assert (theirs.status, theirs.code) == (409, "no_overlap")
    assert MaintenanceWindow.objects.count() == 1


@pytest.mark.django_db
def test_what_was_answered_to_an_operator_is_seen_in_no_institution_and_the_other_way_round() -> None:
    here = make.institution()
    alice, olga = Client(make.member("Alice", "admin")), Client(operations.operator())
    alice.post(URL, BODY, Idempotency_Key="of-institution")
    olga.post(MAINTENANCE, TIMES, Idempotency_Key="of-platform")
    seen = {}
    for where in (None, here.pk):
        with tenancy.acting_in(where):
            seen[where] = list(StoredReply.objects.values_list("key", flat=True))
    assert seen == {None: ["of-platform"], here.pk: ["of-institution"]}
    with tenancy.acting_in(here.pk), pytest.raises(ProgrammingError, match="row-level security"):
        StoredReply.objects.create(institution_id=None, user_id=1, key="k", target="POST /", body_hash="")


def uploaded(client: Client, content: bytes, **fields: str) -> Answer:
    form = {"file": SimpleUploadedFile("people.csv", content), **fields}
    return client._answer(
        client.django.post("/api/v1/directory/faculty/imports/", form, headers={"Idempotency-Key": "k-1"})
    )


@pytest.mark.django_db
def test_the_same_key_with_another_file_or_field_is_refused() -> None:
    make.institution()
    make.department("Pathology")
    alice = Client(make.member("Alice", "admin"))
    file, other = b"name,department_name\nDr A,Pathology\n", b"name,department_name\nDr B,Pathology\n"
    first = uploaded(alice, file)
    assert first.status == 201
    assert uploaded(alice, file).body == first.body
    for answer in (uploaded(alice, other), uploaded(alice, file, mode="upsert")):
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert ImportRun.objects.count() == 1


@pytest.mark.django_db
def test_a_malformed_key_is_refused() -> None:
    make.institution()
    answer = Client(make.member("Alice", "admin")).post(URL, BODY, Idempotency_Key="x" * 129)
    assert (answer.status, answer.code) == (422, "bad_idempotency_key")
    assert not Department.objects.exists()


def test_two_at_once_make_one_department(own_database: object) -> None:
    with transaction.atomic():
        here = make.institution()
        alice = make.member("Alice", "admin")
    answers: list[Answer] = []
    start = threading.Barrier(2)

    def press() -> None:
        client = Client(alice)
        start.wait()
        answers.append(client.post(URL, BODY, Idempotency_Key="k-1"))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.status for each in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    with tenancy.acting_in(here.pk):
        assert Department.objects.count() == 1
