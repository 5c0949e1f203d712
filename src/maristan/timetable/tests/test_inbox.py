"""What waits because of the timetable, for whom, and when it no longer waits."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.directory.actions import holidays, leaves, places
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable import jobs
from maristan.timetable.actions import inbox
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db
INBOX = "/api/v1/work/inbox-items/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def waiting(who: Client, *, about: str = "") -> list[dict[str, Any]]:
    """What waits for somebody after all jobs have run."""
    run_jobs()
    items = who.get(INBOX).json["results"]
    return [each for each in items if not about or each["kind"] == about]


def kinds(who: Client) -> list[str]:
    return [each["kind"] for each in waiting(who)]


def platform_here() -> Any:
    return platform(tenancy.current())


def drafted(of: make.School, start: str = "2026-03-09") -> int:
    pk = make.week(of, start)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    return pk


def test_a_draft_with_content_waits_for_those_who_verify_it() -> None:
    of = make.school()
    pk = make.week(of)
    assert kinds(of.alice) == []
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    for who in (of.alice, of.bob):
        (item,) = waiting(who)
        assert (item["kind"], item["title"]) == ("week_to_verify", "Verify the week of 9 March")
        assert (item["url"], item["params"]["week_plan"]) == (f"/timetable/weeks/{pk}", pk)
        assert item["detail"].startswith(of.batch.name)
    assert (kinds(of.sara), kinds(Client(of.teacher))) == ([], [])


def test_nobody_of_another_program_or_department_or_institution_is_asked_to_verify() -> None:
    of = make.school()
    drafted(of)
    other = make.directory.department("Surgery")
    carl = Client(make.directory.member("Carl", "coordinator", scope=("program", of.batch.program_id + 999)))
    dina = Client(make.directory.member("Dina", "department_head", scope=("department", other.pk)))
    everywhere = Client(make.directory.member("Emil", "coordinator"))
    anna = Client(make.directory.member("Anna", "admin"))
    assert [kinds(who) for who in (carl, dina, everywhere, anna)] == [[], [], ["week_to_verify"], ["week_to_verify"]]
    zara = make.school("other").alice
    assert kinds(zara) == []


def test_the_head_above_a_department_is_asked_too() -> None:
    of = make.school()
    faculty = make.directory.department("Basic sciences")
    of.department.parent = faculty
    of.department.save(update_fields=["parent"])
    head = Client(make.directory.member("Dina", "department_head", scope=("department", faculty.pk)))
    drafted(of)
    assert kinds(head) == ["week_to_verify"]


def test_a_verified_week_waits_for_publication_and_a_published_one_for_nothing() -> None:
    of = make.school()
    pk = drafted(of)
    make.move(of.bob, pk, "verify")
    assert (kinds(of.alice), kinds(of.bob)) == (["week_to_publish"], [])
    make.move(of.alice, pk, "publish")
    assert kinds(of.alice) == []


def test_a_returned_week_waits_to_be_verified_again_and_a_deleted_one_for_nothing() -> None:
    of = make.school()
    pk = drafted(of)
    make.move(of.bob, pk, "verify")
    make.move(of.bob, pk, "return", reason="Friday is missing")
    assert kinds(of.alice) == ["week_to_verify"]
    assert of.alice.delete(f"{WEEKS}{pk}/").status == 204
    assert (kinds(of.alice), kinds(of.bob)) == ([], [])


def test_an_emptied_draft_no_longer_waits() -> None:
    of = make.school()
    pk = drafted(of)
    assert kinds(of.bob) == ["week_to_verify"]
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "status": "empty"})
    assert kinds(of.bob) == []


def test_a_draft_far_ahead_waits_only_when_its_time_comes_and_no_longer_when_it_is_over() -> None:
    of = make.school()
    drafted(of, "2026-03-23")
    assert kinds(of.bob) == []
    with clock.stopped_at("2026-03-09T05:00:00+00:00"):
        jobs.settle_inbox.func(0)
        assert kinds(of.bob) == ["week_to_verify"]
    with clock.stopped_at("2026-03-30T05:00:00+00:00"):
        jobs.settle_inbox.func(0)
        assert kinds(of.bob) == []


def leave_of(of: make.School, first: str, last: str) -> Any:
    """An approved leave of the teacher."""
    dates = {"start_date": date.fromisoformat(first), "end_date": date.fromisoformat(last)}
    values = {"person": of.teacher.pk, "kind": "annual", **dates}
    leave = leaves.request(values=values, by=platform_here())
    return leaves.move(pk=leave.pk, name="approve", reason=None, by=platform_here())


def test_leave_over_published_sessions_waits_for_those_who_amend_until_they_are_covered() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of), make.lesson(of, day=2))
    leave_of(of, "2026-03-09", "2026-03-10")
    (item,) = waiting(of.alice, about="sessions_in_leave")
    assert item["title"] == "Dr Khan is on leave: 1 session"
    assert item["detail"] == "1 session to move, cover or cancel, on 9 March"
    assert item["params"]["faculty"] == of.teacher.pk
    assert kinds(of.bob) == []
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    cell = {"row_index": 1, "day_of_week": 0, "faculty": noor.pk}
    assert make.save(of.alice, pk, cell, reason="Dr Khan is away").status == 200
    assert waiting(of.alice, about="sessions_in_leave") == []


def test_leave_taken_back_no_longer_waits_and_leave_over_nothing_never_does() -> None:
    of = make.school()
    make.published(of)
    leave_of(of, "2026-05-01", "2026-05-02")
    assert waiting(of.alice, about="sessions_in_leave") == []
    leave = leave_of(of, "2026-03-09", "2026-03-09")
    assert len(waiting(of.alice, about="sessions_in_leave")) == 1
    leaves.move(pk=leave.pk, name="cancel", reason=None, by=platform_here())
    assert waiting(of.alice, about="sessions_in_leave") == []


def holiday(first: str, **values: Any) -> Any:
    day = date.fromisoformat(first)
    given = {"name": "Pakistan Day", "start_date": day, "end_date": day, **values}
    return holidays.create(values=given, by=platform_here())


def test_a_holiday_over_published_sessions_cancels_nothing_and_waits_until_they_are_cancelled() -> None:
    of = make.school()
    make.published(of)
    made = holiday("2026-03-09")
    (item,) = waiting(of.alice, about="sessions_on_holiday")
    assert item["title"] == "Pakistan Day is a holiday: 1 session"
    assert (kinds(of.bob), kinds(of.sara), Session.objects.get().status) == ([], [], "scheduled")
    done = of.alice.post("/api/v1/timetable/sessions/cancel-for-holiday/", {"holiday": made.pk})
    assert done.status == 200, done.json
    assert waiting(of.alice, about="sessions_on_holiday") == []


def test_a_holiday_of_another_batch_or_one_withdrawn_waits_for_nobody() -> None:
    of = make.school()
    make.published(of)
    other = make.academics.batch(of.batch.program)
    holiday("2026-03-09", scope_kind="batch", scope_id=other.pk)
    assert waiting(of.alice, about="sessions_on_holiday") == []
    made = holiday("2026-03-09", scope_kind="batch", scope_id=of.batch.pk)
    assert len(waiting(of.alice, about="sessions_on_holiday")) == 1
    holidays.delete(pk=made.pk, by=platform_here())
    assert waiting(of.alice, about="sessions_on_holiday") == []


def test_a_room_that_closes_under_published_sessions_waits_until_they_have_moved() -> None:
    of = make.school()
    pk = make.published(of)
    places.update(pk=of.room.pk, version=of.room.version, values={"is_active": False}, by=platform_here())
    (item,) = waiting(of.alice, about="sessions_in_closed_room")
    assert item["title"] == "Hall 1 is closed: 1 session"
    hall = make.directory.room("Hall 2")
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": hall.pk}, reason="Hall 1 is closed")
    assert waiting(of.alice, about="sessions_in_closed_room") == []


def test_a_past_session_waits_for_nobody() -> None:
    of = make.school()
    make.published(of)
    with clock.stopped_at("2026-03-09T12:00:00+00:00"):
        holiday("2026-03-09")
        assert waiting(of.alice, about="sessions_on_holiday") == []


def test_what_waits_is_settled_again_without_changing_anything() -> None:
    of = make.school()
    drafted(of)
    before = waiting(of.alice)
    inbox.settle(by=platform_here())
    assert waiting(of.alice) == before
