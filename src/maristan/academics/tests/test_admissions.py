"""Intakes and the applications desk: who sees which, what resembles what, and how an applicant becomes a student."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.academics.models import Application, Intake, Placement, Student
from maristan.academics.queries import admissions as queries
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.directory.tests.test_photos import png
from maristan.kernel import clock, files
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.client import Answer, Client

pytestmark = pytest.mark.django_db
PERSONS = "/api/v1/directory/persons/"
JUNE = {"opens_at": "2026-06-01T00:00:00Z", "closes_at": "2026-07-01T00:00:00Z"}
INTAKES, APPLICATIONS = "/api/v1/academics/intakes/", "/api/v1/academics/applications/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at("2026-03-01T08:00:00+00:00"):
        yield


class School:
    """A program MBBS with a batch of one group that graduates in 2029, a registrar and a coordinator of it."""

    def __init__(self, code: str = "fmu") -> None:
        directory.institution(code)
        self.program = make.program("Medicine", code="MBBS")
        self.batch = make.batch(self.program, intake_year=2024, graduation_year=2029)
        self.group = make.group(self.batch)
        self.intake = make.intake(self.batch)
        self.ruth = Client(directory.member("Ruth", "registrar"))
        self.carl = Client(directory.member("Carl", "coordinator", scope=("program", self.program.pk)))

    def application(self, **values: Any) -> Application:
        return make.application(intake=self.intake, **{"batch_year": 2029, **values})


def of_person(client: Client, kind: str, person: Any) -> list[dict[str, Any]]:
    """The invitations or identity documents of a person."""
    return list(client.get(f"/api/v1/directory/{kind}/?person={person.pk}").json["results"])


def approve(client: Client, application: Application, **body: Any) -> Answer:
    return client.post(f"{APPLICATIONS}{application.pk}/moves/approve/", body)


# --- intakes ------------------------------------------------------------------------------------------------------


def test_an_intake_is_entered_for_a_batch_and_counts_who_applied() -> None:
    school = School()
    body = {
        "batch": school.batch.pk,
        "opens_at": "2026-06-01T00:00:00Z",
        "closes_at": "2026-07-01T00:00:00Z",
        "seats": 2,
    }
    made = school.carl.post(INTAKES, body)
    assert (made.status, made.json["program"], made.json["is_open"]) == (201, school.program.pk, False)
    school.application()
    shown = school.ruth.get(f"{INTAKES}{school.intake.pk}/").json
    assert (shown["is_open"], shown["application_count"], shown["open_count"], shown["approved_count"]) == (
        True,
        1,
        1,
        0,
    )
    assert [each["id"] for each in school.ruth.get(f"{INTAKES}?is_open=true").json["results"]] == [school.intake.pk]
    assert JournalLine.objects.filter(kind="intake.created", subject_id=str(made.json["id"])).count() == 1


def test_an_intake_closes_after_it_opens_and_names_a_batch_within_reach() -> None:
    school = School()
    body = {
        "batch": school.batch.pk,
        "opens_at": "2026-06-01T00:00:00Z",
        "closes_at": "2026-06-01T00:00:00Z",
        "seats": 2,
    }
    refused = school.carl.post(INTAKES, body)
    assert (refused.status, refused.pointers) == (422, [("/closes_at", "out_of_range")])
    elsewhere = school.carl.post(INTAKES, {**body, "batch": make.batch().pk})
    assert (elsewhere.status, elsewhere.pointers) == (422, [("/batch", "unknown_reference")])
    of_another = school.ruth.post(INTAKES, {**body, "program": make.program().pk, "closes_at": JUNE["closes_at"]})
    assert (of_another.status, of_another.pointers) == (422, [("/batch", "batch_not_in_program")])
    naive = school.carl.post(INTAKES, {**body, "closes_at": "2026-07-01T00:00:00"})
    assert (naive.status, naive.pointers) == (422, [("/closes_at", "offset_required")])
    assert Intake.objects.count() == 1


def test_an_intake_that_somebody_applied_for_stays() -> None:
    school = School()
    school.application()
    refused = school.ruth.delete(f"{INTAKES}{school.intake.pk}/")
    assert (refused.status, refused.code, refused.json["counts"]) == (409, "PROTECTED_DELETE", {"application": 1})
    empty = make.intake(school.batch)
    assert school.ruth.delete(f"{INTAKES}{empty.pk}/").status == 204


def test_a_coordinator_sees_the_intakes_and_applications_of_own_programs_alone() -> None:
    school = School()
    own, other = school.application(), make.application()
    assert [each["id"] for each in school.carl.get(APPLICATIONS).json["results"]] == [own.pk]
    assert school.carl.get(f"{APPLICATIONS}{other.pk}/").status == 404
    assert school.carl.get(f"{INTAKES}{other.intake_id}/").status == 404
    assert approve(school.carl, other).status == 404
    assert Client(directory.member("Fay", "finance")).get(APPLICATIONS).status == 403


# --- the queue ----------------------------------------------------------------------------------------------------


def test_the_queue_masks_numbers_and_addresses_and_leaves_drafts_out() -> None:
    school = School()
    school.application(mobile="+923001234567", email="amina@example.edu")
    make.application(intake=school.intake, status="draft", number=None, submitted_at=None)
    listed = school.ruth.get(APPLICATIONS).json
    assert (listed["count"], listed["results"][0]["mobile"], listed["results"][0]["email"]) == (
        1, "+923•••••••67", "a•••@example.edu",
    )  # fmt: skip
    assert school.ruth.get(f"{APPLICATIONS}?status=DRAFT").json["count"] == 1
    assert b"1234567" not in school.ruth.get(f"{APPLICATIONS}export/").body


def test_staff_correct_what_is_not_decided_and_write_notes_always() -> None:
    school = School()
    application = school.application()
    url = f"{APPLICATIONS}{application.pk}/"
    clerk = Client(directory.member("Olga", "office_assistant"))
    assert clerk.patch(url, {"mobile": "0300-7654321"}).status == 428
    mended = clerk.patch(url, {"mobile": "0300-7654321"}, version=1)
    assert (mended.status, mended.json["mobile"]) == (200, "+923007654321")
    refused = clerk.patch(url, {"mobile": "12", "date_of_birth": "2030-01-01", "cnic_or_bform": "1"}, version=2)
    assert sorted(refused.pointers) == [
        ("/cnic_or_bform", "bad_number"), ("/date_of_birth", "out_of_range"), ("/mobile", "bad_phone"),
    ]  # fmt: skip
    assert school.ruth.post(f"{url}moves/reject/", {"reason": "Merit was too low."}).status == 200
    for late in (school.ruth.upload(f"{url}papers/domicile/", "x.pdf", PDF), school.ruth.delete(f"{url}papers/photo/")):
        assert (late.status, late.code) == (409, "wrong_status")
    late = clerk.patch(url, {"full_name": "Somebody Else"}, version=3)
    assert (late.status, late.code) == (409, "wrong_status")
    assert clerk.patch(url, {"staff_notes": "Called back."}, version=3).status == 200


def test_another_address_voids_the_link_and_is_not_the_one_of_another_draft() -> None:
    school = School()
    draft = {"status": "draft", "number": None, "submitted_at": None}
    school.application(**draft, email="noor@example.org")
    application = school.application(
        **draft, email="amina@example.edu", token_hash=queries.digest("the-link"), email_verified_at=clock.now(),
        token_expires_at="2026-04-01T00:00:00Z",
    )  # fmt: skip
    url, way = f"{APPLICATIONS}{application.pk}/", "/api/v1/academics/apply/the-link/"
    refused = school.ruth.patch(url, {"email": "Noor@example.org"}, version=1)
    assert (refused.status, refused.code, Client().get(way).status) == (409, "draft_exists", 200)
    assert school.ruth.patch(url, {"email": "amina.yusuf@example.edu"}, version=1).status == 200
    application.refresh_from_db()
    assert (application.email, application.email_verified_at, Client().get(way).status) == (
        "amina.yusuf@example.edu", None, 404,
    )  # fmt: skip


def test_what_grows_too_long_in_its_one_shape_is_refused_by_name() -> None:
    school = School()
    application = school.application()
    refused = school.ruth.patch(f"{APPLICATIONS}{application.pk}/", {"mdcat_roll_number": "\ufdfa" * 9}, version=1)
    assert (refused.status, refused.pointers) == (422, [("/mdcat_roll_number", "too_long")])


def test_an_application_from_paper_is_entered_filled_and_handed_in() -> None:
    school = School()
    clerk = Client(directory.member("Olga", "office_assistant"))
    made = clerk.post(APPLICATIONS, {"intake": school.intake.pk, "email": "Noor@Example.org", "full_name": "Noor"})
    assert (made.status, made.json["status"], made.json["batch_year"]) == (201, "draft", 2029)
    url = f"{APPLICATIONS}{made.json['id']}/"
    refused = clerk.post(f"{url}moves/submit/")
    assert (refused.status, refused.missing) == (409, ["application_incomplete"])
    assert "father_name" in refused.json["missing"][0]["where"]["fields"]
    assert clerk.patch(url, make.filled(), version=1).status == 200
    handed_in = clerk.post(f"{url}moves/submit/").json
    assert (handed_in["status"], handed_in["number"]) == ("pending", "STU-20260301-0001")
    again = clerk.post(APPLICATIONS, {"intake": school.intake.pk, "email": "noor@example.org"})
    assert again.status == 201
    twice = clerk.post(APPLICATIONS, {"intake": school.intake.pk, "email": "noor@example.org"})
    assert (twice.status, twice.code) == (409, "draft_exists")


def test_papers_are_judged_by_their_content() -> None:
    school = School()
    url = f"{APPLICATIONS}{school.application().pk}/"
    refused = school.ruth.upload(f"{url}papers/domicile/", "x.pdf", b"<html>")
    assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
    assert school.ruth.upload(f"{url}papers/photo/", "x.png", PDF).status == 422
    assert school.ruth.upload(f"{url}papers/photo/", "x.png", png() + b"x" * 2**20).status == 413
    assert school.ruth.upload(f"{url}papers/castle/", "x.pdf", PDF).status == 404
    assert school.ruth.get(url).json["papers"] == []
    assert school.ruth.upload(f"{url}papers/photo/", "x.png", png()).status == 204
    assert school.ruth.upload(f"{url}papers/domicile/", "x.pdf", PDF).status == 204
    shown = school.ruth.get(url).json["papers"]
    assert [(each["kind"], each["content_type"]) for each in shown] == [
        ("photo", "image/png"), ("domicile", "application/pdf"),
    ]  # fmt: skip
    seen = school.ruth.get(f"{url}papers/domicile/")
    assert (seen.body, seen.headers["Content-Disposition"]) == (PDF, 'attachment; filename="domicile.pdf"')
    assert school.ruth.upload(f"{url}papers/photo/", "y.png", png()).status == 204
    assert (files.purge(), StoredFile.objects.count()) == (1, 2)
    assert school.ruth.delete(f"{url}papers/photo/").status == 204
    assert files.purge() == 1
    assert [each["kind"] for each in school.ruth.get(url).json["papers"]] == ["domicile"]
    assert (Application.objects.get().photo_id, StoredFile.objects.count()) == (None, 1)
    assert school.ruth.delete(f"{url}papers/domicile/").status == 204
    assert school.ruth.get(f"{url}papers/domicile/").status == 404


def test_the_summary_is_a_document() -> None:
    school = School()
    made = school.ruth.get(f"{APPLICATIONS}{school.application().pk}/pdf/")
    assert (made.status, made.body[:5], made.headers["Content-Type"]) == (200, b"%PDF-", "application/pdf")


# --- duplicates (A14) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cnic_or_bform", "3520212345671"),
        ("mobile", "+923001234567"),
        ("email", "amina@example.edu"),
        ("mdcat_roll_number", "MD1234"),
    ],
)
def test_an_application_that_shares_one_thing_resembles_the_other(field: str, value: str) -> None:
    school = School()
    first = school.application(**{field: value})
    second = school.application(**{field: value})
    shown = school.ruth.get(f"{APPLICATIONS}{second.pk}/").json["duplicates"]
    assert [(each["kind"], each["id"], each["shared"]) for each in shown] == [("application", first.pk, [field])]
    assert school.ruth.post(f"{APPLICATIONS}{first.pk}/moves/reject/", {"reason": "Handed in twice."}).status == 200
    assert school.ruth.get(f"{APPLICATIONS}{second.pk}/").json["duplicates"] == []


def test_applications_of_another_intake_or_withdrawn_resemble_none() -> None:
    school = School()
    shared = {"mobile": "+923001234567"}
    make.application(intake=make.intake(school.batch), **shared)
    school.application(**shared, status="withdrawn")
    mine = school.application(**shared)
    assert school.ruth.get(f"{APPLICATIONS}{mine.pk}/").json["duplicates"] == []


def test_a_student_who_came_by_another_intake_is_found_by_the_roll_number_of_the_entrance_test() -> None:
    school = School()
    there = make.student(school.group)
    shared = {"mdcat_roll_number": "MD1234", "mobile": "+923001234567"}
    decided = {"decided_at": clock.now(), "decided_by": "Ruth"}
    make.application(intake=make.intake(school.batch), **shared, status="approved", student=there, **decided)
    mine = school.application(**shared)
    shown = school.ruth.get(f"{APPLICATIONS}{mine.pk}/").json["duplicates"]
    assert [(each["kind"], each["shared"]) for each in shown] == [("student", ["mdcat_roll_number"])]


def test_the_queue_is_searched_by_digits_however_a_number_is_written() -> None:
    school = School()
    one = school.application(mobile="+923001234567", cnic_or_bform="3520212345671")
    school.application(mobile="+923007654321", cnic_or_bform="3520276543211")
    for text in ("0300-1234567", "35202-1234567-1", "1234567"):
        assert [each["id"] for each in school.ruth.get(f"{APPLICATIONS}?search={text}").json["results"]] == [one.pk], (
            text
        )
    assert school.ruth.get(f"{APPLICATIONS}?search=567").json["count"] == 0


def test_students_and_people_of_the_same_identity_are_found() -> None:
    school = School()
    by_phone = make.student(school.group, phone="+923001234567")
    by_paper = make.student(school.group)
    directory.identity_document(by_paper.person, kind="cnic", number="3520212345671")
    staff = directory.person("Dr Khan", national_id="3520212345671")
    other = directory.person("Nobody")
    other.contacts.create(kind="phone", value="+923001234567")
    mine = school.application(mobile="+923001234567", cnic_or_bform="3520212345671")
    shown = school.ruth.get(f"{APPLICATIONS}{mine.pk}/").json["duplicates"]
    assert [(each["kind"], each["id"], each["shared"]) for each in shown] == [
        ("student", by_phone.pk, ["mobile"]),
        ("student", by_paper.pk, ["cnic_or_bform"]),
        ("person", staff.pk, ["cnic_or_bform"]),
    ]


def test_one_that_resembles_another_goes_to_review_when_it_is_handed_in() -> None:
    school = School()
    school.application(cnic_or_bform="3520212345671")
    draft = school.application(status="draft", number=None, submitted_at=None, cnic_or_bform="3520212345671")
    handed_in = school.ruth.post(f"{APPLICATIONS}{draft.pk}/moves/submit/").json
    assert (handed_in["status"], len(handed_in["duplicates"])) == ("needs_review", 1)


# --- decisions (A13) ----------------------------------------------------------------------------------------------


def test_approval_makes_a_student_with_everything_that_is_known() -> None:
    school = School()
    application = school.application(
        full_name="Amina Yusuf", email="amina@example.edu", mobile="+923001234567", cnic_or_bform="3520212345671"
    )
    school.ruth.upload(f"{APPLICATIONS}{application.pk}/papers/cnic_front/", "x.pdf", PDF)
    admitted = approve(school.carl, application)
    assert (admitted.status, admitted.json["status"], admitted.json["decided_by"]) == (200, "approved", "Carl")
    student = Student.objects.get(pk=admitted.json["student"])
    assert (student.reg_no, student.group_id, student.status) == ("MBBS290001", school.group.pk, "active")
    assert (student.enrollment_year, student.expected_graduation_year) == (2024, 2029)
    person = student.person
    assert (person.name, person.national_id, person.proposed_username) == ("Amina Yusuf", "3520212345671", "amina.b29")
    contacts = set(person.contacts.values_list("kind", "value"))
    assert contacts == {
        ("email", "amina@example.edu"), ("phone", "+923001234567"),
        ("emergency_contact", application.guardian_phone_whatsapp),
    }  # fmt: skip
    (document,) = of_person(school.ruth, "identity-documents", person)
    assert (document["number"], document["status"]) == ("35202-1234567-1", "unverified")
    assert school.ruth.get(document["file"]).body == PDF
    assert person.addresses.get().street == "12 Mall Road, Lahore"
    assert Placement.objects.get(student=student).to_date is None
    assert [each["email"] for each in of_person(school.ruth, "invitations", person)] == ["amina@example.edu"]
    kinds = ["student.created", "application.approved", "invitation.sent", "identity_document.created"]
    assert all(JournalLine.objects.filter(kind=kind).count() == 1 for kind in kinds)


def test_numbers_go_on_from_those_that_students_have() -> None:
    school = School()
    make.student(school.group, reg_no="mbbs290002")
    numbers = [approve(school.ruth, school.application()).json["student"] for _ in range(2)]
    assert [Student.objects.get(pk=pk).reg_no for pk in numbers] == ["MBBS290001", "MBBS290003"]


def test_an_incomplete_application_without_place_or_seat_says_all_that_is_missing() -> None:
    school = School()
    Intake.objects.filter(pk=school.intake.pk).update(seats=1)
    assert approve(school.ruth, school.application()).status == 200
    make.group(school.batch)
    application = school.application(address="", mobile="+923001234567")
    school.application(mobile="+923001234567")
    refused = approve(school.ruth, application)
    assert (refused.status, refused.missing) == (
        409, ["application_incomplete", "placement_missing", "no_seats_left", "open_duplicate"],
    )  # fmt: skip
    application.refresh_from_db()
    assert (application.status, Student.objects.count()) == ("pending", 1)


def test_a_duplicate_is_passed_over_with_a_reason_alone() -> None:
    school = School()
    school.application(mobile="+923001234567")
    application = school.application(mobile="+923001234567")
    refused = approve(school.ruth, application, override=True)
    assert (refused.status, refused.code) == (422, "REASON_REQUIRED")
    admitted = approve(school.ruth, application, override=True, reason="Brothers share one phone.")
    assert (admitted.status, admitted.json["decision_reason"]) == (200, "Brothers share one phone.")


def test_the_reviewer_takes_the_applicant_for_a_person_known_already() -> None:
    school = School()
    staff = directory.person("Dr Khan", national_id="3520212345671")
    application = school.application(cnic_or_bform="3520212345671")
    assert approve(school.ruth, application).missing == ["open_duplicate"]
    taken = approve(school.ruth, application, override=True, reason="Somebody else, I am sure.")
    assert (taken.status, taken.code) == (409, "national_id_taken")
    people = school.ruth.get(PERSONS).json["count"]
    admitted = approve(school.ruth, application, person=staff.pk)
    assert Student.objects.get(pk=admitted.json["student"]).person_id == staff.pk
    assert school.ruth.get(PERSONS).json["count"] == people


def test_nobody_is_taken_for_somebody_whom_they_do_not_resemble() -> None:
    school = School()
    application, khan = school.application(), directory.person("Dr Khan")
    refused = approve(school.ruth, application, person=khan.pk)
    assert (refused.status, refused.pointers) == (422, [("/person", "not_a_duplicate")])
    assert of_person(school.ruth, "invitations", khan) == []
    application.refresh_from_db()
    assert (application.status, Student.objects.count()) == ("pending", 0)


def test_of_a_person_known_already_what_is_missing_is_added_and_the_rest_stays() -> None:
    school = School()
    khan = directory.person("Dr Khan", national_id="3520212345671")
    khan.contacts.create(kind="email", value="khan@example.edu", is_primary=True)
    khan.contacts.create(kind="phone", value="+923001234567", is_primary=True)
    khan.addresses.create(kind="mailing", street="1 Canal Road", country="PK", is_primary=True)
    application = school.application(
        cnic_or_bform="3520212345671", mobile="+923001234567", email="amina@example.edu", email_verified_at=clock.now()
    )
    assert approve(school.ruth, application, person=khan.pk).status == 200
    kept = set(khan.contacts.values_list("kind", "value", "is_primary", "is_verified"))
    assert kept == {
        ("email", "khan@example.edu", True, False), ("email", "amina@example.edu", False, True),
        ("phone", "+923001234567", True, False),
        ("emergency_contact", application.guardian_phone_whatsapp, True, False),
    }  # fmt: skip
    assert khan.addresses.get().street == "1 Canal Road"
    (document,) = of_person(school.ruth, "identity-documents", khan)
    assert document["number"] == "35202-1234567-1"
    told = school.ruth.get(f"{PERSONS}{khan.pk}/timeline/").json["results"]
    assert [each["kind"] for each in told if each["kind"].startswith("contact.")] == [
        "contact.verified", "contact.created", "contact.created",
    ]  # fmt: skip


def test_somebody_who_holds_the_role_already_is_admitted() -> None:
    school = School()
    khan = directory.member("Dr Khan", "student", national_id="3520212345671")
    application = school.application(cnic_or_bform="3520212345671")
    admitted = approve(school.ruth, application, person=khan.pk)
    assert (admitted.status, Student.objects.get().person_id) == (200, khan.pk)
    assert of_person(school.ruth, "invitations", khan) == []
    amina = directory.person("Amina", national_id="3520212345672")
    directory.membership(amina, "student", to_date=date(2026, 3, 31))
    refused = approve(school.ruth, school.application(cnic_or_bform="3520212345672"), person=amina.pk)
    assert (refused.status, refused.code, Student.objects.count()) == (409, "overlap", 1)


def test_a_number_too_long_to_keep_is_made_for_nobody() -> None:
    school = School()
    directory.setting("academics.reg_no_pattern", "x" * 32 + "{seq}")
    application = school.application()
    refused = approve(school.ruth, application)
    assert (refused.status, refused.code, Student.objects.count()) == (409, "reg_no_too_long", 0)


def test_a_student_is_not_made_a_student_again() -> None:
    school = School()
    student = make.student(school.group, phone="+923001234567")
    application = school.application(mobile="+923001234567")
    refused = approve(school.ruth, application, person=student.person_id)
    assert (refused.status, refused.code) == (409, "already_student")
    application.refresh_from_db()
    assert (application.status, Student.objects.count()) == ("pending", 1)


def test_a_group_of_another_batch_is_no_place() -> None:
    school = School()
    refused = approve(school.ruth, school.application(), group=make.group().pk)
    assert (refused.status, refused.pointers) == (422, [("/group", "group_not_in_batch")])


def test_a_decision_is_taken_once_and_by_those_who_may() -> None:
    school = School()
    application = school.application()
    clerk = Client(directory.member("Olga", "office_assistant"))
    assert approve(clerk, application).status == 403
    assert clerk.post(f"{APPLICATIONS}{application.pk}/moves/review/").json["status"] == "needs_review"
    assert approve(school.ruth, application).status == 200
    again = approve(school.ruth, application)
    assert (again.status, again.missing) == (409, ["wrong_status"])
    rejected = school.ruth.post(f"{APPLICATIONS}{application.pk}/moves/reject/", {"reason": "Changed our mind."})
    assert (rejected.status, rejected.missing) == (409, ["wrong_status"])
    assert Student.objects.count() == 1


def test_moves_tell_the_screen_what_the_server_does() -> None:
    school = School()
    application = school.application(address="")
    shown = school.ruth.get(f"{APPLICATIONS}{application.pk}/").json["moves"]
    told = {each["name"]: [what["code"] for what in each["missing"]] for each in shown}
    assert told == {
        "submit": ["wrong_status"], "review": [], "approve": ["application_incomplete"], "reject": [],
    }  # fmt: skip
