"""Courses and sections: teachers, seats, closed periods."""

import pytest

from maristan.academics.models import Course, Section
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
COURSES = "/api/v1/academics/courses/"
URL = "/api/v1/academics/sections/"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def test_a_course_belongs_to_programs(alice: Client) -> None:
    department, first, second = directory.department(), make.program("A"), make.program("B")
    body = {"code": "PATH101", "name": "Pathology", "department": department.pk, "programs": [second.pk, first.pk]}
    made = alice.post(COURSES, body)
    assert (made.status, made.json["credits"], made.json["department_name"]) == (201, "3.0", department.name)
    assert [each["name"] for each in made.json["programs"]] == ["A", "B"]
    url = f"{COURSES}{made.json['id']}/"
    moved = alice.patch(url, {"programs": [first.pk], "credits": "4.5"}, version=1)
    assert ([each["name"] for each in moved.json["programs"]], moved.json["credits"]) == (["A"], "4.5")
    line = JournalLine.objects.get(kind="course.updated")
    assert line.changes["programs"] == [sorted([first.pk, second.pk]), [first.pk]]
    assert alice.get(f"{COURSES}?program={second.pk}").json["count"] == 0
    assert alice.patch(url, {"programs": [first.pk]}, version=2).json["version"] == 2


def test_a_course_code_is_taken_whatever_the_case(alice: Client) -> None:
    there = make.course("PATH101")
    refused = alice.post(COURSES, {"code": "path101", "name": "X", "department": there.department_id})
    assert (refused.status, refused.code) == (409, "code_taken")


@pytest.mark.parametrize(("credit", "code"), [("-1", "bad_value"), ("60.5", "bad_value"), ("3.25", "bad_value")])
def test_credits_have_their_range(alice: Client, credit: str, code: str) -> None:
    body = {"code": "X", "name": "X", "department": directory.department().pk, "credits": credit}
    refused = alice.post(COURSES, body)
    assert (refused.status, refused.pointers) == (422, [("/credits", code)])
    assert not Course.objects.exists()


def test_unknown_programs_are_named_by_place(alice: Client) -> None:
    body = {"code": "X", "name": "X", "department": directory.department().pk, "programs": [make.program().pk, 10**9]}
    assert alice.post(COURSES, body).pointers == [("/programs/1", "unknown_reference")]


def test_a_section_names_its_teachers_and_counts_its_seats(alice: Client) -> None:
    course, period = make.course(), make.period()
    khan, omar = directory.member("Khan", "faculty"), directory.member("Omar", "faculty")
    body = {"course": course.pk, "academic_period": period.pk, "name": "S1", "faculty": khan.pk, "teachers": [omar.pk]}
    made = alice.post(URL, body)
    assert (made.status, made.json["capacity"], made.json["enrolled_count"]) == (201, 50, 0)
    assert (made.json["faculty_name"], made.json["teachers"]) == ("Khan", [{"id": omar.pk, "name": "Omar"}])
    make.enrollment(in_section=Section.objects.get())
    assert alice.get(f"{URL}{made.json['id']}/").json["enrolled_count"] == 1
    assert alice.get(f"{URL}?faculty={omar.pk}").json["count"] == 1
    again = alice.post(URL, body)
    assert (again.status, again.code) == (409, "name_taken")


def test_a_group_belongs_to_the_batch_of_the_period(alice: Client) -> None:
    group = make.group()
    period, other = make.period(batch=group.batch), make.group()
    body = {"course": make.course().pk, "academic_period": period.pk, "name": "S1"}
    refused = alice.post(URL, {**body, "group": other.pk})
    assert (refused.status, refused.pointers) == (422, [("/group", "group_not_in_batch")])
    assert alice.post(URL, {**body, "group": group.pk}).json["group_name"] == group.name


def test_a_closed_period_takes_and_changes_no_sections(alice: Client) -> None:
    section = make.section(academic_period=make.period(status="closed"))
    body = {"course": section.course_id, "academic_period": section.academic_period_id, "name": "New"}
    answers = [
        alice.post(URL, body),
        alice.patch(f"{URL}{section.pk}/", {"capacity": 60}, version=1),
        alice.delete(f"{URL}{section.pk}/"),
    ]
    assert {(each.status, each.code) for each in answers} == {(409, "period_closed")}
    section.refresh_from_db()
    assert (Section.objects.count(), section.capacity) == (1, 50)


def test_capacity_is_not_set_below_the_enrolled(alice: Client) -> None:
    section = make.section(capacity=3)
    for _ in range(2):
        make.enrollment(in_section=section)
    make.enrollment(in_section=section, status="dropped")
    refused = alice.patch(f"{URL}{section.pk}/", {"capacity": 1}, version=1)
    assert (refused.status, refused.code, refused.missing) == (
        409, "capacity_below_enrolled", ["capacity_below_enrolled"]
    )  # fmt: skip
    assert alice.patch(f"{URL}{section.pk}/", {"capacity": 2}, version=1).json["capacity"] == 2


def test_availability_has_its_exact_shape(alice: Client) -> None:
    section = make.section(capacity=1)
    url = f"{URL}{section.pk}/availability/"
    assert alice.get(url).json == {
        "section_id": section.pk, "capacity": 1, "enrolled": 0, "available": 1, "is_available": True
    }  # fmt: skip
    make.enrollment(in_section=section)
    assert alice.get(url).json == {
        "section_id": section.pk, "capacity": 1, "enrolled": 1, "available": 0, "is_available": False
    }  # fmt: skip


def test_what_stays_or_is_computed_is_not_patched(alice: Client) -> None:
    url = f"{URL}{make.section().pk}/"
    assert alice.patch(url, {"enrolled_count": 3}, version=1).pointers == [("/enrolled_count", "read_only_field")]
    assert alice.patch(url, {"course": 3}, version=1).pointers == [("/course", "unknown_field")]


def test_teachers_change_with_a_journal_line(alice: Client) -> None:
    section, khan = make.section(), directory.member("Khan", "faculty")
    moved = alice.patch(f"{URL}{section.pk}/", {"teachers": [khan.pk]}, version=1)
    assert (moved.status, moved.json["version"], moved.json["teachers"][0]["name"]) == (200, 2, "Khan")
    assert JournalLine.objects.get().changes["teachers"] == [[], [khan.pk]]


def test_charlie_the_student_looks_and_writes_nothing() -> None:
    directory.institution()
    charlie, section = Client(make.student_with_account("Charlie").person), make.section()
    assert charlie.get(f"{URL}{section.pk}/").status == 200
    refused = [
        charlie.patch(f"{URL}{section.pk}/", {"capacity": 1}, version=1),
        charlie.delete(f"{URL}{section.pk}/"),
        charlie.delete(f"{COURSES}{section.course_id}/"),
        charlie.post(COURSES, {"code": "X", "name": "X", "department": 1}),
    ]
    assert {(each.status, each.code) for each in refused} == {(403, "not_allowed")}


def test_a_coordinator_of_another_program_changes_nothing() -> None:
    directory.institution()
    section = make.section()
    bob = Client(directory.member("Bob", "coordinator", scope=("program", make.program().pk)))
    refused = bob.patch(f"{URL}{section.pk}/", {"capacity": 9}, version=1)
    assert (refused.status, refused.code) == (404, "not_found")
    body = {"course": section.course_id, "academic_period": section.academic_period_id, "name": "B"}
    made = bob.post(URL, body)
    assert (made.status, made.pointers) == (422, [("/academic_period", "unknown_reference")])
    assert bob.delete(f"{URL}{section.pk}/").status == 404
    section.refresh_from_db()
    assert section.capacity == 50


def test_what_is_in_use_is_not_deleted(alice: Client) -> None:
    seat = make.enrollment()
    refused = alice.delete(f"{URL}{seat.section_id}/")
    assert (refused.code, refused.json["counts"]) == ("PROTECTED_DELETE", {"enrollment": 1})
    refused = alice.delete(f"{COURSES}{seat.section.course_id}/")
    assert (refused.code, refused.json["counts"]) == ("PROTECTED_DELETE", {"section": 1})
    empty = make.section()
    assert alice.delete(f"{URL}{empty.pk}/").status == 204
    assert alice.delete(f"{COURSES}{empty.course_id}/").status == 204


def test_zara_of_another_institution_finds_nothing() -> None:
    directory.institution("fmu")
    section = make.section()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    for url in (f"{URL}{section.pk}/", f"{COURSES}{section.course_id}/"):
        assert zara.get(url).status == 404
        assert zara.patch(url, {"name": "X"}, version=1).status == 404
        assert zara.delete(url).status == 404
    assert zara.get(f"{URL}{section.pk}/availability/").status == 404
