"""What a publication writes beside its sessions: who teaches and attends, what is held, what the calendar shows."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.agenda.tests import factories as agenda
from maristan.kernel import clock
from maristan.timetable.models import Session, SessionAllocation, SessionGroup, SessionTeacher
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
CELL = {"row_index": 1, "day_of_week": 0}


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def amend(of: make.School, pk: int, **values: Any) -> None:
    answer = make.save(of.alice, pk, {**CELL, **values}, reason="As agreed")
    assert answer.status == 200, answer.json


def held() -> list[tuple[str, int]]:
    rows = SessionAllocation.objects.filter(is_live=True)
    return sorted(rows.values_list("kind", "resource_id"))


def test_further_teachers_come_go_and_keep_their_order_with_what_they_hold() -> None:
    of = make.school()
    scope = ("department", of.department.pk)
    noor, aziz = (make.directory.member(name, "faculty", scope=scope).pk for name in ("Dr Noor", "Dr Aziz"))
    pk = make.published(of, make.lesson(of, co_faculty=[noor]))
    others = [("group", of.groups[0].pk), ("room", of.room.pk)]
    for further in ([noor], [aziz, noor], [noor, aziz], []):
        amend(of, pk, co_faculty=further)
        assert list(SessionTeacher.objects.order_by("pk").values_list("person_id", flat=True)) == further
        assert held() == sorted([*(("faculty", each) for each in (of.teacher.pk, *further)), *others])


def test_groups_keep_their_order_and_the_first_is_that_of_the_session() -> None:
    of = make.school()
    first, second = (each.pk for each in of.groups)
    pk = make.published(of)
    for groups in ([second, first], [first, second], [second]):
        amend(of, pk, groups=groups)
        rows = SessionGroup.objects.order_by("position").values_list("position", "group_id")
        assert list(rows) == list(enumerate(groups))
        assert Session.objects.get().group_id == groups[0]


def test_a_cancelled_session_keeps_its_words_in_the_calendar_and_stands_there_again_when_revived() -> None:
    of = make.school()
    pk = make.published(of)
    assert make.move(of.alice, pk, "revert", reason="Wrong draft").status == 200
    entry = agenda.entries().get()
    assert (entry.title, entry.place, entry.is_cancelled, entry.cancel_reason, entry.sequence) == (
        "Pathology", "Hall 1", True, "Wrong draft", 2,
    )  # fmt: skip
    assert (held(), agenda.bookings().exists()) == ([], False)
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    entry = agenda.entries().get()
    assert (entry.is_cancelled, entry.cancel_reason, entry.sequence) == (False, "", 3)
    assert len(held()) == 3
    assert agenda.bookings().get().owner_id == Session.objects.get().pk


def test_what_took_place_stays_completed_when_its_week_is_amended() -> None:
    of = make.school()
    pk = make.published(of)
    Session.objects.update(status="completed")
    amend(of, pk, topic="Necrosis")
    session = Session.objects.get()
    assert (session.status, session.topic, len(held())) == ("completed", "Necrosis", 3)
