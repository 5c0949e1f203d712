"""Speed is counted: statements of every list are recorded facts, those of the heavy writes stay within budgets."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from maristan.academics.models import Request
from maristan.academics.tests import factories as academics
from maristan.assessment.models import Candidate, Exam, Examiner, GradeScheme, Result, ResultCorrection
from maristan.attendance.tests import factories as attendance
from maristan.comms.models import WebhookEndpoint
from maristan.comms.tests import factories as comms
from maristan.config.tests import routes
from maristan.config.tests.counting import counted
from maristan.config.tests.test_isolation import call
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, tenancy
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.operations.tests import factories as operations
from maristan.timetable.tests import factories as timetable
from maristan.timetable.tests.factories import WEEKS, Session

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).with_name("query_counts.json")


BUDGETED = {
    "GET /api/v1/timetable/sessions/", "GET /api/v1/academics/students/", "GET /api/v1/timetable/weeks/",
    "GET /api/v1/academics/academic-periods/", "GET /api/v1/directory/departments/",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(timetable.CLOCK):
        yield


def lists() -> list[routes.Route]:
    return [
        route
        for route in routes.every()
        if route.method == "get" and not route.public
        and "Page_" in json.dumps(routes.description()["paths"][route.path]["get"]["responses"].get(200, {}))
    ]  # fmt: skip


def measured(admin: Client, olga: Client, of: World) -> dict[str, int]:
    found = {}
    for route in lists():
        with counted() as count:
            assert call(olga if route.is_of_platform else admin, route, of).status == 200, route.name
        found[route.name] = len(count)
    return found


def more_of_everything(of: World, number: int) -> None:
    school = of.school
    for at in range(number):
        section = academics.section(school.course, academic_period=school.period, group=school.groups[0])
        student = academics.student(school.groups[0], phone=f"+92300{at:07}")
        academics.enrollment(student, section)
        directory.room(f"Extra {at}", department=school.department)
        academics.application(intake=academics.intake(school.batch))
        academics.syllabus_item(school.course, academic_period=school.period)
        academics.request(student.person, student=student, assigned_to=of.school.teacher)
        academics.remark(Request.objects.get(pk=of.ids["academics/requests"]))
        attendance.correction(Session.objects.get(), student)
        attendance.policy(f"program:{school.batch.program_id}")
        comms.delivery(WebhookEndpoint.objects.get(pk=of.ids["comms/webhooks"]))
        comms.endpoint()
        directory.address(student.person)
        directory.identity_document(student.person)
        directory.membership(directory.person(f"Person {at}"), "faculty", scope=("department", school.department.pk))
        more_exams(of, at, student)
        more_of_operations(at)
        academics.course(f"X{at}", school.batch.program, department=school.department)


def more_of_operations(at: int) -> None:
    operations.process()
    operations.window(days=at + 10)
    operations.alert(subject=f"host-{at}")
    operations.backup_set(f"fmu_20260203_1203{at:02}")
    operations.drill(f"fmu_20260203_1203{at:02}")
    operations.deployment()
    operations.release(f"{at:012}")
    operations.verification()
    operations.integrity_run()
    operations.failed_job()


def more_exams(of: World, at: int, student: Any) -> None:
    exam = Exam.objects.get(pk=of.ids["assessment/exams"])
    Candidate.objects.create(exam=exam, person=student.person, student=student)
    result = Result.objects.create(exam=exam, person=student.person)
    ResultCorrection.objects.create(result=result, reason="Added up wrongly.", requested_by=of.school.teacher)
    Exam.objects.create(
        title=f"E{at}", scheduled_at=clock.now(), duration_minutes=60, academic_period=of.school.period,
    )  # fmt: skip
    part = exam.components.create(name=f"C{at}", sequence=at + 2, max_marks=10)
    Examiner.objects.create(exam=exam, component=part, person=student.person)
    GradeScheme.objects.create(name=f"G{at}").bands.create(min_percent=0, letter="F", is_fail=True)


def test_every_list_asks_as_often_for_one_row_as_for_many_and_as_recorded() -> None:
    of = world("fmu")
    admin = Client(directory.member("Adam", "admin"))
    olga = Client(operations.operator())
    few = measured(admin, olga, of)
    tenancy.enter(of.school.batch.institution_id)
    more_of_everything(of, 12)
    many = measured(admin, olga, of)
    assert few == many
    if os.environ.get("RECORD_QUERY_COUNTS"):
        RECORDED.write_text(json.dumps(many, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert many == json.loads(RECORDED.read_text(encoding="utf-8"))
    assert {name: count for name, count in many.items() if count > (6 if name in BUDGETED else 8)} == {}


def spent(client: Client, method: str, url: str, *args: Any, **kwargs: Any) -> int:
    with counted() as count:
        answer = getattr(client, method)(url, *args, **kwargs)
    assert answer.status < 300, answer.json
    return len(count)


def full_week(of: timetable.School, cells: int, start: str = "2026-03-09") -> tuple[int, list[dict[str, Any]]]:
    """A draft with so many cells filled, in eight rows of a day."""
    pk = timetable.week(of, start)
    rows = [timetable.times(row, f"{7 + row:02}:00", f"{7 + row:02}:50") for row in range(1, 9)]
    filled = [timetable.lesson(of, row=at % 8 + 1, day=at // 8) for at in range(cells)]
    assert timetable.save(of.alice, pk, *filled, rows=rows).status == 200
    return pk, filled


def test_four_weeks_are_created_within_ten() -> None:
    of = timetable.school()
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    assert spent(of.alice, "post", WEEKS + "create-next-4/", body) <= 10


def test_a_year_of_weeks_is_generated_within_twelve() -> None:
    of = timetable.school()
    assert spent(of.alice, "post", WEEKS + "generate/", {"academic_period": of.period.pk, "batch": of.batch.pk}) <= 12


def test_a_draft_is_saved_within_ten_for_one_cell_or_fifty_six() -> None:
    of = timetable.school()
    pk = timetable.week(of)
    one = spent(of.alice, "post", f"{WEEKS}{pk}/save-grid/", {"cells": [timetable.lesson(of)]}, version=1)
    all_cells = [timetable.lesson(of, row=at % 8 + 1, day=at // 8, topic=f"T{at}") for at in range(56)]
    every = spent(of.alice, "post", f"{WEEKS}{pk}/save-grid/", {"cells": all_cells}, version=2)
    assert one == every <= 10


def stood_in(of: timetable.School) -> dict[str, Any]:
    """A second teacher for a lesson."""
    noor = directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    return {"co_faculty": [noor.pk]}


def published_week(of: timetable.School, cells: int) -> tuple[int, list[dict[str, Any]]]:
    pk, filled = full_week(of, cells)
    for name in ("verify", "publish"):
        assert timetable.move(of.alice, pk, name).status == 200
    return pk, filled


def emptied(cell: dict[str, Any]) -> dict[str, Any]:
    return {"row_index": cell["row_index"], "day_of_week": cell["day_of_week"], "status": "empty"}


@pytest.mark.parametrize("cells", [14, 56])
def test_a_first_publication_takes_fifteen_at_most_whatever_its_size_and_a_line_for_each_session(cells: int) -> None:
    of = timetable.school()
    pk, filled = full_week(of, cells)
    assert timetable.save(of.alice, pk, {**filled[0], **stood_in(of)}).status == 200
    assert timetable.move(of.alice, pk, "verify").status == 200
    assert spent(of.alice, "post", f"{WEEKS}{pk}/moves/publish/", {}) <= 15
    assert JournalLine.objects.filter(kind="session_occurrence.created").count() == cells


def test_publishing_again_takes_twenty_with_differences_of_every_kind_and_ten_without() -> None:
    of = timetable.school()
    pk, filled = published_week(of, 14)
    assert spent(of.alice, "post", f"{WEEKS}{pk}/moves/publish/", {}) <= 10
    assert spent(of.alice, "post", f"{WEEKS}{pk}/moves/revert/", {"reason": "Once more"}) <= 20
    changed = [*({**each, "topic": "New"} for each in filled[:7]), emptied(filled[7]), {**filled[8], **stood_in(of)}]
    new = timetable.lesson(of, row=1, day=6)
    assert timetable.save(of.alice, pk, *changed, new).status == 200
    assert timetable.move(of.alice, pk, "verify").status == 200
    assert spent(of.alice, "post", f"{WEEKS}{pk}/moves/publish/", {}) <= 20


@pytest.mark.parametrize("cells", [3, 56])
def test_an_amendment_of_every_kind_takes_twenty_four_at_most(cells: int) -> None:
    of = timetable.school()
    pk, filled = published_week(of, cells - 1)
    other = directory.room("Hall 2").pk
    version = of.alice.get(f"{WEEKS}{pk}/").json["version"]
    changed = [{**each, "room": other, **stood_in(of)} if each is filled[1] else {**each, "room": other}
               for each in filled[1:]]  # fmt: skip
    body = {
        "cells": [emptied(filled[0]), *changed, timetable.lesson(of, row=8, day=6)],
        "rows": [timetable.times(8, "15:05", "15:50")], "reason": "Hall 1 is painted",
    }  # fmt: skip
    assert spent(of.alice, "post", f"{WEEKS}{pk}/save-grid/", body, version=version) <= 24


@pytest.mark.parametrize("cells", [1, 56])
def test_a_week_page_takes_twelve_and_its_conflicts_ten(cells: int) -> None:
    of = timetable.school()
    pk, _ = full_week(of, cells)
    assert spent(of.alice, "get", f"{WEEKS}{pk}/") <= 12
    assert spent(of.alice, "get", f"{WEEKS}{pk}/conflicts/") <= 10


def test_conflicts_across_plans_ask_as_often_for_six_plans_as_for_one() -> None:
    of = timetable.school()
    url = "/api/v1/timetable/conflicts/?from=2026-03-09&to=2026-03-15"
    full_week(of, 14)
    alone = spent(of.alice, "get", url)
    for _ in range(5):
        batch = academics.batch(of.batch.program)
        pk = timetable.week(of, batch=batch.pk)
        lesson = timetable.lesson(of, groups=[academics.group(batch).pk])
        assert timetable.save(of.alice, pk, lesson, rows=[timetable.times()]).status == 200
    assert spent(of.alice, "get", url) == alone <= 6


def test_one_enrolment_takes_ten_and_two_hundred_take_twenty() -> None:
    of = timetable.school()
    section = academics.section(of.course, academic_period=of.period, capacity=500)
    students = [academics.student(of.groups[0]).pk for _ in range(201)]
    url = "/api/v1/academics/enrollments/"
    assert spent(of.alice, "post", url, {"section": section.pk, "student": students[0]}) <= 10
    assert spent(of.alice, "post", url + "bulk/", {"section": section.pk, "students": students[1:]}) <= 20


def test_my_week_asks_as_often_for_a_full_week_as_for_an_empty_one() -> None:
    of = timetable.school()
    url = "/api/v1/timetable/my-week/?date=2026-03-09"
    before = spent(of.sara, "get", url)
    pk, _ = full_week(of, 40)
    for name in ("verify", "publish"):
        assert timetable.move(of.alice, pk, name).status == 200
    assert spent(of.sara, "get", url) <= before + 4  # the prefetches of sessions that are there
