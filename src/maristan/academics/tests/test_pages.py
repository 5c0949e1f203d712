"""What pages of academics show besides the record itself: files, whom to invite, and what the search box finds."""

import pytest

from maristan.academics.queries import courses, structure
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
ACADEMICS = "/api/v1/academics/"
STUDENTS = f"{ACADEMICS}students/"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def test_every_list_of_a_student_and_of_a_period_leaves_as_a_file(alice: Client) -> None:
    student, section = make.student(reg_no="R-77"), make.section()
    alice.post(f"{ACADEMICS}enrollments/", {"student": student.pk, "section": section.pk})
    url = f"{STUDENTS}{student.pk}/"
    period = make.period(batch=student.batch)
    expected = {
        f"{url}placements/export/": student.group.name,
        f"{url}timeline/export/": "enrolment.created",
        f"{url}enrollments/export/": section.course.code,
        f"{ACADEMICS}academic-periods/{period.pk}/students/export/": "R-77",
        "/api/students/export/": "R-77",
    }
    for path, text in expected.items():
        file = alice.get(path)
        assert (file.status, text.encode() in file.body) == (200, True), path
    zara = Client(directory.member("Zara", "student"))
    for path in list(expected)[:3]:
        assert zara.get(path).status == 404, path


def test_students_without_an_account_are_found(alice: Client) -> None:
    sara, omar = make.student_with_account("Sara"), make.student(name="Omar")
    shown = {each["id"]: each["has_account"] for each in alice.get(STUDENTS).json["results"]}
    assert shown == {sara.pk: True, omar.pk: False}
    assert [each["id"] for each in alice.get(f"{STUDENTS}?has_account=false").json["results"]] == [omar.pk]
    khan = directory.member("Khan", "faculty")
    section = make.section(faculty=khan)
    make.enrollment(omar, section)
    teacher = Client(khan)
    assert [each["has_account"] for each in teacher.get(STUDENTS).json["results"]] == [None]
    assert teacher.get(f"{STUDENTS}?has_account=false").json["count"] == 0


def test_those_whom_a_file_entered_are_found(alice: Client) -> None:
    group = make.group()
    there = make.student(group, reg_no="OLD-1")
    places = f"{group.batch.program.name},{group.batch.name},{group.name},active"
    lines = [f" new-1 ,Sara,{places}", f"OLD-1,Omar,{places}"]
    header = "reg_no,name,program_name,batch_name,group_name,status"
    url = f"{STUDENTS}imports/"
    run = alice.upload(url, "s.csv", "\n".join([header, *lines]).encode()).json["id"]
    run_jobs()
    assert alice.get(f"{STUDENTS}?import_run={run}").json["count"] == 0
    assert alice.post(f"{url}{run}/commit/", {"confirm": True}).status == 200
    run_jobs()
    found = alice.get(f"{STUDENTS}?import_run={run}&has_account=false").json["results"]
    assert [each["reg_no"] for each in found] == ["new-1"]
    bob = Client(directory.member("Bob", "registrar"))
    assert bob.get(f"{STUDENTS}?import_run={run}").json["count"] == 0
    assert there.reg_no == "OLD-1"


def test_the_search_box_finds_courses_sections_and_batches_but_no_draft() -> None:
    directory.institution()
    hidden = make.batch(make.program("Secret", status="draft"), "Class of 2031")
    batch = make.batch(make.program("MBBS"), "Class of 2031")
    course = make.course("PATH101", name="Pathology")
    section = make.section(course, name="S1")
    registrar, student = directory.acting_as("registrar"), directory.acting_as("student")
    assert {hit.url for hit in structure.find_batches(registrar, "2031", 8)} == {
        f"/academics/batches/{batch.pk}", f"/academics/batches/{hidden.pk}"
    }  # fmt: skip
    assert [hit.url for hit in structure.find_batches(student, "2031", 8)] == [f"/academics/batches/{batch.pk}"]
    assert [hit.url for hit in courses.find_courses(student, "path", 8)] == [f"/academics/courses/{course.pk}"]
    assert [hit.title for hit in courses.find_sections(student, "S1", 8)] == ["PATH101 S1"]
    nobody = directory.actor(directory.member("Nobody"))
    finders = (structure.find_batches, courses.find_courses, courses.find_sections)
    assert [list(find(nobody, "2031", 8)) for find in finders] == [[], [], []]
    assert section.name == "S1"
