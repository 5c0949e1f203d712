"""The syllabus: what an item belongs to, who keeps it, who sees it, and its order."""

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.models import SyllabusItem
from maristan.academics.rules.syllabus import Placed, item_faults, order_faults
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

ITEMS = "/api/v1/academics/syllabus-items/"


class School:
    """A program with a course and a year, a coordinator of it, and a registrar."""

    def __init__(self, code: str = "fmu") -> None:
        directory.institution(code)
        self.program = make.program()
        self.course = make.course("PATH", self.program)
        self.period = make.period(self.program)
        self.carl = Client(directory.member("Carl", "coordinator", scope=("program", self.program.pk)))
        self.ruth = Client(directory.member("Ruth", "registrar"))


@pytest.mark.parametrize(
    ("program", "programs", "codes"),
    [
        (None, None, ["required"]),
        (1, None, []),
        (None, frozenset({1}), []),
        (None, frozenset(), []),
        (1, frozenset({1, 2}), []),
        (1, frozenset(), []),
        (1, frozenset({2}), ["course_not_in_program"]),
    ],
)
def test_an_item_belongs_to_a_period_a_course_or_both(
    program: int | None, programs: frozenset[int] | None, codes: list[str]
) -> None:
    assert [each.code for each in item_faults(Placed(program, programs))] == codes


def test_an_order_names_known_items_once() -> None:
    faults = order_faults([7, 8, 7, 9], {7, 8})
    assert [(each.pointer, each.code) for each in faults] == [
        ("/items/2/id", "duplicate"), ("/items/3/id", "unknown_reference"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_coordinator_enters_items_one_after_the_other() -> None:
    school = School()
    body = {"academic_period": school.period.pk, "course": school.course.pk}
    first = school.carl.post(ITEMS, {**body, "title": "Cell injury", "planned_minutes": 50, "code": "P-1"})
    second = school.carl.post(ITEMS, {**body, "title": "Inflammation"})
    assert [(each.status, each.json["order_no"]) for each in (first, second)] == [(201, 1), (201, 2)]
    assert (first.json["course_code"], first.json["academic_period_name"]) == ("PATH", school.period.name)
    listed = school.carl.get(f"{ITEMS}?course={school.course.pk}").json["results"]
    assert [each["title"] for each in listed] == ["Cell injury", "Inflammation"]
    assert JournalLine.objects.filter(kind="syllabus_item.created").count() == 2


@pytest.mark.django_db
def test_what_an_item_may_not_belong_to_is_refused() -> None:
    school = School()
    elsewhere = make.course("SURG", make.program())
    refused = school.ruth.post(ITEMS, {"title": "Nothing"})
    assert (refused.status, refused.pointers) == (422, [("/academic_period", "required")])
    refused = school.ruth.post(ITEMS, {"title": "Both", "academic_period": school.period.pk, "course": elsewhere.pk})
    assert (refused.status, refused.pointers) == (422, [("/course", "course_not_in_program")])
    refused = school.carl.post(ITEMS, {"title": "Theirs", "course": elsewhere.pk})
    assert (refused.status, refused.pointers) == (422, [("/course", "unknown_reference")])
    refused = school.carl.post(ITEMS, {"title": "x" * 256, "course": school.course.pk, "planned_minutes": 0})
    assert sorted(refused.pointers) == [("/planned_minutes", "bad_value"), ("/title", "too_long")]
    assert not SyllabusItem.objects.exists()


@pytest.mark.django_db
def test_an_item_is_changed_by_who_has_seen_it_and_keeps_it() -> None:
    school = School()
    item = make.syllabus_item(school.course)
    url = f"{ITEMS}{item.pk}/"
    assert school.carl.patch(url, {"title": "New"}).status == 428
    assert school.carl.patch(url, {"title": "New"}, version=1).json["version"] == 2
    assert school.carl.patch(url, {"title": "Newer"}, version=1).status == 412
    other = Client(directory.member("Otto", "coordinator", scope=("program", make.program().pk)))
    assert other.patch(url, {"title": "Mine"}, version=2).status == 404
    assert Client(directory.member("Dr Khan", "faculty")).patch(url, {"title": "Mine"}, version=2).status == 403
    emptied = school.carl.patch(url, {"course": None}, version=2)
    assert (emptied.status, emptied.pointers) == (422, [("/academic_period", "required")])
    item.refresh_from_db()
    assert (item.title, item.course_id) == ("New", school.course.pk)


@pytest.mark.django_db
def test_students_see_what_is_active_in_published_programs() -> None:
    school = School()
    shown = make.syllabus_item(school.course)
    make.syllabus_item(school.course, is_active=False)
    draft = make.period(make.program(status="draft"))
    make.syllabus_item(academic_period=draft)
    make.syllabus_item(is_active=False)
    sara = Client(
        make.student(make.group(make.batch(school.program)), person=directory.member("Sara", "student")).person
    )
    assert [each["id"] for each in sara.get(ITEMS).json["results"]] == [shown.pk]
    assert school.carl.get(ITEMS).json["count"] == 3
    assert school.ruth.get(ITEMS).json["count"] == 4


@pytest.mark.django_db
def test_items_are_put_in_order_all_or_none() -> None:
    school = School()
    first, second = make.syllabus_item(school.course, order_no=1), make.syllabus_item(school.course, order_no=2)
    swap = [{"id": first.pk, "order_no": 2}, {"id": second.pk, "order_no": 1}]
    done = school.carl.post(f"{ITEMS}reorder/", {"items": swap})
    assert (done.status, done.json) == (200, {"success": True, "updated": 2})
    again = school.carl.post(f"{ITEMS}reorder/", {"items": swap})
    assert again.json == {"success": True, "updated": 0}
    assert JournalLine.objects.filter(kind="syllabus_item.reordered").count() == 2
    foreign = make.syllabus_item()
    body = [{"id": first.pk, "order_no": 9}, {"id": foreign.pk, "order_no": 1}]
    refused = school.carl.post(f"{ITEMS}reorder/", {"items": body})
    assert (refused.status, refused.pointers) == (422, [("/items/1/id", "unknown_reference")])
    first.refresh_from_db()
    assert (first.order_no, first.version) == (2, 2)


@pytest.mark.django_db
def test_another_institution_sees_and_changes_nothing() -> None:
    item = make.syllabus_item(School().course)
    zara = School("other").ruth
    url = f"{ITEMS}{item.pk}/"
    assert [zara.get(url).status, zara.delete(url).status, zara.get(ITEMS).json["count"]] == [404, 404, 0]
    body = {"items": [{"id": item.pk, "order_no": 5}]}
    assert zara.post(f"{ITEMS}reorder/", body).pointers == [("/items/0/id", "unknown_reference")]


@pytest.mark.django_db
def test_the_database_refuses_an_item_that_belongs_to_nothing() -> None:
    School()
    with pytest.raises(IntegrityError), transaction.atomic():
        SyllabusItem.objects.create(title="Lost")
