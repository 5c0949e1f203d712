"""Weeks made in one go: of a whole period, and after the pattern of another week."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError

from maristan.kernel import clock
from maristan.timetable.actions import publishing
from maristan.timetable.models import WeekCell, WeekPlan
from maristan.timetable.rules.facts import Content
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def test_a_period_without_dates_and_one_of_another_program_have_no_weeks() -> None:
    of = make.school()
    undated = make.academics.period(of.batch.program, start_date=None, end_date=None, status="planned")
    refused = of.alice.post(f"{WEEKS}generate/", {"academic_period": undated.pk, "batch": of.batch.pk})
    assert (refused.status, refused.pointers) == (422, [("/academic_period", "period_not_dated")])
    other = make.academics.period()
    refused = of.alice.post(f"{WEEKS}generate/", {"academic_period": other.pk, "batch": of.batch.pk})
    assert (refused.status, refused.pointers) == (422, [("/academic_period", "unknown_reference")])
    assert not WeekPlan.objects.exists()


def test_new_weeks_take_rows_and_lessons_of_a_week_and_leave_holidays_empty() -> None:
    of = make.school()
    pattern = make.week(of, "2026-03-02")
    lessons = make.lesson(of, topic="Necrosis"), make.lesson(of, day=2)
    assert make.save(of.alice, pattern, *lessons, rows=[make.times(1, "07:30", "08:20")]).status == 200
    make.directory.holiday("Pakistan Day", "2026-03-18")
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk, "template_week": pattern}
    made = of.alice.post(f"{WEEKS}create-next-4/", body)
    assert made.status == 201, made.json
    found = [of.alice.get(f"{WEEKS}{each['id']}/").json for each in made.json["weeks"]]
    assert [page["rows"][0]["start_time"] for page in found] == ["07:30"] * 4
    filled = [[each["day_of_week"] for each in page["cells"] if each["status"] == "scheduled"] for page in found]
    assert filled == [[0, 2], [0], [0, 2], [0, 2]]
    copied = WeekCell.objects.filter(week_plan=made.json["weeks"][0]["id"], day_of_week=0).exclude(status="empty").get()
    assert (copied.course_id, copied.faculty_id, copied.groups) == (of.course.pk, of.teacher.pk, [of.groups[0].pk])


def test_a_fault_of_the_database_that_is_no_clash_is_not_told_as_one() -> None:
    of = make.school()
    there = WeekPlan.objects.get(pk=make.week(of))
    explained: list[object] = []

    def write() -> None:
        WeekPlan.objects.create(
            scope="batch", batch=of.batch, academic_period=of.period, week_start_date=there.week_start_date
        )

    with pytest.raises(IntegrityError, match="timetable_weekplan_week_once"):
        publishing.guarded(write, lambda: explained.append("a clash"))
    assert (explained, WeekPlan.objects.get()) == ([], there)


def rows_of(of: make.School, pk: int) -> list[int]:
    return [each["row_index"] for each in of.alice.get(f"{WEEKS}{pk}/").json["rows"]]


def test_rows_are_added_to_a_draft_and_taken_away_with_what_stands_in_them() -> None:
    of = make.school()
    pk = make.week(of, slot_count=2)
    lessons = make.lesson(of), make.lesson(of, row=3)
    added = make.save(of.alice, pk, *lessons, rows=[make.times(), make.times(3, "10:00", "10:50", label="III")])
    assert (added.status, rows_of(of, pk)) == (200, [1, 2, 3])
    assert WeekCell.objects.filter(week_plan=pk, slot_row__row_index=3).count() == 7
    gone = make.save(of.alice, pk, remove_rows=[1])
    assert (gone.status, rows_of(of, pk)) == (200, [2, 3])
    (left,) = WeekCell.objects.filter(week_plan=pk, status="scheduled")
    assert left.slot_row.row_index == 3


def test_what_changes_nothing_leaves_the_version_of_a_draft() -> None:
    of = make.school()
    pk = make.week(of)
    assert make.save(of.alice, pk, make.lesson(of), rows=[make.times()]).json["version"] == 2
    again = make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    assert (again.status, again.json["version"]) == (200, 2)


def test_an_amendment_that_touches_no_session_is_told_to_nobody_and_keeps_them_as_they_are() -> None:
    of = make.school()
    pk = make.published(of)
    (session,) = make.Session.objects.values_list("pk", "version")
    done = make.save(of.alice, pk, rows=[{"row_index": 1, "label": "First hour"}], reason="Rows have names now")
    assert (done.status, done.json["version"]) == (200, 5)
    assert list(make.Session.objects.values_list("pk", "version")) == [session]


@pytest.fixture
def taken_meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[make.School, Any], None]:
    """Lets somebody else take a room after everything was looked at and before it is written."""
    guarded = publishing.guarded

    def by_another(of: make.School, room: Any) -> None:
        def late(write: Callable[[], Any], explain: Callable[[], object]) -> Any:
            at = datetime.fromisoformat("2026-03-09T08:00:00+05:00")
            other = make.direct_session(of, at, [of.groups[1]], room=room, faculty=None, course=None, topic="Trip")
            publishing.occupy([(other, Content(room=room.pk))])
            return guarded(write, explain)

        monkeypatch.setattr(publishing, "guarded", late)

    return by_another


def test_a_room_that_another_took_in_the_same_moment_is_named_when_a_week_is_published(taken_meanwhile: Any) -> None:
    of = make.school()
    pk = make.week(of)
    assert make.save(of.alice, pk, make.lesson(of), rows=[make.times()]).status == 200
    assert make.move(of.alice, pk, "verify").status == 200
    taken_meanwhile(of, of.room)
    refused = make.move(of.alice, pk, "publish")
    assert (refused.status, refused.missing) == (409, ["room_clash"])
    assert refused.json["missing"][0]["where"]["with"]["label"] == "Trip"
    assert (WeekPlan.objects.get().status, make.Session.objects.count()) == ("verified", 0)


def test_a_room_that_another_took_in_the_same_moment_is_named_when_a_week_is_amended(taken_meanwhile: Any) -> None:
    of = make.school()
    pk = make.published(of)
    hall = make.directory.room("Hall 2")
    taken_meanwhile(of, hall)
    refused = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": hall.pk}, reason="A bigger hall")
    assert (refused.status, refused.missing) == (409, ["room_clash"])
    assert refused.json["missing"][0]["where"]["with"]["label"] == "Trip"
    assert (make.Session.objects.get().room_id, WeekPlan.objects.get().version) == (of.room.pk, 4)
