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
    assert (answer.status, answer.pointers) == (422, [("/subject_id", "unknown_reference")])
    assert not Availability.objects.exists()
    assert make.Client(other).get(URL).json["count"] == 0


def test_times_and_subjects_are_judged() -> None:
    of = make.school()
    wrong = of.alice.post(URL, body(of, end_time="08:00"))
    assert (wrong.status, wrong.pointers) == (422, [("/end_time", "end_not_after_start")])
    over = of.alice.post(URL, body(of, to_date="2025-12-31"))
    assert (over.status, over.pointers) == (422, [("/to_date", "end_before_start")])
    unknown = of.alice.post(URL, body(of, subject_kind="room", subject_id=of.teacher.pk + 10_000))
    assert (unknown.status, unknown.pointers) == (422, [("/subject_id", "unknown_reference")])
    assert not Availability.objects.exists()


def test_a_declaration_is_withdrawn_once() -> None:
    of = make.school()
    pk = of.alice.post(URL, body(of)).json["id"]
    assert of.alice.delete(f"{URL}{pk}/").status == 204
    assert of.alice.delete(f"{URL}{pk}/").status == 404


def test_a_weekly_time_is_changed_by_who_declared_it() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    declared = khan.post(URL, body(of)).json
    url = f"{URL}{declared['id']}/"
    assert khan.patch(url, {"level": "PREFER"}).status == 428
    assert of.bob.get(url).headers["ETag"] == '"1"'
    changed = khan.patch(url, {"level": "PREFER"}, version=1)
    assert (changed.status, changed.json["level"], changed.json["version"]) == (200, "prefer", 2)
    assert (
        make.Client(make.directory.member("Dr Noor", "faculty")).patch(url, {"level": "avoid"}, version=2).status == 404
    )
    wrong = khan.patch(url, {"start_time": "23:00"}, version=2)
    assert (wrong.status, wrong.pointers) == (422, [("/end_time", "end_not_after_start")])
    assert Availability.objects.get().version == 2


def test_a_local_time_has_no_offset() -> None:
    of = make.school()
    answer = of.alice.post(URL, {**body(of), "start_time": "08:00Z", "end_time": "09:00Z"})
    assert (answer.status, {pointer for pointer, _ in answer.pointers}) == (422, {"/start_time", "/end_time"})
    assert not Availability.objects.exists()


def test_each_row_names_whose_time_it_is_and_whether_one_may_change_it() -> None:
    of = make.school()
    khan = make.Client(of.teacher)
    for kind, subject in (("person", of.teacher), ("room", of.room), ("group", of.groups[0])):
        assert of.alice.post(URL, body(of, subject_kind=kind, subject_id=subject.pk)).status == 201

    def listed(who: make.Client) -> set[tuple[str, str, bool]]:
        rows = who.get(URL).json["results"]
        return {(each["subject_kind"], each["subject_name"], each["can_edit"]) for each in rows}

    every = {("person", "Dr Khan"), ("room", "Hall 1"), ("group", "A")}
    assert listed(of.alice) == {(*each, True) for each in every}
    assert listed(khan) == {("person", "Dr Khan", True)}
    asma = make.Client(make.directory.member("Asma", "auditor"))
    assert listed(asma) == {(*each, False) for each in every}
    own = khan.get(URL).json["results"][0]["id"]
    changed = khan.patch(f"{URL}{own}/", {"level": "prefer"}, version=1)
    assert (changed.json["subject_name"], changed.json["can_edit"]) == ("Dr Khan", True)
    refused = asma.patch(f"{URL}{own}/", {"level": "avoid"}, version=2)
    assert (refused.status, refused.code, Availability.objects.get(pk=own).level) == (403, "not_allowed", "prefer")
    assert "Dr Khan" in of.alice.get(f"{URL}export/").body.decode()
