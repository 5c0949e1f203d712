"""Each session that changes leaves a line of its own in the journal, and people hear of it once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from maristan.kernel import clock, journal
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.actions import sessions as actions
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/api/v1/comms/notifications/"
SESSIONS = "/api/v1/timetable/sessions/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def lines(since: int = 0) -> list[tuple[str, int, dict[str, Any], str]]:
    """(what happened, session, changes, reason) of each line of a session after one of that id."""
    found = JournalLine.objects.filter(subject_kind="session", pk__gt=since).order_by("pk")
    return [(each.kind.partition(".")[2], int(each.subject_id), each.changes, each.reason) for each in found]


def last() -> int:
    return JournalLine.objects.order_by("-pk").values_list("pk", flat=True)[0]


def told(who: Client) -> list[str]:
    """What a person was told, oldest first."""
    run_jobs()
    return [each["title"] for each in reversed(who.get(NOTIFICATIONS).json["results"])]


def waiting_jobs() -> set[str]:
    """The subscribers of the timetable for whom a job waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT args->>'subscriber' FROM procrastinate_jobs WHERE status = 'todo'")
        return {row[0] for row in cursor.fetchall() if row[0].startswith("timetable.")}


def test_a_publication_leaves_a_line_for_each_session_with_what_is_taught_where_by_whom() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of, topic="Necrosis"), make.lesson(of, day=1))
    monday, tuesday = Session.objects.order_by("starts_at")
    assert lines() == [
        ("created", monday.pk, {
            "starts_at": [None, "2026-03-09T03:00:00+00:00"], "ends_at": [None, "2026-03-09T03:50:00+00:00"],
            "room": [None, of.room.pk], "faculty": [None, of.teacher.pk], "groups": [None, [of.groups[0].pk]],
            "section": [None, None], "course": [None, of.course.pk], "topic": [None, "Necrosis"],
            "part_of": {"week_plan": pk},
        }, ""),
        ("created", tuesday.pk, {
            **lines()[0][2], "topic": [None, ""],
            "starts_at": [None, "2026-03-10T03:00:00+00:00"], "ends_at": [None, "2026-03-10T03:50:00+00:00"],
        }, ""),
    ]  # fmt: skip
    assert JournalLine.objects.filter(kind="week_plan.published").count() == 1
    assert JournalLine.objects.get(kind="week_plan.published").changes["sessions"]["created"] == [
        monday.pk, tuesday.pk,
    ]  # fmt: skip


def test_an_amendment_leaves_a_line_for_each_session_it_touches_and_none_for_others() -> None:
    of = make.school()
    pk = make.published(of, *(make.lesson(of, day=day) for day in range(3)))
    monday, tuesday, _ = Session.objects.order_by("starts_at")
    hall, before = make.directory.room("Hall 2"), last()
    cells = [
        {"row_index": 1, "day_of_week": 0, "room": hall.pk},
        {"row_index": 1, "day_of_week": 1, "status": "empty"},
        make.lesson(of, day=3),
    ]
    assert make.save(of.alice, pk, *cells, reason="Hall 1 is painted").status == 200
    thursday = Session.objects.order_by("-starts_at")[0]
    part = {"part_of": {"week_plan": pk}}
    created, *others = lines(before)
    assert (created[:2], created[3]) == (("created", thursday.pk), "Hall 1 is painted")
    assert others == [
        ("changed", monday.pk, {"room": [of.room.pk, hall.pk], "version": [1, 2], **part}, "Hall 1 is painted"),
        ("cancelled", tuesday.pk, {"status": ["scheduled", "cancelled"], "version": [1, 2], **part},
         "Hall 1 is painted"),
    ]  # fmt: skip
    assert Session.objects.get(pk=tuesday.pk).cancel_reason == "Hall 1 is painted"


def test_a_revert_cancels_each_session_and_publishing_again_revives_it_with_what_changed() -> None:
    of = make.school()
    pk = make.published(of)
    session, before = Session.objects.get(), last()
    assert make.move(of.alice, pk, "revert", reason="Wrong draft").status == 200
    part = {"part_of": {"week_plan": pk}}
    assert lines(before) == [
        ("cancelled", session.pk, {"status": ["scheduled", "cancelled"], "version": [1, 2], **part}, "Wrong draft")
    ]
    before = last()
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "topic": "Necrosis"})
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    revived = {"topic": ["", "Necrosis"], "status": ["cancelled", "scheduled"], "version": [2, 3]}
    assert lines(before) == [("changed", session.pk, {**revived, **part}, "")]
    session.refresh_from_db()
    assert (session.status, session.version, session.cancel_reason) == ("scheduled", 3, "")


def test_publishing_again_without_a_difference_leaves_no_line_of_any_kind_and_no_job() -> None:
    of = make.school()
    pk = make.published(of)
    run_jobs()
    before, titles = last(), told(of.sara)
    assert make.move(of.alice, pk, "publish").status == 200
    assert (last(), waiting_jobs(), told(of.sara)) == (before, set(), titles)


def test_who_is_in_a_published_week_hears_of_the_week_and_of_no_session() -> None:
    of = make.school()
    pk = make.published(of, *(make.lesson(of, day=day) for day in range(5)))
    assert "timetable.tell_session" not in waiting_jobs()
    assert told(of.sara) == told(Client(of.teacher)) == ["Timetable for the week of 9 March is out"]
    hall = make.directory.room("Hall 2")
    cells = [{"row_index": 1, "day_of_week": day, "room": hall.pk} for day in (0, 1)]
    assert make.save(of.alice, pk, *cells, reason="Hall 1 is painted").status == 200
    assert waiting_jobs() == {"timetable.tell_amended", "timetable.sessions_waiting"}
    assert told(of.sara)[1:] == ["Timetable changed: 2 sessions in the week of 9 March"]
    assert make.move(of.alice, pk, "revert", reason="Wrong draft").status == 200
    assert "timetable.tell_session" not in waiting_jobs()
    assert told(of.sara)[2:] == ["Timetable for the week of 9 March was taken back"]


@pytest.mark.parametrize("name", ["cancel", "substitute", "relocate"])
def test_a_planned_session_moved_by_itself_leaves_its_line_and_one_message(name: str) -> None:
    of = make.school()
    make.published(of)
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    hall = make.directory.room("Hall 2")
    session, before, heard = Session.objects.get(), last(), len(told(of.sara))
    body = {"cancel": {}, "substitute": {"faculty": noor.pk}, "relocate": {"room": hall.pk}}[name]
    moved = of.alice.post(f"{SESSIONS}{session.pk}/moves/{name}/", {**body, "reason": "Dr Khan unwell"})
    assert moved.status == 200, moved.json
    differs = {
        "cancel": {"status": ["scheduled", "cancelled"]}, "substitute": {"faculty": [of.teacher.pk, noor.pk]},
        "relocate": {"room": [of.room.pk, hall.pk]},
    }[name]  # fmt: skip
    ((kind, pk, changes, reason),) = lines(before)
    assert (kind, pk, reason) == ("cancelled" if name == "cancel" else "changed", session.pk, "Dr Khan unwell")
    assert {key: changes[key] for key in changes if key not in ("version", "part_of")} == differs
    assert len(told(of.sara)) == heard + 1


def direct(of: make.School, **values: Any) -> int:
    """A session outside the week, on the second day of it."""
    body = {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "course": of.course.pk,
        "starts_at": "2026-03-09T11:00:00+05:00", "ends_at": "2026-03-09T12:00:00+05:00", **values,
    }  # fmt: skip
    made = of.alice.post(SESSIONS, body)
    assert made.status == 201, made.json
    return int(made.json["id"])


def test_a_holiday_leaves_a_line_for_each_session_planned_or_not_and_one_message_each() -> None:
    of = make.school()
    week = make.published(of)
    planned, alone = Session.objects.get().pk, direct(of)
    heard, before = len(told(of.sara)), last()
    holiday = make.directory.holiday("Pakistan Day", "2026-03-09")
    done = of.alice.post(f"{SESSIONS}cancel-for-holiday/", {"holiday": holiday.pk})
    assert done.json == {"cancelled": [planned, alone], "left": []}
    found = {
        session: (kind, changes["status"], changes["part_of"], why) for kind, session, changes, why in lines(before)
    }
    gone = ("cancelled", ["scheduled", "cancelled"])
    assert found == {
        planned: (*gone, {"week_plan": week}, "Holiday: Pakistan Day"),
        alone: (*gone, {"holiday": holiday.pk}, "Holiday: Pakistan Day"),
    }
    assert len(lines(before)) == 2
    assert "timetable.tell_session" not in waiting_jobs()
    assert told(of.sara)[heard:] == [
        "Pathology, Mon 9 March 08:00, cancelled", "Pathology, Mon 9 March 11:00, cancelled",
    ]  # fmt: skip


def test_a_session_of_its_own_leaves_the_same_lines_and_tells_its_audience() -> None:
    of = make.school()
    pk = direct(of)
    ((kind, _, changes, _),) = lines()
    assert (kind, changes["course"], changes["groups"]) == ("created", [None, of.course.pk], [None, [of.groups[0].pk]])
    assert "part_of" not in changes
    cancelled = of.alice.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "Dr Khan unwell"})
    assert cancelled.status == 200, cancelled.json
    assert lines()[1:] == [
        ("cancelled", pk, {"status": ["scheduled", "cancelled"], "version": [1, 2]}, "Dr Khan unwell")
    ]
    assert waiting_jobs() == {"timetable.tell_session", "timetable.sessions_waiting"}
    assert told(of.sara) == ["Pathology, Mon 9 March 11:00, cancelled"]


def test_a_session_that_is_held_and_opened_again_says_so() -> None:
    of = make.school()
    make.published(of)
    pk, before = Session.objects.get().pk, last()
    by = make.directory.actor(of.alice_person)
    actions.complete(pk=pk, by=by)
    actions.complete(pk=pk, reopen=True, by=by)
    assert [(kind, changes["status"]) for kind, _, changes, _ in lines(before)] == [
        ("completed", ["scheduled", "completed"]), ("changed", ["completed", "scheduled"]),
    ]  # fmt: skip


def test_what_was_changed_since_a_version_was_seen_is_known_of_a_planned_session_too() -> None:
    of = make.school()
    pk = make.published(of)
    hall = make.directory.room("Hall 2")
    cell = {"row_index": 1, "day_of_week": 0, "room": hall.pk}
    assert make.save(of.alice, pk, cell, reason="Hall 1 is painted").status == 200
    differing = journal.changed_since(("session", Session.objects.get().pk), 1)
    assert [(each["field"], each["by"]) for each in differing] == [("room", "Alice")]
