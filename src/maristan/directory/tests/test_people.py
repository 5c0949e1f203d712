"""People: who sees what of them, who keeps their record, and what deactivation ends."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.directory.models import ContactInfo, Membership, Person
from maristan.directory.queries import people, person_pages
from maristan.directory.tests import factories as make
from maristan.kernel.access import Reach
from maristan.kernel.models import ApiToken, JournalLine, User
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
PERSONS = "/api/v1/directory/persons/"


def test_a_registrar_enters_a_person_with_phone_and_address() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    body = {
        "name": "  Amina   Yusuf ", "phone": "0300-1234567", "email": "Amina@Example.EDU",
        "national_id": "35202-1234567-1", "gender": "FEMALE",
    }  # fmt: skip
    answer = bob.post(PERSONS, body)
    assert answer.status == 201
    assert (answer.json["name"], answer.json["national_id"], answer.json["gender"]) == (
        "Amina Yusuf", "3520212345671", "female",
    )  # fmt: skip
    contacts = {(each["kind"], each["value"], each["is_primary"]) for each in answer.json["contacts"]}
    assert contacts == {("phone", "+923001234567", True), ("email", "amina@example.edu", True)}
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["person.created"]


@pytest.mark.parametrize("role", ["coordinator", "department_head", "faculty", "office_assistant", "student"])
def test_others_enter_nobody(role: str) -> None:
    make.institution()
    charlie = Client(make.member("Charlie", role))
    answer = charlie.post(PERSONS, {"name": "Amina"})
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Person.objects.filter(name="Amina").exists()


def test_one_national_id_is_one_person_however_it_is_written() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    make.person("Amina", national_id="3520212345671")
    answer = bob.post(PERSONS, {"name": "Another", "national_id": "35202 1234567 1"})
    assert (answer.status, answer.code) == (409, "national_id_taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.person("Another", national_id="3520212345671")
    assert not Person.objects.filter(name="Another").exists()


def test_faults_are_named_together() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    answer = bob.post(PERSONS, {"name": " ", "date_of_birth": "2999-01-01"})
    assert answer.status == 422
    assert ("/name", "too_short") in answer.pointers
    born = bob.post(PERSONS, {"name": "Amina", "date_of_birth": "2099-01-01"})
    assert born.pointers == [("/date_of_birth", "out_of_range")]
    phone = bob.post(PERSONS, {"name": "Amina", "phone": "call me"})
    assert phone.pointers == [("/phone", "bad_phone")]
    assert not Person.objects.filter(name="Amina").exists()


def test_a_teacher_sees_the_names_of_others_and_all_of_their_own() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty", date_of_birth="1980-05-01", national_id="1")
    sara = make.person("Sara", date_of_birth="2005-05-01", national_id="2")
    ContactInfo.objects.create(person=sara, kind="email", value="sara@example.edu")
    teacher = Client(khan)
    seen = teacher.get(f"{PERSONS}{sara.pk}/").json
    hidden = ("contacts", "date_of_birth", "national_id", "father_name")
    assert (seen["name"], [seen[field] for field in hidden]) == ("Sara", [None] * 4)
    own = teacher.get(f"{PERSONS}{khan.pk}/").json
    assert (own["date_of_birth"], own["national_id"], own["contacts"]) == ("1980-05-01", "1", [])


def test_a_student_sees_nobody_but_themselves() -> None:
    make.institution()
    sara, other = make.member("Sara", "student"), make.person("Other")
    student = Client(sara)
    assert [each["id"] for each in student.get(PERSONS).json["results"]] == [sara.pk]
    assert student.get(f"{PERSONS}{other.pk}/").status == 404
    assert student.get(f"{PERSONS}{other.pk}/timeline/").status == 404


def test_people_are_found_by_any_script_and_by_a_phone_in_any_spelling() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    amina = make.person("آمنہ یوسف", name_latin="Amina Yusuf")
    ContactInfo.objects.create(person=amina, kind="phone", value="+923001234567")
    for text in ("آمنہ", "yusuf", "0300 1234567", "+92 300 1234567", "1234567"):
        found = bob.get(f"{PERSONS}?search={text.replace('+', '%2B')}").json
        assert [each["id"] for each in found["results"]] == [amina.pk], text
    assert bob.get(f"{PERSONS}?search=nobody").json["count"] == 0


def test_people_are_filtered_by_role_department_and_activity() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    pathology = make.department("Pathology")
    khan = make.member("Dr Khan", "faculty", scope=("department", pathology.pk))
    make.person("Gone", is_active=False)
    by_role = bob.get(f"{PERSONS}?role=FACULTY").json["results"]
    assert [(each["id"], each["roles"][0]["scope_name"]) for each in by_role] == [(khan.pk, "Pathology")]
    by_department = bob.get(f"{PERSONS}?department={pathology.pk}").json["results"]
    assert [each["id"] for each in by_department] == [khan.pk]
    inactive = bob.get(f"{PERSONS}?is_active=false").json["results"]
    assert [each["name"] for each in inactive] == ["Gone"]
    assert bob.get(f"{PERSONS}?ordering=national_id").code == "bad_ordering"


def test_the_list_costs_the_same_for_ten_people_and_for_sixty(django_assert_max_num_queries: object) -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    pathology = make.department("Pathology")

    def queries(number: int) -> int:
        for index in range(number):
            made = make.person(f"Person {index}")
            make.membership(made, "faculty", scope=("department", pathology.pk))
            ContactInfo.objects.create(person=made, kind="email", value="a@example.edu")
        with django_assert_max_num_queries(40) as seen:  # type: ignore[operator]
            assert bob.get(f"{PERSONS}?page_size=200").status == 200
        return len(seen)

    assert queries(10) == queries(50)


def test_a_registrar_corrects_a_record_and_a_stale_one_is_told_what_changed() -> None:
    make.institution()
    bob, amina = Client(make.member("Bob", "registrar")), make.person("Amina")
    url = f"{PERSONS}{amina.pk}/"
    assert bob.patch(url, {"father_name": "Yusuf"}).status == 428
    assert bob.patch(url, {"father_name": "Yusuf"}, version=1).json["father_name"] == "Yusuf"
    stale = bob.patch(url, {"father_name": "Yunus"}, version=1)
    assert (stale.status, stale.json["differing"][0]["field"]) == (412, "father_name")
    assert bob.patch(url, {"is_active": False}, version=2).pointers == [("/is_active", "unknown_field")]
    assert JournalLine.objects.filter(kind="person.updated").count() == 1


def test_a_student_changes_nothing_of_their_own_record() -> None:
    make.institution()
    sara = make.member("Sara", "student")
    answer = Client(sara).patch(f"{PERSONS}{sara.pk}/", {"name": "Queen", "gender": "other"}, version=1)
    assert (answer.status, answer.code) == (422, "read_only_field")
    assert [pointer for pointer, _ in answer.pointers] == ["/name", "/gender"]
    sara.refresh_from_db()
    assert (sara.name, sara.version) == ("Sara", 1)


def test_a_teacher_changes_nobody_elses() -> None:
    make.institution()
    khan, amina = make.member("Dr Khan", "faculty"), make.person("Amina")
    answer = Client(khan).patch(f"{PERSONS}{amina.pk}/", {"name": "X"}, version=1)
    assert (answer.status, answer.code) == (404, "not_found")


def signed_in(person: Person) -> Client:
    """A client that signed in by name and password, as people do."""
    client = Client()
    body = {"username": User.objects.get(pk=person.user_id).username, "password": "correct horse"}
    assert client.post("/_allauth/browser/v1/auth/login", body).status == 200
    return client


def test_deactivating_somebody_ends_roles_and_sessions_at_once() -> None:
    here = make.institution()
    bob, khan = Client(make.member("Bob", "registrar")), make.member("Dr Khan", "faculty", "coordinator")
    teacher = signed_in(khan)
    token = ApiToken.objects.create(user_id=khan.user_id, institution_id=here.pk, name="sync", token_hash="0" * 64)
    calls = ("me/", "timetable/sessions/", "agenda/entries/?start_date=2026-03-02&end_date=2026-03-08", "about/")
    assert [teacher.get(f"/api/v1/{call}").status for call in calls] == [200] * len(calls)
    calendar = urlsplit(teacher.post("/api/v1/agenda/feed/").json["url"]).path
    assert Client().get(calendar).status == 200
    answer = bob.post(f"{PERSONS}{khan.pk}/moves/deactivate/", {"reason": "Has retired"})
    assert (answer.status, answer.json["is_active"], answer.json["roles"]) == (200, False, [])
    assert [teacher.get(f"/api/v1/{call}").status for call in calls] == [401] * len(calls)
    assert teacher.post("/api/v1/agenda/feed/").status == 401
    assert Client().get(calendar).status == 404
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert not Membership.objects.filter(person=khan, to_date=None).exists()
    line = JournalLine.objects.get(kind="person.deactivated")
    assert (line.reason, line.changes["memberships_ended"], line.changes["sessions_ended"]) == ("Has retired", 2, 1)
    again = bob.post(f"{PERSONS}{khan.pk}/moves/deactivate/", {})
    assert (again.status, again.code) == (409, "already_inactive")
    back = bob.post(f"{PERSONS}{khan.pk}/moves/reactivate/", {})
    assert (back.status, back.json["is_active"], back.json["roles"]) == (200, True, [])


def test_the_last_administrator_cannot_be_deactivated() -> None:
    make.institution()
    alice, bob = make.member("Alice", "admin"), Client(make.member("Bob", "registrar"))
    answer = bob.post(f"{PERSONS}{alice.pk}/moves/deactivate/", {})
    assert (answer.status, answer.code) == (409, "last_admin")
    alice.refresh_from_db()
    assert alice.is_active
    assert Membership.objects.get(person=alice).to_date is None


def test_a_teacher_deactivates_nobody() -> None:
    make.institution()
    khan, amina = Client(make.member("Dr Khan", "faculty")), make.person("Amina")
    assert khan.post(f"{PERSONS}{amina.pk}/moves/deactivate/", {}).status == 403
    amina.refresh_from_db()
    assert amina.is_active


def test_a_timeline_holds_what_happened_to_a_person_and_their_roles() -> None:
    make.institution()
    alice, amina = Client(make.member("Alice", "admin")), make.member("Amina")
    body = {"person": amina.pk, "role": "office_assistant"}
    membership = alice.post("/api/v1/directory/memberships/", body).json["id"]
    alice.patch(f"{PERSONS}{amina.pk}/", {"father_name": "Yusuf"}, version=1)
    alice.post(f"/api/v1/directory/memberships/{membership}/moves/end/", {})
    kinds = [each["kind"] for each in alice.get(f"{PERSONS}{amina.pk}/timeline/").json["results"]]
    assert kinds == ["membership.revoked", "person.updated", "membership.granted"]


def test_ones_own_timeline_is_open_and_another_ones_is_not() -> None:
    make.institution()
    khan, amina = make.member("Dr Khan", "faculty"), make.person("Amina")
    teacher = Client(khan)
    assert teacher.get(f"{PERSONS}{khan.pk}/timeline/").json["count"] == 0
    assert teacher.get(f"{PERSONS}{amina.pk}/timeline/").status == 403


def test_another_institution_sees_nobody() -> None:
    make.institution("fmu")
    amina = make.person("Amina")
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert [each["name"] for each in zara.get(PERSONS).json["results"]] == ["Zara"]
    for answer in (
        zara.get(f"{PERSONS}{amina.pk}/"),
        zara.patch(f"{PERSONS}{amina.pk}/", {"name": "X"}, version=1),
        zara.post(f"{PERSONS}{amina.pk}/moves/deactivate/", {}),
        zara.get(f"{PERSONS}{amina.pk}/timeline/"),
    ):
        assert answer.status == 404
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_person SET name = 'X' WHERE id = %s", [amina.pk])
        assert cursor.rowcount == 0


def test_names_leave_as_a_file_that_runs_nothing() -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))
    make.person("=cmd|' /C calc'!A0")
    answer = bob.get(f"{PERSONS}export/?format=csv&ordering=id")
    assert "'=cmd" in answer.body.decode("utf-8-sig")
    assert bob.get(f"{PERSONS}export/?format=xlsx").body.startswith(b"PK")
    assert Client(make.member("Khan", "faculty")).get(f"{PERSONS}export/").status == 200


def test_a_teacher_sees_of_others_no_more_than_name_and_photo() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    sara = make.member("Sara", "registrar", gender="female")
    teacher = Client(khan)
    seen = teacher.get(f"{PERSONS}{sara.pk}/").json
    assert [seen[field] for field in ("gender", "has_account", "roles")] == [None, None, None]
    own = teacher.get(f"{PERSONS}{khan.pk}/").json
    assert (own["gender"], own["has_account"], own["roles"][0]["role"]) == ("undisclosed", True, "faculty")


def test_a_teacher_learns_no_contact_and_no_role_by_searching_and_filtering() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    sara = make.person("Sara")
    make.membership(sara, "registrar")
    for kind, value in (("phone", "+923001234567"), ("email", "sara@example.edu")):
        ContactInfo.objects.create(person=sara, kind=kind, value=value)
    ContactInfo.objects.create(person=khan, kind="email", value="khan@example.edu")
    teacher = Client(khan)
    for query in ("search=0300 1234567", "search=1234567", "search=sara@example.edu", "role=registrar"):
        assert teacher.get(f"{PERSONS}?{query}").json["count"] == 0, query
    for query in ("search=khan@example.edu", "role=faculty"):
        assert [each["id"] for each in teacher.get(f"{PERSONS}?{query}").json["results"]] == [khan.pk], query
    assert [hit.title for hit in people.find(make.actor(khan), "sara", 8)] == ["Sara"]
    assert people.find(make.actor(khan), "sara@example.edu", 8) == []


def test_with_a_scope_one_sees_its_people_and_who_teaches() -> None:
    make.institution()
    pathology, surgery = make.department("Pathology"), make.department("Surgery")
    khan = make.member("Dr Khan", "faculty", scope=("department", surgery.pk))
    nurse = make.member("Nurse", "staff", scope=("department", pathology.pk))
    make.person("Stranger")
    head = make.member("Head")
    reach = Reach(departments=frozenset({pathology.pk}))
    actor = replace(make.actor(head), reaches={"person.view": reach, "contact.view": reach})
    assert set(people.visible_to(actor=actor)) == {head, khan, nurse}
    shown = person_pages.shown([khan, nurse], actor=actor, day=date(2026, 3, 2))
    assert [each["roles"] is None for each in shown] == [True, False]
