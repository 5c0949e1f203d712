"""Who is told what about weeks and sessions, in the application and by mail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from maristan.kernel import clock, events
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/api/v1/comms/notifications/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def told(who: Client) -> list[dict[str, Any]]:
    """What a person was told, oldest first."""
    return list(reversed(who.get(NOTIFICATIONS).json["results"]))


def titles(who: Client) -> list[str]:
    return [each["title"] for each in told(who)]


def neighbour(of: make.School) -> Client:
    """Omar, a student of the second group."""
    omar = make.directory.member("Omar", "student")
    make.academics.student(of.groups[1], person=omar)
    return Client(omar)


def amend(of: make.School, pk: int, *cells: dict[str, Any], reason: str = "Hall 1 is painted") -> None:
    answer = make.save(of.alice, pk, *cells, reason=reason)
    assert answer.status == 200, answer.json
    run_jobs()


def test_a_published_week_is_told_to_its_students_and_teachers_once() -> None:
    of = make.school()
    omar, khan = neighbour(of), Client(of.teacher)
    pk = make.published(of)
    run_jobs()
    (message,) = told(of.sara)
    assert (message["event"], message["title"]) == (
        "week_plan.published", "Timetable for the week of 9 March is out",
    )  # fmt: skip
    assert message["params"]["week_start_date"] == "2026-03-09"
    assert message["url"] == f"/timetable/weeks/{pk}"
    assert titles(khan) == [message["title"]]
    assert told(omar) == []
    line = JournalLine.objects.get(kind="week_plan.published")
    events.subscriber("timetable.tell_published")(line.pk)
    assert len(told(of.sara)) == 1


def test_publishing_again_without_a_difference_tells_nobody() -> None:
    of = make.school()
    pk = make.published(of)
    run_jobs()
    make.move(of.alice, pk, "publish")
    run_jobs()
    assert len(told(of.sara)) == 1


def test_an_amendment_is_told_to_those_it_touches_with_its_reason() -> None:
    of = make.school()
    omar = neighbour(of)
    second = make.lesson(
        of, row=2, faculty=None, faculty_name="Guest", room=None, groups=[of.groups[1].pk], topic="Ethics"
    )
    rows = [make.times(1, lane="A"), make.times(2, lane="B")]
    pk = make.published(of, make.lesson(of), second, rows=rows)
    run_jobs()
    hall = make.directory.room("Hall 2")
    answer = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": hall.pk}, preview=True)
    assert answer.json["consequences"]["persons_notified"] == 2
    amend(of, pk, {"row_index": 1, "day_of_week": 0, "room": hall.pk})
    said = "Pathology, Mon 9 March 08:00, moved to Hall 2 (was Hall 1)"
    for who in (of.sara, Client(of.teacher)):
        message = told(who)[-1]
        assert (message["event"], message["title"]) == ("week_plan.amended", said)
        assert message["body"] == f"{said}. Reason: Hall 1 is painted"
        assert message["params"]["lines"][0]["changes"] == [{"field": "room", "old": "Hall 1", "new": "Hall 2"}]
        assert "people" not in message["params"]["lines"][0]
    assert titles(omar) == ["Timetable for the week of 9 March is out"]


def test_a_preview_names_the_section_that_is_taught() -> None:
    of = make.school()
    section = make.academics.section(of.course, academic_period=of.period, name="Section One")
    pk = make.published(of, make.lesson(of, section=section.pk, groups=[]))
    hall = make.directory.room("Hall 2")
    seen = make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "room": hall.pk}, preview=True)
    assert [each["audience"] for each in seen.json["consequences"]["sessions"]] == [["PATH Section One"]]


def test_a_substitution_is_told_to_the_teacher_before_and_after() -> None:
    of = make.school()
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    pk = make.published(of)
    run_jobs()
    amend(of, pk, {"row_index": 1, "day_of_week": 0, "faculty": noor.pk}, reason="Dr Khan unwell")
    said = "Pathology, Mon 9 March 08:00, taught by Dr Noor (was Dr Khan)"
    assert titles(Client(noor)) == [said]
    assert titles(Client(of.teacher))[-1] == said


def test_a_group_taken_out_is_told_as_much_as_the_one_put_in() -> None:
    of = make.school()
    omar = neighbour(of)
    pk = make.published(of)
    run_jobs()
    amend(of, pk, {"row_index": 1, "day_of_week": 0, "groups": [of.groups[1].pk]})
    said = "Pathology, Mon 9 March 08:00, for B (was A)"
    assert (titles(of.sara)[-1], titles(omar)) == (said, [said])


def test_several_changes_in_one_save_make_one_message() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of), make.lesson(of, day=1))
    run_jobs()
    before = len(told(of.sara))
    hall = make.directory.room("Hall 2")
    amend(
        of, pk,
        {"row_index": 1, "day_of_week": 0, "room": hall.pk},
        {"row_index": 1, "day_of_week": 1, "status": "empty"},
    )  # fmt: skip
    (message,) = told(of.sara)[before:]
    assert message["title"] == "Timetable changed: 2 sessions in the week of 9 March"
    assert message["body"].split("\n") == [
        "Pathology, Mon 9 March 08:00, moved to Hall 2 (was Hall 1)",
        "Pathology, Tue 10 March 08:00, cancelled",
        "Reason: Hall 1 is painted",
    ]


def test_a_week_taken_back_is_told_to_the_same_audience() -> None:
    of = make.school()
    omar = neighbour(of)
    pk = make.published(of)
    run_jobs()
    make.move(of.alice, pk, "revert", reason="Wrong draft")
    run_jobs()
    for who in (of.sara, Client(of.teacher)):
        message = told(who)[-1]
        assert message["title"] == "Timetable for the week of 9 March was taken back"
        assert message["body"].endswith("Reason: Wrong draft")
    assert told(omar) == []


def test_a_verified_week_is_told_to_those_who_may_publish_it_and_to_no_others() -> None:
    of = make.school()
    carl = make.directory.member("Carl", "coordinator", scope=("program", of.batch.program_id + 999))
    anna = make.directory.member("Anna", "admin")
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    make.move(of.bob, pk, "verify")
    run_jobs()
    said = ["The week of 9 March is verified and can be published"]
    assert (titles(of.alice), titles(Client(anna))) == (said, said)
    assert told(of.alice)[0]["body"].endswith("Verified by Bob.")
    assert (told(of.bob), told(Client(carl)), told(of.sara)) == ([], [], [])


def test_who_verifies_a_week_needs_not_be_told_of_it() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    make.move(of.alice, pk, "verify")
    run_jobs()
    assert told(of.alice) == []


def test_a_returned_week_is_told_to_its_last_editor_with_the_reason() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    make.move(of.bob, pk, "verify")
    make.move(of.bob, pk, "return", reason="Friday is missing")
    run_jobs()
    message = told(of.alice)[-1]
    assert message["title"] == "The week of 9 March was returned to draft"
    assert message["body"].endswith("Bob: Friday is missing")
    assert told(of.bob) == []


def test_a_draft_is_told_to_nobody() -> None:
    of = make.school()
    pk = make.week(of)
    make.save(of.alice, pk, make.lesson(of), rows=[make.times()])
    run_jobs()
    assert [told(who) for who in (of.sara, Client(of.teacher), of.alice)] == [[], [], []]


def test_a_direct_session_that_moves_or_goes_is_told_to_its_audience() -> None:
    of = make.school()
    url = "/api/v1/timetable/sessions/"
    body = {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "faculty": of.teacher.pk, "course": of.course.pk,
        "department": of.department.pk, "starts_at": "2026-03-10T09:00:00+05:00",
        "ends_at": "2026-03-10T10:00:00+05:00",
    }  # fmt: skip
    made = of.alice.post(url, body)
    assert made.status == 201, made.json
    pk = made.json["id"]
    moved = of.alice.patch(f"{url}{pk}/", {
        "starts_at": "2026-03-10T11:00:00+05:00", "ends_at": "2026-03-10T12:00:00+05:00",
    })  # fmt: skip
    assert moved.status == 200, moved.json
    run_jobs()
    assert titles(of.sara) == ["Pathology, Tue 10 March 09:00, now at Tue 10 March 11:00"]
    of.alice.patch(f"{url}{pk}/", {"note": "Bring coats"})
    run_jobs()
    assert len(told(of.sara)) == 1
    assert of.alice.delete(f"{url}{pk}/").status == 204
    run_jobs()
    assert titles(of.sara)[-1].endswith("Tue 10 March 11:00, cancelled")
    assert titles(Client(of.teacher)) == titles(of.sara)


def test_a_cancelled_direct_session_is_told_with_its_reason() -> None:
    of = make.school()
    url = "/api/v1/timetable/sessions/"
    body = {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "faculty": of.teacher.pk, "course": of.course.pk,
        "department": of.department.pk, "starts_at": "2026-03-10T09:00:00+05:00",
        "ends_at": "2026-03-10T10:00:00+05:00",
    }  # fmt: skip
    pk = of.alice.post(url, body).json["id"]
    assert of.alice.post(f"{url}{pk}/moves/cancel/", {"reason": "Dr Khan unwell"}).status == 200
    run_jobs()
    assert told(of.sara)[-1]["body"] == "Pathology, Tue 10 March 09:00, cancelled. Reason: Dr Khan unwell"


def test_a_planned_session_moved_by_itself_is_told_once_as_an_amendment() -> None:
    of = make.school()
    make.published(of)
    run_jobs()
    hall = make.directory.room("Hall 2")
    session = Session.objects.get()
    moved = of.alice.post(
        f"/api/v1/timetable/sessions/{session.pk}/moves/relocate/", {"room": hall.pk, "reason": "Painting"}
    )
    assert moved.status == 200, moved.json
    run_jobs()
    assert titles(of.sara)[1:] == ["Pathology, Mon 9 March 08:00, moved to Hall 2 (was Hall 1)"]


def test_mail_follows_to_those_who_have_an_address() -> None:
    of = make.school()
    make.directory.email(of.sara_person, "sara@example.org")
    make.published(of)
    run_jobs()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["sara@example.org"], "Timetable for the week of 9 March is out")
    assert "/timetable/weeks/" in sent.body


def test_another_institution_hears_nothing() -> None:
    zara = make.school("other").alice
    of = make.school()
    make.published(of)
    run_jobs()
    assert (len(told(of.sara)), told(zara)) == (1, [])
