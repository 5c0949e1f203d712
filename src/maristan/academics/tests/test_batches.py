"""Batches and groups, and the yearly promotion."""

import pytest

from maristan.academics.models import Batch, Group, Student
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/batches/"
GROUPS = "/api/v1/academics/groups/"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def body(program: int, **values: object) -> dict[str, object]:
    return {"program": program, "name": "2031 Batch", "intake_year": 2026, "graduation_year": 2031, **values}


def test_a_batch_has_a_short_code_of_its_graduation(alice: Client) -> None:
    made = alice.post(URL, body(make.program().pk))
    assert (made.status, made.json["code"], made.json["is_active"]) == (201, "b31", True)
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["batch.created"]


@pytest.mark.parametrize("graduation", [2026, 2025, 2039])
def test_graduation_is_one_to_twelve_years_after_intake(alice: Client, graduation: int) -> None:
    refused = alice.post(URL, body(make.program().pk, graduation_year=graduation))
    assert (refused.status, refused.pointers) == (422, [("/graduation_year", "out_of_range")])
    assert not Batch.objects.exists()


def test_a_name_is_taken_within_its_program_only(alice: Client) -> None:
    there = make.batch(name="2031 Batch")
    taken = alice.post(URL, body(there.program_id, name="2031 BATCH"))
    assert (taken.status, taken.code) == (409, "name_taken")
    assert alice.post(URL, body(make.program().pk)).status == 201


def test_a_change_of_years_is_checked_as_a_whole(alice: Client) -> None:
    batch = make.batch()
    refused = alice.patch(f"{URL}{batch.pk}/", {"intake_year": 2031}, version=1)
    assert (refused.status, refused.code) == (422, "out_of_range")
    moved = alice.patch(f"{URL}{batch.pk}/", {"intake_year": 2027, "graduation_year": 2032}, version=1)
    assert (moved.status, moved.json["code"], moved.headers["ETag"]) == (200, "b32", '"2"')
    assert alice.patch(f"{URL}{batch.pk}/", {"program": 1}, version=2).status == 422


def test_a_coordinator_enters_batches_of_the_own_program_only() -> None:
    directory.institution()
    own, other = make.program(), make.program()
    bob = Client(directory.member("Bob", "coordinator", scope=("program", own.pk)))
    assert bob.post(URL, body(own.pk)).status == 201
    refused = bob.post(URL, body(other.pk))
    assert (refused.status, refused.pointers) == (422, [("/program", "unknown_reference")])
    assert Batch.objects.count() == 1


def test_an_unknown_program_is_named(alice: Client) -> None:
    refused = alice.post(URL, body(10**9))
    assert (refused.status, refused.pointers) == (422, [("/program", "unknown_reference")])


def test_promotion_raises_active_students_once(alice: Client) -> None:
    group = make.group()
    sara, omar = make.student(group), make.student(group, current_year=2)
    for status in ("on_leave", "suspended", "inactive", "graduated"):
        make.student(group, status=status)
    outside = make.student()
    url = f"{URL}{group.batch_id}/promote/"
    assert alice.post(url, {"to_year": 2}).json == {"promoted_count": 1, "unchanged_count": 5}
    assert alice.post(url, {"to_year": 2}).json == {"promoted_count": 0, "unchanged_count": 6}
    sara.refresh_from_db()
    assert (sara.current_year, sara.version) == (2, 2)
    assert Student.objects.filter(pk__in=[omar.pk, outside.pk], version=1).count() == 2
    lines = JournalLine.objects.filter(kind="student.promoted")
    assert [(line.subject_id, line.changes["current_year"]) for line in lines] == [(str(sara.pk), [1, 2])]


def test_who_was_set_back_is_not_raised_by_pressing_again(alice: Client) -> None:
    sara = make.student()
    url = f"{URL}{sara.batch_id}/promote/"
    alice.post(url, {"to_year": 2})
    assert alice.patch(f"/api/v1/academics/students/{sara.pk}/", {"current_year": 1}, version=2).status == 200
    assert alice.post(url, {"to_year": 2}).json == {"promoted_count": 0, "unchanged_count": 1}
    other = make.student(make.group(make.batch(sara.program)))
    assert alice.post(f"{URL}{other.batch_id}/promote/", {"to_year": 2}).json["promoted_count"] == 1
    assert alice.post(url, {"to_year": 3}).json["promoted_count"] == 1


def test_promotion_is_for_those_who_keep_the_batch() -> None:
    directory.institution()
    student = make.student()
    charlie = Client(directory.member("Charlie", "office_assistant"))
    refused = charlie.post(f"{URL}{student.batch_id}/promote/", {"to_year": 2})
    assert (refused.status, refused.code) == (403, "not_allowed")
    student.refresh_from_db()
    assert student.current_year == 1


def test_groups_stand_in_order_and_names_are_taken_within_the_batch(alice: Client) -> None:
    batch = make.batch()
    first = alice.post(GROUPS, {"batch": batch.pk, "name": "A", "capacity": 30})
    second = alice.post(GROUPS, {"batch": batch.pk, "name": "B"})
    assert [(each.status, each.json["position"]) for each in (first, second)] == [(201, 1), (201, 2)]
    taken = alice.post(GROUPS, {"batch": batch.pk, "name": "a"})
    assert (taken.status, taken.code) == (409, "name_taken")
    shown = alice.get(f"{GROUPS}?batch={batch.pk}").json["results"]
    assert [(each["name"], each["student_count"]) for each in shown] == [("A", 0), ("B", 0)]
    url = f"{GROUPS}{first.json['id']}/"
    assert alice.patch(url, {"capacity": None}, version=1).json["capacity"] is None
    assert alice.delete(url).status == 204
    assert Group.objects.count() == 1


def test_a_group_with_students_is_not_deleted(alice: Client) -> None:
    student = make.student()
    refused = alice.delete(f"{GROUPS}{student.group_id}/")
    assert (refused.status, refused.code, refused.json["counts"]) == (
        409, "PROTECTED_DELETE", {"student": 1, "placement": 1}
    )  # fmt: skip


def test_zara_of_another_institution_finds_nothing() -> None:
    directory.institution("fmu")
    group = make.group()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert zara.get(f"{URL}{group.batch_id}/").status == 404
    assert zara.post(f"{URL}{group.batch_id}/promote/", {"to_year": 2}).status == 404
    assert zara.get(f"{GROUPS}{group.pk}/").status == 404
    refused = zara.post(GROUPS, {"batch": group.batch_id, "name": "X"})
    assert (refused.status, refused.pointers) == (422, [("/batch", "unknown_reference")])
