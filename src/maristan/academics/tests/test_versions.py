"""Versions: the permission is asked before them, and a stale one is refused by moves and deletes alike."""

import pytest

from maristan.academics.models import Enrollment, Program, Student
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
ACADEMICS = "/api/v1/academics/"
STALE = '"7"'


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def moves() -> dict[str, str]:
    """A move of each kind of object, with the path of the object."""
    seat = make.enrollment()
    return {
        f"programs/{make.program(status='draft').pk}": "finalize",
        f"academic-periods/{make.period().pk}": "close",
        f"students/{seat.student_id}": "graduate",
        f"enrollments/{seat.pk}": "drop",
    }


def test_the_permission_is_asked_before_the_version(alice: Client) -> None:
    finance = Client(directory.member("Omar", "finance"))
    for url, name in moves().items():
        answer = finance.post(f"{ACADEMICS}{url}/moves/{name}/", {}, version=7)
        assert (answer.status, answer.code) == (403, "not_allowed"), url
        stale = alice.post(f"{ACADEMICS}{url}/moves/{name}/", {}, version=7)
        assert (stale.status, stale.code) == (412, "stale_version"), url
    assert JournalLine.objects.count() == 0


def test_the_permission_for_another_program_is_asked_before_the_version(alice: Client) -> None:
    student, elsewhere = make.student(), make.group()
    cora = Client(directory.member("Cora", "coordinator", scope=("program", student.program_id)))
    body = {"batch": elsewhere.batch_id, "group": elsewhere.pk}
    url = f"{ACADEMICS}students/{student.pk}/placement/"
    refused = cora.patch(url, body, version=7)
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert alice.patch(url, body, version=7).code == "stale_version"
    assert Student.objects.get().group_id == student.group_id


def test_a_stale_version_deletes_nothing(alice: Client) -> None:
    rows = {
        "programs": make.program(), "batches": make.batch(), "groups": make.group(), "tracks": make.track(),
        "academic-periods": make.period(), "courses": make.course(), "sections": make.section(),
    }  # fmt: skip
    for noun, row in rows.items():
        url = f"{ACADEMICS}{noun}/{row.pk}/"
        stale = alice.delete(url, If_Match=STALE)
        assert (stale.status, stale.code, alice.get(url).status) == (412, "stale_version", 200), noun
        assert alice.delete(url, If_Match='"1"').status == 204, noun


def test_the_version_is_asked_before_the_state(alice: Client) -> None:
    section = make.section(academic_period=make.period(status="closed"))
    url = f"{ACADEMICS}sections/{section.pk}/"
    assert [(each.status, each.code) for each in (alice.delete(url, If_Match=STALE), alice.delete(url))] == [
        (412, "stale_version"), (409, "period_closed"),
    ]  # fmt: skip


def test_what_was_entered_names_its_version(alice: Client) -> None:
    program, period, course = make.program(), make.period(), make.course()
    batch, department = make.batch(program), directory.department("Anatomy")
    bodies: dict[str, dict[str, object]] = {
        "batches": {"program": program.pk, "name": "B", "intake_year": 2026, "graduation_year": 2031},
        "groups": {"batch": batch.pk, "name": "G"},
        "tracks": {"program": program.pk, "name": "T"},
        "courses": {"code": "ANA101", "name": "Anatomy", "department": department.pk},
        "sections": {"course": course.pk, "academic_period": period.pk, "name": "S"},
    }
    for noun, body in bodies.items():
        made = alice.post(f"{ACADEMICS}{noun}/", body)
        assert (made.status, made.headers["ETag"]) == (201, '"1"'), noun


@pytest.mark.parametrize("day", ["9999-01-01", "2101-01-01"])
def test_a_layout_from_a_day_outside_of_two_centuries_is_refused(alice: Client, day: str) -> None:
    batch = make.batch()
    answer = alice.post(
        f"{ACADEMICS}programs/{batch.program_id}/lay-out/", {"batch": batch.pk, "start_date": day, "preview": True}
    )
    assert (answer.status, answer.pointers) == (422, [("/start_date", "bad_value")])


def test_a_gender_is_taken_in_any_case(alice: Client) -> None:
    group = make.group()
    body = {"reg_no": "R1", "name": "Sara", "batch": group.batch_id, "group": group.pk, "gender": "FEMALE"}
    assert alice.post(f"{ACADEMICS}students/", body).json["gender"] == "female"
    refused = alice.post(f"{ACADEMICS}students/", {**body, "reg_no": "R2", "gender": "none"})
    assert (refused.status, refused.pointers) == (422, [("/gender", "bad_value")])
    assert (Student.objects.count(), Enrollment.objects.count(), Program.objects.count()) == (1, 0, 1)
