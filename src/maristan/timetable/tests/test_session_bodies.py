"""What a session of its own may be: known, whole, and as it was where nothing changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.actions import sessions as actions
from maristan.timetable.models import Session
from maristan.timetable.queries import surroundings
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/timetable/sessions/"
NOTIFICATIONS = "/api/v1/comms/notifications/"
GONE = 10**9


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def body(of: make.School, **values: Any) -> dict[str, Any]:
    return {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "faculty": of.teacher.pk, "course": of.course.pk,
        "starts_at": "2026-03-10T09:00:00+05:00", "ends_at": "2026-03-10T10:00:00+05:00", **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"group": GONE}, [("/group", "unknown_reference")]),
        ({"group": None}, [("/group", "audience_missing")]),
        ({"course": None, "topic": "Excursion"}, [("/department", "required")]),
        (
            {"course": GONE, "co_faculty": [GONE], "room": GONE},
            [("/course", "unknown_reference"), ("/room", "unknown_reference"), ("/co_faculty/0", "unknown_reference")],
        ),
    ],
)
def test_a_session_of_what_is_unknown_or_missing_is_refused_at_its_place(
    values: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    of = make.school()
    refused = of.alice.post(SESSIONS, body(of, **values))
    assert (refused.status, refused.pointers) == (422, faults)
    assert not Session.objects.exists()


def test_each_group_and_teacher_that_is_unknown_is_named_by_its_place() -> None:
    of = make.school()
    several = {**body(of), "groups": [of.groups[0].pk, GONE], "co_faculty": [of.alice_person.pk, GONE]}
    del several["group"]
    refused = of.alice.post(SESSIONS, several)
    faults = [("/groups/1", "unknown_reference"), ("/co_faculty/1", "unknown_reference")]
    assert (refused.status, refused.pointers, Session.objects.count()) == (422, faults, 0)


def test_a_change_that_changes_nothing_leaves_no_line() -> None:
    of = make.school()
    made = of.alice.post(SESSIONS, body(of))
    assert made.status == 201, made.json
    before = JournalLine.objects.count()
    same = of.alice.patch(f"{SESSIONS}{made.json['id']}/", body(of))
    assert (same.status, Session.objects.get().version, JournalLine.objects.count()) == (200, 1, before)


@pytest.mark.parametrize(("name", "pointer"), [("substitute", "/faculty"), ("relocate", "/room")])
def test_another_teacher_or_room_is_named(name: str, pointer: str) -> None:
    of = make.school()
    pk = of.alice.post(SESSIONS, body(of)).json["id"]
    with pytest.raises(Invalid) as refused:
        actions.move(pk=pk, name=name, reason="Dr Khan unwell", by=make.directory.actor(of.alice_person))
    assert [(each.pointer, each.code) for each in refused.value.faults] == [(pointer, "required")]
    assert Session.objects.get().version == 1


def test_a_cancelled_session_has_no_attendance() -> None:
    of = make.school()
    pk = of.alice.post(SESSIONS, body(of)).json["id"]
    assert of.alice.post(f"{SESSIONS}{pk}/moves/cancel/", {"reason": "Dr Khan unwell"}).status == 200
    with pytest.raises(NotNow) as refused:
        actions.record_attendance(pk=pk, at=clock.now(), by=make.directory.actor(of.alice_person))
    assert (refused.value.code, Session.objects.get().attendance_recorded_at) == ("wrong_status", None)


def test_who_has_a_session_of_its_own_hears_where_it_is_now_and_with_whom_by_name() -> None:
    of = make.school()
    hall = make.directory.room("Hall 2")
    pk = of.alice.post(SESSIONS, body(of, room=of.room.pk)).json["id"]
    run_jobs()
    changed = of.alice.patch(f"{SESSIONS}{pk}/", {"room": hall.pk, "groups": [each.pk for each in of.groups]})
    assert changed.status == 200, changed.json
    run_jobs()
    for who in (of.sara, Client(of.teacher)):
        message = who.get(NOTIFICATIONS).json["results"][0]
        assert message["params"]["lines"][0]["changes"] == [
            {"field": "room", "old": "Hall 1", "new": "Hall 2"}, {"field": "groups", "old": ["A"], "new": ["A", "B"]},
        ]  # fmt: skip
        assert message["event"] == "session_occurrence.changed"


def test_sessions_are_listed_by_who_teaches_them_and_by_when_they_changed() -> None:
    of = make.school()
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    alone = of.alice.post(SESSIONS, body(of)).json["id"]
    later = {"starts_at": "2026-03-11T09:00:00+05:00", "ends_at": "2026-03-11T10:00:00+05:00"}
    together = of.alice.post(SESSIONS, body(of, co_faculty=[noor.pk], **later)).json["id"]
    Session.objects.filter(pk=alone).update(updated_at="2026-03-01T00:00:00+00:00")

    def listed(query: str) -> list[int]:
        return [each["id"] for each in of.alice.get(f"{SESSIONS}?ordering=starts_at&{query}").json["results"]]

    assert listed(f"faculty={of.teacher.pk}") == [alone, together]
    assert listed(f"faculty={noor.pk}") == [together]
    assert listed(f"faculty={of.alice_person.pk}") == []
    assert listed("changed_since=2026-03-01T00:00:01%2B00:00") == [together]


@pytest.mark.parametrize(
    ("teachers", "section", "groups", "own"),
    [
        ([5], None, [], True), ([6], None, [3], True), ([6], None, [4], False), ([5], 8, [], True), ([6], 7, [], True),
        ([6], 8, [3], False),
    ],
)  # fmt: skip
def test_ones_own_are_sessions_that_one_teaches_or_attends_a_section_by_its_enrolments(
    teachers: list[int], section: int | None, groups: list[int], own: bool
) -> None:
    sara = Actor(1, 1, person_id=5, audience=frozenset({"group:3", "section:7"}))
    assert surroundings.is_own(sara, teachers, section, groups) is own


def test_an_hour_that_a_clock_leaves_out_is_occupied_by_nobody() -> None:
    of = make.school()
    make.directory.Institution.objects.update(time_zone="Europe/Berlin")
    for batch in (of.batch, make.academics.batch(of.batch.program)):
        group = make.academics.group(batch)
        pk = make.week(of, "2026-03-23", batch=batch.pk)
        lessons = [make.lesson(of, day=day, groups=[group.pk]) for day in (5, 6)]
        assert make.save(of.alice, pk, *lessons, rows=[make.times(1, "02:30", "03:00")]).status == 200
    found = of.alice.get(f"{make.WEEKS}{pk}/conflicts/").json["results"]
    assert [each["when"]["date"] for each in found if each["code"] == "room_clash"] == ["2026-03-28"]
