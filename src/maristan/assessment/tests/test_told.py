"""Who is told of exams and of what is due, what stands in whose calendar, and what waits."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from maristan.agenda.tests import factories as agenda
from maristan.assessment import jobs
from maristan.assessment.actions import inbox
from maristan.assessment.models import Exam
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
DUE_DAY = "2026-03-16T{}:00+05:00"  # seven days after the exam


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def told(client: Client) -> list[tuple[str, str, str]]:
    """Event, title and body of what somebody was told, the latest first."""
    found = client.get("/api/v1/comms/notifications/").json["results"]
    return [(each["event"], each["title"], each["body"]) for each in found]


def shown_to(kind: str) -> list[str]:
    """Whose calendar shows the entry of a kind."""
    return [key for each in agenda.entries() if each.owner_kind == kind for key in each.audience]


def test_an_announcement_says_when_and_where_also_without_a_place() -> None:
    of = make.college()
    make.announced(of)
    run_jobs()
    assert told(of.sara) == [("exam.announced", "Exam announced: Pathology final", "9 March, 09:00. Pathology")]
    make.announced(of, title="Viva", place=of.room.pk, scheduled_at="2026-03-10T09:00:00+05:00")
    run_jobs()
    assert told(of.sara)[0][2] == "10 March, 09:00. Place: Hall 1. Pathology"


def test_an_exam_announced_anew_says_what_was_before() -> None:
    of = make.college()
    pk = make.announced(of, place=of.room.pk)
    run_jobs()
    make.move(of.eve, pk, "revise", reason="The hall is closed")
    hall = directory.room("Hall 2")
    moved = {"scheduled_at": "2026-03-11T10:30:00+05:00", "place": hall.pk}
    assert of.eve.patch(f"{EXAMS}{pk}/", moved, version=make.exam(pk).version).status == 200
    make.move(of.eve, pk, "announce")
    run_jobs()
    found = told(of.sara)
    assert [each[0] for each in found] == ["exam.changed", "exam.revised", "exam.announced"]
    assert found[0][1:] == (
        "Pathology final has changed",
        "Now: 11 March, 10:30. Place: Hall 2. Before: 9 March, 09:00. Place before: Hall 1. Pathology",
    )
    make.move(of.eve, pk, "revise", reason="Another title")
    of.eve.patch(f"{EXAMS}{pk}/", {"title": "Final"}, version=make.exam(pk).version)
    make.move(of.eve, pk, "announce")
    run_jobs()
    assert told(of.sara)[0] == (
        "exam.changed", "Final has changed", "Now: 11 March, 10:30. Place: Hall 2. Pathology",
    )  # fmt: skip


def test_a_cancelled_draft_is_nobodys_business() -> None:
    of = make.college()
    make.move(of.eve, make.draft(of), "cancel", reason="Entered twice")
    run_jobs()
    assert told(of.sara) == []


def test_who_joins_an_announced_exam_is_told_and_finds_it_in_the_calendar() -> None:
    of = make.college()
    pk = make.announced(of, audience=[[f"person:{of.students[1].person_id}"]])
    run_jobs()
    assert (told(of.sara), shown_to("assessment.marks_due")) == ([], [])
    url, sara = f"{EXAMS}{pk}/candidates/", of.students[0].person_id
    assert of.eve.post(url, {"persons": [sara]}).json == {"entered": 1}
    assert of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk}).status == 201
    run_jobs()
    assert [each[0] for each in told(of.sara)] == [each[0] for each in told(of.khan)] == ["exam.announced"]
    assert [each[0] for each in told(of.bilal)] == ["exam.announced"]
    assert f"person:{sara}" in shown_to("assessment.exam")
    assert shown_to("assessment.marks_due") == [f"person:{of.khan_person.pk}"]


def test_who_leaves_an_exam_no_longer_finds_it_in_the_calendar() -> None:
    of = make.college()
    pk = make.announced(of)
    examiner = of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk}).json["id"]
    first = make.candidates(pk)[0]
    of.eve.post(f"{EXAMS}{pk}/candidates/{first}/moves/withdraw/", {"reason": "Left the program"})
    assert of.eve.delete(f"{EXAMS}{pk}/examiners/{examiner}/").status == 204
    keys = shown_to("assessment.exam")
    assert f"person:{of.students[0].person_id}" not in keys
    assert f"person:{of.khan_person.pk}" not in keys
    assert f"person:{of.students[1].person_id}" in keys
    assert shown_to("assessment.marks_due") == []
    of.eve.post(f"{EXAMS}{pk}/candidates/{first}/moves/restore/", {"reason": "Came back"})
    assert f"person:{of.students[0].person_id}" in shown_to("assessment.exam")


def test_a_draft_is_in_no_calendar_and_holds_no_place() -> None:
    of = make.college()
    pk = make.draft(of, place=of.room.pk)
    of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": of.khan_person.pk})
    assert (agenda.entries().count(), agenda.bookings().count()) == (0, 0)


def test_a_place_is_held_while_an_exam_is_marked_and_free_when_it_is_completed() -> None:
    of = make.college()
    pk = make.published(of, place=of.room.pk)
    assert agenda.bookings().count() == 1
    with clock.stopped_at(make.LATER):
        make.move_all(of.eve, pk, "freeze")
        assert make.move(of.eve, pk, "complete").status == 200
    assert agenda.bookings().count() == 0


def remind(hour: str) -> int:
    with clock.stopped_at(DUE_DAY.format(hour)):
        return inbox.remind(by=jobs.platform(Exam.objects.earliest("pk").institution_id))


def events(client: Client) -> list[str]:
    return [event for event, _, _ in told(client) if event.endswith("due")]


def test_on_the_day_on_which_marks_are_due_their_examiners_are_told_once_at_eight() -> None:
    of = make.college()
    pk = make.marking(of)
    with clock.stopped_at(DUE_DAY.format("08:00").replace("-16T", "-15T")):
        assert inbox.remind(by=jobs.platform(make.exam(pk).institution_id)) == 0
    assert remind("07:59") == 0
    assert remind("08:00") == 1
    assert remind("08:30") == 0
    assert (events(of.khan), events(of.cora), events(of.eve)) == (["marks.due"], [], [])
    assert told(of.khan)[0][1:] == (
        "The marks of Pathology final are due", "3 results without all marks. Due on 16 March.",
    )  # fmt: skip


def test_results_that_wait_are_told_to_who_verifies_and_then_to_who_publishes() -> None:
    of = make.college()
    pk = make.marking(of)
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
    assert remind("09:00") == 2
    assert (events(of.khan), events(of.cora), events(of.eve)) == (
        [], ["results.verification_due"], ["results.verification_due"],
    )  # fmt: skip
    with clock.stopped_at(make.LATER):
        make.move_all(of.cora, pk, "verify")
    assert remind("09:30") == 1
    assert (events(of.cora), events(of.eve)) == (
        ["results.verification_due"], ["results.publication_due", "results.verification_due"],
    )  # fmt: skip
    with clock.stopped_at(make.LATER):
        make.move_all(of.eve, pk, "publish")
    assert remind("10:00") == 0


def test_after_a_month_nobody_is_reminded_any_more() -> None:
    of = make.college()
    pk = make.marking(of)
    for day, count in (("2026-04-16T09:00:00+05:00", 0), ("2026-04-15T09:00:00+05:00", 1)):
        with clock.stopped_at(day):
            assert inbox.remind(by=jobs.platform(make.exam(pk).institution_id)) == count
    assert make.exam(pk).scheduled_at == datetime.fromisoformat(make.STARTS)
