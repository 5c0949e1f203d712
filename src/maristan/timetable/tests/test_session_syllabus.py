"""What of the syllabus sessions teach, and who says so."""

from collections.abc import Iterator

import pytest

from maristan.academics.tests import factories as academics
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.test_sessions import SESSIONS, body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def test_a_teacher_says_what_of_the_syllabus_an_own_session_teaches() -> None:
    of = make.school()
    make.published(of)
    session = Session.objects.get()
    url = f"{SESSIONS}{session.pk}/"
    second, first = academics.syllabus_item(of.course, order_no=2), academics.syllabus_item(of.course, order_no=1)
    khan = make.Client(of.teacher)
    done = khan.patch(url, {"syllabus_items": [second.pk, first.pk]})
    assert (done.status, [each["id"] for each in done.json["syllabus_items"]]) == (200, [first.pk, second.pk])
    assert done.json["version"] == session.version + 1
    line = JournalLine.objects.filter(kind="session_occurrence.changed").latest("id")
    assert line.changes["syllabus_items"] == [[], sorted([first.pk, second.pk])]
    assert khan.patch(url, {"syllabus_items": [first.pk, second.pk]}).json["version"] == session.version + 1
    hidden = academics.syllabus_item(is_active=False)
    refused = khan.patch(url, {"syllabus_items": [first.pk, hidden.pk], "topic": "Changed"})
    assert (refused.status, refused.pointers) == (422, [("/syllabus_items/1", "unknown_reference")])
    assert Session.objects.get().topic == session.topic
    kept = make.Client(directory.member("Ruth", "registrar")).delete(f"/api/v1/academics/syllabus-items/{first.pk}/")
    assert (kept.status, kept.code) == (409, "PROTECTED_DELETE")
    assert khan.patch(url, {"syllabus_items": []}).json["syllabus_items"] == []


def test_a_session_of_its_own_is_made_with_what_it_teaches() -> None:
    of = make.school()
    item = academics.syllabus_item(of.course)
    made = of.alice.post(SESSIONS, body(of, syllabus_items=[item.pk]))
    assert (made.status, [each["id"] for each in made.json["syllabus_items"]]) == (201, [item.pk])
    url = f"{SESSIONS}{made.json['id']}/"
    assert of.alice.patch(url, {"syllabus_items": []}).json["syllabus_items"] == []
    assert of.alice.patch(url, {"syllabus_items": [2**40]}).pointers == [("/syllabus_items/0", "unknown_reference")]
