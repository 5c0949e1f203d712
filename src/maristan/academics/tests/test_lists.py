"""Every list: constant queries, an export with the same rows, and pages in order."""

import pytest

from maristan.academics.tests import factories as make
from maristan.academics.tests.counting import asked_by
from maristan.directory.tests import factories as directory
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
BASE = "/api/v1/academics/"
LISTS = (
    "programs",
    "tracks",
    "batches",
    "groups",
    "academic-periods",
    "courses",
    "sections",
    "students",
    "enrollments",
    "intakes",
    "applications",
    "syllabus-items",
    "request-types",
    "requests",
)
OF_PEOPLE = ("identity-documents", "addresses")


def fill(number: int) -> None:
    """So many of everything."""
    department = directory.department(f"D{number}")
    for _ in range(number):
        program = make.program()
        make.track(program)
        group = make.group(make.batch(program))
        course = make.course("", program, department=department)
        section = make.section(course, academic_period=make.period(program), faculty=directory.person(), group=group)
        section.further_teachers.create(person=directory.person())
        student = make.student(group, email=f"s{group.pk}@example.edu", phone=f"+92300{group.pk:07}")
        make.enrollment(student, section)
        make.application(intake=make.intake(group.batch), status="approved", student=student)
        make.syllabus_item(course)
        make.request(student.person, type=make.request_type(), student=student, assigned_to=section.faculty)
        directory.identity_document(student.person, number=f"35202{group.pk:08}")
        directory.address(student.person)


def test_every_list_asks_as_much_for_ten_rows_as_for_two_hundred() -> None:
    directory.institution()
    alice = Client(directory.member("Alice", "registrar"))
    urls = [f"{BASE}{name}/?page_size=200" for name in LISTS] + [f"{BASE}academic-periods/?tree=true"]
    urls += [f"/api/v1/directory/{name}/?page_size=200" for name in OF_PEOPLE]
    fill(10)
    few = {url: asked_by(alice, url) for url in urls}
    fill(190)
    many = {url: asked_by(alice, url) for url in urls}
    assert few == many
    assert {url: number for url, number in many.items() if number > 6} == {}
    assert [alice.get(url).json["count"] for url in urls] == [200] * len(urls)


@pytest.mark.parametrize("role", ["student", "faculty"])
def test_whoever_sees_part_of_the_students_asks_a_constant_number_too(role: str) -> None:
    directory.institution()
    who = directory.member("Somebody", role)
    section, group = make.section(faculty=who, capacity=500), make.group()
    counts = []
    for number in (10, 190):
        for _ in range(number):
            make.enrollment(make.student(group, email=f"{number}.{_}@example.edu"), section)
        counts.append(asked_by(Client(who), f"{BASE}students/?page_size=200"))
    assert counts[0] == counts[1]
    assert counts[1] <= 6


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_exported_with_its_filters(name: str) -> None:
    directory.institution()
    alice = Client(directory.member("Alice", "registrar"))
    fill(3)
    shown = alice.get(f"{BASE}{name}/export/")
    assert (shown.status, len(shown.body.decode("utf-8-sig").splitlines())) == (200, 4)
    assert f'filename="{name.replace("-", "_")}.csv"' in shown.headers["Content-Disposition"]
    none = alice.get(f"{BASE}{name}/export/?search=nothing-of-that-name")
    assert len(none.body.decode("utf-8-sig").splitlines()) == 1
    assert alice.get(f"{BASE}{name}/export/?format=xlsx").body[:2] == b"PK"
    assert Client(directory.member("Nobody")).get(f"{BASE}{name}/export/").status == 403


@pytest.mark.parametrize("name", LISTS)
def test_every_list_refuses_an_ordering_it_does_not_know(name: str) -> None:
    directory.institution()
    alice = Client(directory.member("Alice", "registrar"))
    refused = alice.get(f"{BASE}{name}/?ordering=password")
    assert (refused.status, refused.pointers) == (422, [("?ordering", "bad_ordering")])
    assert alice.get(f"{BASE}{name}/?ordering=-id").status == 200
    assert Client().get(f"{BASE}{name}/").status == 401
