"""Weekly times: who declares whose, and what a plan makes of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.timetable.models import Availability
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/api/v1/timetable/availabilities/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def body(of: make.School, **values: Any) -> dict[str, Any]:
    return {
        "subject_kind": "person", "subject_id": of.teacher.pk, "day_of_week": 0, "start_time": "08:00",
        "end_time": "09:00", "level": "unavailable", "from_date": "2026-01-01", **values,
    }  # fmt: skip


def test_a_teacher_declares_an_own_time_and_the_plan_warns() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    assert khan.post(URL, body(of)).status == 201
    assert JournalLine.objects.order_by("-id")[0].kind == "availability.declared"
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    verified = make.move(of.alice, pk, "verify")
    assert (verified.status, [each["code"] for each in verified.json["warnings"]]) == (200, ["faculty_unavailable"])


def test_a_teacher_declares_for_nobody_else() -> None:
    of = make.school()
    other = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    answer = make.Client(other).post(URL, body(of))
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Availability.objects.exists()
    assert make.Client(other).get(URL).json["count"] == 0


def test_times_and_subjects_are_judged() -> None:
    of = make.school()
    wrong = of.alice.post(URL, body(of, end_time="08:00"))
    assert (wrong.status, wrong.pointers) == (422, [("/end_time", "end_not_after_start")])
    unknown = of.alice.post(URL, body(of, subject_kind="room", subject_id=of.teacher.pk + 10_000))
    assert (unknown.status, unknown.pointers) == (422, [("/subject_id", "unknown_reference")])
    assert not Availability.objects.exists()


def test_a_declaration_is_withdrawn_once() -> None:
    of = make.school()
    pk = of.alice.post(URL, body(of)).json["id"]
    assert of.alice.delete(f"{URL}{pk}/").status == 204
    assert of.alice.delete(f"{URL}{pk}/").status == 404
