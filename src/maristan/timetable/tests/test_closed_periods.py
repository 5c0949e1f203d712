"""A closed period refuses new weeks, verifying, publishing and amending (rules A6, T20); reading stays."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.timetable.models import Session, WeekChangelog, WeekPlan
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/timetable/sessions/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def close(of: make.School) -> None:
    of.period.status = "closed"
    of.period.save(update_fields=["status"])


def stand_in(of: make.School) -> int:
    return int(make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk)).pk)


def body_of(of: make.School, name: str) -> dict[str, Any]:
    body: dict[str, Any] = {"reason": "Dr Khan unwell"}
    if name == "substitute":
        body["faculty"] = stand_in(of)
    if name == "relocate":
        body["room"] = make.directory.room("Hall 2").pk
    return body


@pytest.mark.parametrize("name", ["cancel", "substitute", "relocate"])
def test_a_planned_session_of_a_closed_period_is_neither_cancelled_nor_moved(name: str) -> None:
    of = make.school()
    make.published(of)
    close(of)
    session, lines = Session.objects.get(), JournalLine.objects.count()
    refused = of.alice.post(f"{SESSIONS}{session.pk}/moves/{name}/", body_of(of, name))
    assert (refused.status, refused.code, refused.missing) == (409, "not_now", ["period_closed"])
    after = Session.objects.get()
    assert (after.status, after.faculty_id, after.room_id, after.version) == (
        "scheduled", of.teacher.pk, of.room.pk, session.version,
    )  # fmt: skip
    assert (WeekChangelog.objects.count(), JournalLine.objects.count()) == (0, lines)
    assert of.alice.get(f"{SESSIONS}{session.pk}/").status == 200


@pytest.mark.parametrize("values", [{"status": "empty"}, {"status": "cancelled"}, {"topic": "Necrosis"}, None])
def test_nothing_of_a_published_week_is_amended_once_its_period_is_closed(values: dict[str, Any] | None) -> None:
    of = make.school()
    pk = make.published(of)
    close(of)
    before = WeekPlan.objects.get().version
    cell = {"row_index": 1, "day_of_week": 0, **values} if values else make.lesson(of, day=3)
    refused = make.save(of.alice, pk, cell, reason="As agreed")
    assert (refused.status, refused.missing) == (409, ["period_closed"])
    assert (Session.objects.get().status, WeekPlan.objects.get().version) == ("scheduled", before)


def test_a_lesson_of_another_period_that_is_closed_stays_as_it_is() -> None:
    of = make.school()
    other = make.academics.period(of.batch.program)
    pk = make.published(of, make.lesson(of), make.lesson(of, day=1, academic_period=other.pk))
    other.status = "closed"
    other.save(update_fields=["status"])
    kept = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 1, "status": "empty"}, reason="Not needed")
    assert (kept.status, kept.missing) == (409, ["period_closed"])
    gone = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "status": "empty"}, reason="Not needed")
    assert gone.status == 200, gone.json
    assert list(Session.objects.order_by("starts_at").values_list("status", flat=True)) == ["cancelled", "scheduled"]


@pytest.mark.parametrize("name", ["substitute", "relocate"])
def test_a_session_of_its_own_is_not_changed_in_a_closed_period(name: str) -> None:
    of = make.school()
    body = {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "faculty": of.teacher.pk, "course": of.course.pk,
        "starts_at": "2026-03-10T09:00:00+05:00", "ends_at": "2026-03-10T10:00:00+05:00",
    }  # fmt: skip
    pk = of.alice.post(SESSIONS, body).json["id"]
    close(of)
    patched = of.alice.patch(f"{SESSIONS}{pk}/", {"ends_at": "2026-03-10T11:00:00+05:00"}, version=1)
    moved = of.alice.post(f"{SESSIONS}{pk}/moves/{name}/", body_of(of, name))
    created = of.alice.post(SESSIONS, {**body, "starts_at": "2026-03-11T09:00:00+05:00",
                                       "ends_at": "2026-03-11T10:00:00+05:00"})  # fmt: skip
    for refused in (patched, moved, created):
        assert (refused.status, refused.missing) == (409, ["period_closed"])
    assert (Session.objects.get().version, Session.objects.get().faculty_id) == (1, of.teacher.pk)


@pytest.mark.parametrize("name", ["verify", "publish"])
def test_a_week_of_a_closed_period_is_neither_verified_nor_published(name: str) -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    if name == "publish":
        assert make.move(of.alice, pk, "verify").status == 200
    close(of)
    refused = make.move(of.alice, pk, name)
    assert (refused.status, "period_closed" in refused.missing, Session.objects.exists()) == (409, True, False)
    new = of.alice.post(WEEKS, {
        "week_start_date": "2026-03-16", "scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk,
    })  # fmt: skip
    assert (new.status, new.missing, WeekPlan.objects.count()) == (409, ["period_closed"], 1)
