"""One's own sessions: nobody else's, with what is asked about each and whether one may ask."""

from datetime import date
from typing import Any

import pytest

from maristan.attendance.models import Attendance
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import Client, academics
from maristan.config.tests.counting import counted
from maristan.kernel import clock

pytestmark = pytest.mark.django_db
OWN = f"{make.ATTENDANCE}mine/sessions/"
NOW = "2026-03-09T09:00:00+05:00"
WINDOW = "start_date=2026-01-01&end_date=2026-12-31"


def own(client: Client, query: str = WINDOW) -> list[dict[str, Any]]:
    """One's own sessions as a client reads them."""
    with clock.stopped_at(NOW):
        answer = client.get(f"{OWN}?{query}")
    assert answer.status == 200, answer.json
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def test_sara_sees_her_sessions_the_latest_first_and_nobody_elses() -> None:
    of = make.a_class()
    first, second = make.held(of, "absent", "present")
    other = academics.student(of.school.groups[0], reg_no="MB-900")
    make.correction(make.session(of.school, date(2026, 2, 9)), other)
    assert [(row["session"], row["status"]) for row in own(of.sara)] == [(second.pk, "present"), (first.pk, "absent")]
    assert own(of.khan) == []


def test_sessions_to_come_and_cancelled_ones_are_left_out_as_are_others_who_are_expected_no_more() -> None:
    of = make.a_class()
    make.held(of, "present", start=date(2026, 3, 10))
    (gone,) = make.held(of, None)
    Attendance.objects.filter(session=gone).update(expected=False)
    (cancelled,) = make.held(of, "absent", start=date(2026, 2, 20))
    type(cancelled).objects.filter(pk=cancelled.pk).update(
        status="cancelled", cancelled_at=clock.now(), cancelled_by="A", cancel_reason="Rain"
    )
    assert own(of.sara) == []


def test_a_correction_may_be_asked_for_of_a_recent_mark_once() -> None:
    of = make.a_class()
    make.held(of, "absent", start=date(2026, 2, 2))
    make.held(of, "absent", None, start=date(2026, 3, 5))
    found = {row["starts_at"][:10]: row for row in own(of.sara)}
    assert {day: row["can_correct"] for day, row in found.items()} == {
        "2026-02-02": False, "2026-03-05": True, "2026-03-06": False,
    }  # fmt: skip
    body = {"line": found["2026-03-05"]["id"], "wanted": "present", "reason": "I sat in the last row."}
    with clock.stopped_at(NOW):
        asked = of.sara.post(f"{make.ATTENDANCE}corrections/", body)
    assert asked.status == 201, asked.json
    row = next(each for each in own(of.sara) if each["starts_at"].startswith("2026-03-05"))
    assert (row["can_correct"], row["correction"]["id"]) == (False, asked.json["id"])


def test_course_and_mark_narrow_the_list_and_its_export_alike() -> None:
    of = make.a_class()
    make.held(of, "absent", "present")
    assert [row["status"] for row in own(of.sara, f"{WINDOW}&status=ABSENT")] == ["absent"]
    assert own(of.sara, f"{WINDOW}&course={2**40}") == []
    with clock.stopped_at(NOW):
        file = of.sara.get(f"{OWN}export/?{WINDOW}&status=absent&format=csv")
    assert file.status == 200
    assert len(file.body.strip().splitlines()) == 2


def test_thirty_sessions_cost_no_more_queries_than_one() -> None:
    of = make.a_class()
    make.held(of, "absent")
    with counted() as few:
        own(of.sara)
    make.held(of, *["absent"] * 30, start=date(2026, 2, 3))
    with counted() as many:
        assert len(own(of.sara, f"{WINDOW}&page_size=50")) == 31
    assert len(many) == len(few)
