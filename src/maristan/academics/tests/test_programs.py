"""Programs: entering, finalizing, generating periods and laying them out for a batch."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.academics.models import AcademicPeriod, Program, Track
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/programs/"


def kinds() -> list[str]:
    return list(JournalLine.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def test_a_program_begins_as_a_draft_with_the_usual_number_of_periods(alice: Client) -> None:
    made = alice.post(URL, {"name": " Bachelor of  Medicine ", "code": "mbbs"})
    assert made.status == 201
    shown = {key: made.json[key] for key in ("name", "code", "structure_type", "total_periods", "status")}
    assert shown == {
        "name": "Bachelor of Medicine", "code": "MBBS", "structure_type": "yearly", "total_periods": 5,
        "status": "draft",
    }  # fmt: skip
    assert [(move["name"], move["allowed"]) for move in made.json["moves"]] == [("finalize", True), ("retire", False)]
    semesters = alice.post(URL, {"name": "BS", "code": "BS", "structure_type": "SEMESTER"})
    assert (semesters.json["structure_type"], semesters.json["total_periods"]) == ("semester", 10)
    assert kinds() == ["program.created", "program.created"]


def test_a_custom_structure_names_both_numbers(alice: Client) -> None:
    answer = alice.post(URL, {"name": "Diploma", "code": "DIP", "structure_type": "custom"})
    assert answer.status == 422
    assert answer.pointers == [("/period_length_months", "required"), ("/total_periods", "required")]
    assert not Program.objects.exists()


def test_name_and_code_are_taken_whatever_the_case(alice: Client) -> None:
    make.program("Medicine", code="MED")
    assert alice.post(URL, {"name": "MEDICINE", "code": "X"}).code == "name_taken"
    assert alice.post(URL, {"name": "Other", "code": "med"}).code == "code_taken"
    assert Program.objects.count() == 1


def test_charlie_the_teacher_may_look_but_not_write() -> None:
    directory.institution()
    charlie, program = Client(directory.member("Charlie", "faculty")), make.program()
    assert charlie.get(f"{URL}{program.pk}/").status == 200
    refused = [
        charlie.post(URL, {"name": "X", "code": "X"}),
        charlie.patch(f"{URL}{program.pk}/", {"name": "X"}, version=1),
        charlie.delete(f"{URL}{program.pk}/"),
        charlie.post(f"{URL}{program.pk}/moves/retire/"),
        charlie.post(f"{URL}{program.pk}/generate-periods/"),
        charlie.post(f"{URL}{program.pk}/lay-out/", {"batch": 1, "start_date": "2026-01-01"}),
    ]
    assert {(each.status, each.code) for each in refused} == {(403, "not_allowed")}
    assert Program.objects.count() == 1
    assert kinds() == []


def test_a_coordinator_keeps_only_programs_of_the_own_scope() -> None:
    directory.institution()
    own, other = make.program(status="draft"), make.program(status="draft")
    bob = Client(directory.member("Bob", "coordinator", scope=("program", own.pk)))
    assert bob.patch(f"{URL}{own.pk}/", {"description": "Ours"}, version=1).status == 200
    refused = bob.patch(f"{URL}{other.pk}/", {"description": "Theirs"}, version=1)
    assert (refused.status, refused.code) == (404, "not_found")
    unknown = bob.patch(f"{URL}999999999/", {"description": "Nobody's"}, version=1)
    assert refused.json | {"request_id": ""} == unknown.json | {"request_id": ""}
    entered = bob.post(URL, {"name": "Mine", "code": "M"})
    assert (entered.status, entered.code) == (403, "not_allowed")
    finalized = bob.post(f"{URL}{other.pk}/moves/finalize/")
    assert (finalized.status, finalized.code) == (404, "not_found")
    shown = bob.get(f"{URL}{other.pk}/")
    assert (shown.status, shown.json["moves"][0]["missing"][0]["code"]) == (200, "not_permitted")
    other.refresh_from_db()
    assert other.description == ""


def test_a_finalized_structure_is_fixed_in_the_rule_and_in_the_database(alice: Client) -> None:
    program = make.program(status="draft")
    url = f"{URL}{program.pk}/"
    assert alice.post(f"{url}moves/finalize/").json["status"] == "finalized"
    again = alice.post(f"{url}moves/finalize/")
    assert (again.status, again.code, again.missing) == (409, "already_finalized", ["already_finalized"])
    refused = alice.patch(url, {"total_periods": 4}, version=2)
    assert (refused.status, refused.pointers) == (422, [("/total_periods", "structure_fixed")])
    assert alice.patch(url, {"description": "Five years"}, version=2).status == 200
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE academics_program SET total_periods = 4 WHERE id = %s", [program.pk])
    assert kinds() == ["program.finalized", "program.updated"]


def test_a_program_with_an_active_batch_is_not_retired(alice: Client) -> None:
    batch = make.batch()
    url = f"{URL}{batch.program_id}/moves/retire/"
    refused = alice.post(url)
    assert (refused.status, refused.code, refused.missing) == (409, "not_now", ["active_batches"])
    batch.is_active = False
    batch.save()
    assert alice.post(url).json["status"] == "retired"
    late = alice.post(
        "/api/v1/academics/batches/",
        {"program": batch.program_id, "name": "2040", "intake_year": 2035, "graduation_year": 2040},
    )
    assert (late.status, late.code) == (409, "program_retired")


def test_an_unknown_move_is_not_found(alice: Client) -> None:
    assert alice.post(f"{URL}{make.program().pk}/moves/explode/").status == 404


def test_a_program_in_use_is_not_deleted_and_says_by_what(alice: Client) -> None:
    batch = make.batch()
    refused = alice.delete(f"{URL}{batch.program_id}/")
    assert (refused.status, refused.code, refused.json["counts"]) == (409, "PROTECTED_DELETE", {"batch": 1})
    assert alice.delete(f"{URL}{make.program().pk}/").status == 204


def test_generating_twice_creates_five_periods_and_then_none(alice: Client) -> None:
    program = make.program(status="draft")
    url = f"{URL}{program.pk}/generate-periods/"
    early = alice.post(url)
    assert (early.status, early.code) == (409, "not_finalized")
    alice.post(f"{URL}{program.pk}/moves/finalize/")
    assert alice.post(url).json == {"created_count": 5, "existing_count": 0}
    year = AcademicPeriod.objects.get(program=program, name="Year 1")
    block = AcademicPeriod.objects.create(program=program, parent=year, kind="block", name="Block A")
    year.name = "First year"
    year.save()
    assert alice.post(url).json == {"created_count": 0, "existing_count": 5}
    names = list(AcademicPeriod.objects.filter(parent=None).order_by("position").values_list("name", "kind"))
    assert names == [("First year", "year"), *((f"Year {number}", "year") for number in range(2, 6))]
    assert AcademicPeriod.objects.filter(pk=block.pk, name="Block A").exists()
    assert kinds().count("period.generated") == 1


def test_custom_months_are_counted_from_the_first_day(alice: Client) -> None:
    program = make.program(structure_type="custom", period_length_months=1, total_periods=3)
    batch = make.batch(program)
    alice.post(f"{URL}{program.pk}/generate-periods/")
    body = {"batch": batch.pk, "start_date": "2026-01-31"}
    shown = alice.post(f"{URL}{program.pk}/lay-out/", {**body, "preview": True}).json
    assert (shown["created_count"], shown["is_preview"], AcademicPeriod.objects.filter(batch=batch).count()) == (
        3,
        True,
        0,
    )
    assert [each["end_date"] for each in shown["periods"]] == ["2026-02-27", "2026-03-30", "2026-04-29"]
    done = alice.post(f"{URL}{program.pk}/lay-out/", body).json
    assert (done["created_count"], done["existing_count"]) == (3, 0)
    ends = list(AcademicPeriod.objects.filter(batch=batch).order_by("position").values_list("end_date", flat=True))
    assert ends == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29)]
    again = alice.post(f"{URL}{program.pk}/lay-out/", body).json
    assert (again["created_count"], again["existing_count"]) == (0, 3)


def test_children_are_laid_out_below_their_parents_and_only_what_is_missing(alice: Client) -> None:
    program = make.program(total_periods=1)
    batch, track = make.batch(program), make.track(program)
    alice.post(f"{URL}{program.pk}/generate-periods/")
    year = AcademicPeriod.objects.get(program=program)
    body = {"batch": batch.pk, "start_date": "2026-02-02"}
    alice.post(f"{URL}{program.pk}/lay-out/", body)
    AcademicPeriod.objects.create(
        program=program, parent=year, kind="block", name="Block A", offset_days=7, length_days=14, track=track
    )
    AcademicPeriod.objects.create(program=program, parent=year, kind="block", name="Some time", position=9)
    assert [alice.post(f"{URL}{program.pk}/lay-out/", body).json["created_count"] for _ in range(2)] == [2, 0]
    undated = AcademicPeriod.objects.get(batch=batch, name="Some time")
    assert (undated.start_date, undated.end_date) == (None, None)
    block = AcademicPeriod.objects.get(batch=batch, name="Block A")
    assert (block.start_date, block.end_date, block.track_id) == (date(2026, 2, 9), date(2026, 2, 22), track.pk)
    assert (block.parent.name, block.parent.batch_id, block.status) == ("Year 1", batch.pk, "planned")


def test_a_template_child_that_outlasts_its_parent_is_named_and_nothing_is_written(alice: Client) -> None:
    program = make.program(total_periods=1)
    batch = make.batch(program)
    alice.post(f"{URL}{program.pk}/generate-periods/")
    year = AcademicPeriod.objects.get(program=program)
    block = AcademicPeriod.objects.create(
        program=program, parent=year, kind="block", name="Block A", offset_days=360, length_days=30
    )
    refused = alice.post(f"{URL}{program.pk}/lay-out/", {"batch": batch.pk, "start_date": "2026-01-01"})
    assert (refused.status, refused.pointers) == (422, [(f"/template/{block.pk}", "outside_parent")])
    assert not AcademicPeriod.objects.filter(batch=batch).exists()


def test_a_batch_of_another_program_is_unknown_to_the_lay_out(alice: Client) -> None:
    refused = alice.post(f"{URL}{make.program().pk}/lay-out/", {"batch": make.batch().pk, "start_date": "2026-01-01"})
    assert (refused.status, refused.pointers) == (422, [("/batch", "unknown_reference")])


def test_tracks_are_entered_renamed_and_deleted(alice: Client) -> None:
    program = make.program()
    made = alice.post("/api/v1/academics/tracks/", {"program": program.pk, "name": "Clinical"})
    assert (made.status, made.json["program"]) == (201, program.pk)
    url = f"/api/v1/academics/tracks/{made.json['id']}/"
    taken = alice.post("/api/v1/academics/tracks/", {"program": program.pk, "name": "clinical"})
    assert (taken.status, taken.code) == (409, "name_taken")
    assert alice.patch(url, {"name": "Wards"}, version=1).json["name"] == "Wards"
    assert alice.delete(url).status == 204
    assert not Track.objects.exists()
    assert kinds() == ["track.created", "track.updated", "track.deleted"]


def test_a_student_sees_no_draft_but_the_own_program() -> None:
    directory.institution()
    finalized, draft, own = make.program("A"), make.program("B", status="draft"), make.program("C", status="draft")
    sara = Client(make.student_with_account("Sara", make.group(make.batch(own))).person)
    assert [each["id"] for each in sara.get(URL).json["results"]] == [finalized.pk, own.pk]
    assert sara.get(f"{URL}{draft.pk}/").status == 404


def test_zara_of_another_institution_finds_nothing() -> None:
    directory.institution("fmu")
    program, track = make.program(), make.track()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert zara.get(URL).json["count"] == 0
    for path in (f"programs/{program.pk}/", f"tracks/{track.pk}/"):
        assert zara.get(f"/api/v1/academics/{path}").status == 404
        assert zara.patch(f"/api/v1/academics/{path}", {"name": "X"}, version=1).status == 404
        assert zara.delete(f"/api/v1/academics/{path}").status == 404
    assert zara.post(f"{URL}{program.pk}/moves/retire/").status == 404
    assert zara.post(f"{URL}{program.pk}/generate-periods/").status == 404
