"""What the views across plans say: who is free for a session, what stands against plans, what things are called."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from maristan.config.tests import routes
from maristan.kernel import clock
from maristan.timetable.models import Session
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db
BASE = "/api/v1/timetable/"
WINDOW = "?starts_at=2026-03-09T08:30:00%2B05:00&ends_at=2026-03-09T09:00:00%2B05:00"
KEYS = {"code", "severity", "who", "where", "when", "cells", "with", "detail"}


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def free(who: make.Client, what: str, query: str) -> dict[str, bool]:
    answer = who.get(f"{BASE}free-{what}/{WINDOW}{query}")
    assert answer.status == 200, answer.json
    return {each["name"]: each["is_free"] for each in answer.json["results"]}


def test_a_session_that_is_to_move_does_not_stand_in_its_own_way() -> None:
    of = make.school()
    make.published(of, make.lesson(of))
    noor = make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk))
    hall = make.directory.room("Hall 2")
    other = make.lesson(of, row=2, room=hall.pk, faculty=noor.pk, groups=[of.groups[1].pk])
    second = make.academics.batch(of.batch.program)
    group = make.academics.group(second)
    pk = make.week(of, batch=second.pk)
    make.save(of.alice, pk, {**other, "row_index": 1, "groups": [group.pk]}, rows=[make.times()])
    for name in ("verify", "publish"):
        assert make.move(of.alice, pk, name).status == 200
    session = Session.objects.get(room=of.room)
    assert free(of.alice, "rooms", "") == {"Hall 1": False, "Hall 2": False}
    assert free(of.alice, "teachers", "") == {"Dr Khan": False, "Dr Noor": False}
    assert free(of.alice, "rooms", f"&without={session.pk}") == {"Hall 1": True, "Hall 2": False}
    assert free(of.alice, "teachers", f"&without={session.pk}") == {"Dr Khan": True, "Dr Noor": False}


def test_nobody_learns_from_free_rooms_where_a_session_is_that_they_may_not_see() -> None:
    of = make.school()
    make.published(of)
    session = Session.objects.get().pk
    khan = make.Client(of.teacher)
    noor = make.Client(make.directory.member("Dr Noor", "faculty", scope=("department", of.department.pk)))
    assert free(khan, "rooms", f"&without={session}") == {"Hall 1": True}
    for who, pk in ((noor, session), (of.alice, session + 1000), (make.school("other").alice, session)):
        refused = who.get(f"{BASE}free-rooms/{WINDOW}&without={pk}")
        assert (refused.status, refused.pointers) == (422, [("?without", "unknown_reference")])


def test_a_free_room_is_found_by_its_seats_and_by_what_it_has() -> None:
    of = make.school()
    hall, seminar = make.directory.room("Hall 2", 200), make.directory.room("Seminar", 20)
    make.directory.room("Closed", 500, is_active=False)
    for room in (hall, seminar):
        make.directory.with_feature(room, "projector")
    assert set(free(of.alice, "rooms", "")) == {"Hall 1", "Hall 2", "Seminar"}
    assert set(free(of.alice, "rooms", "&capacity=100")) == {"Hall 1", "Hall 2"}
    assert set(free(of.alice, "rooms", "&feature=Projector")) == {"Hall 2", "Seminar"}
    assert set(free(of.alice, "rooms", "&feature=projector&capacity=100")) == {"Hall 2"}
    assert set(free(of.alice, "rooms", "&feature=piano")) == set()
    assert set(free(of.alice, "rooms", "&search=hall")) == {"Hall 1", "Hall 2"}
    assert of.alice.get(f"{BASE}free-rooms/{WINDOW}&capacity=-1").pointers == [("?capacity", "bad_value")]


def test_sessions_name_their_period_and_course() -> None:
    of = make.school()
    make.published(of)
    pk = Session.objects.get().pk
    (row,) = of.alice.get(f"{BASE}sessions/").json["results"]
    for shown in (row, of.alice.get(f"{BASE}sessions/{pk}/").json):
        assert (shown["academic_period_name"], shown["course_name"]) == (of.period.name, "Pathology")
    body = {
        "academic_period": of.period.pk, "group": of.groups[0].pk, "department": of.department.pk,
        "topic": "Excursion", "starts_at": "2026-03-10T09:00:00+05:00", "ends_at": "2026-03-10T10:00:00+05:00",
    }  # fmt: skip
    assert of.alice.post(f"{BASE}sessions/", body).json["course_name"] == ""


def described(path: str) -> Any:
    """A validator of what a path answers; only keys that its description has are allowed."""
    whole = json.loads(json.dumps(routes.description()))
    answer = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    parts = whole["components"]["schemas"]
    for name in ("ConflictOut", "PlanConflictOut", "OtherSideOut", "WhenOut", "CellRefOut"):
        parts[name]["additionalProperties"] = False
    return jsonschema_rs.validator_for({**answer, "components": whole["components"]})


def clashing(of: make.School) -> list[int]:
    """Two drafts in one room, one of them without a teacher and on a holiday."""
    made = []
    for at, batch in enumerate((of.batch, make.academics.batch(of.batch.program, "Second"))):
        group = make.academics.group(batch)
        pk = make.week(of, batch=batch.pk)
        cells = [make.lesson(of, groups=[group.pk])]
        cells += [make.lesson(of, day=1, groups=[group.pk], faculty=None, room=None)] * at
        assert make.save(of.alice, pk, *cells, rows=[make.times()]).status == 200
        made.append(pk)
    make.directory.holiday("Pakistan Day", "2026-03-10")
    return made


def test_conflicts_are_answered_as_they_are_described_wherever_they_are_shown() -> None:
    of = make.school()
    first, second = clashing(of)
    across = of.alice.get(f"{BASE}conflicts/?from=2026-03-09&to=2026-03-15").json
    alone = of.alice.get(f"{WEEKS}{second}/conflicts/").json
    page = of.alice.get(f"{WEEKS}{second}/").json
    for path, answer in (
        (f"{BASE}conflicts/", across), (f"{WEEKS}{{pk}}/conflicts/", alone), (f"{WEEKS}{{pk}}/", page),
    ):  # fmt: skip
        assert [error.message for error in described(path).iter_errors(answer)] == []
    assert alone == page["conflicts"]
    assert {frozenset(each) for each in alone["results"]} == {frozenset(KEYS)}
    assert {frozenset(each) for each in across["results"]} == {frozenset(KEYS | {"week_plan", "batch_name"})}
    clash = next(each for each in alone["results"] if each["code"] == "room_clash")
    assert clash == {
        "code": "room_clash", "severity": "warn", "who": {"id": of.teacher.pk, "name": "Dr Khan"},
        "where": {"id": of.room.pk, "name": "Hall 1"},
        "when": {"date": "2026-03-09", "starts_at": "2026-03-09T03:00:00Z", "ends_at": "2026-03-09T03:50:00Z"},
        "cells": [{"id": page["cells"][0]["id"], "row_index": 1, "day_of_week": 0}],
        "with": {
            "kind": "cell", "id": of.alice.get(f"{WEEKS}{first}/").json["cells"][0]["id"], "label": "Pathology",
            "week_plan": first, "status": "draft",
        },
        "detail": {},
    }  # fmt: skip


@pytest.mark.parametrize("last", ["2026-03-08", "2026-04-10"])
def test_conflicts_across_plans_are_asked_for_a_month_at_most(last: str) -> None:
    of = make.school()
    refused = of.alice.get(f"{BASE}conflicts/?from=2026-03-09&to={last}")
    assert (refused.status, refused.pointers) == (422, [("?to", "bad_window")])


def test_conflicts_across_plans_name_the_batch_of_each() -> None:
    of = make.school()
    first, second = clashing(of)
    found = of.alice.get(f"{BASE}conflicts/?from=2026-03-09&to=2026-03-15").json["results"]
    assert {(each["week_plan"], each["batch_name"]) for each in found} == {(first, of.batch.name), (second, "Second")}


def test_what_stands_against_a_week_is_for_those_who_plan_it() -> None:
    of = make.school()
    make.academics.student(of.groups[1])
    pk = make.published(of, make.lesson(of, room=None))
    other = make.academics.batch(make.academics.program())
    emil = make.Client(make.directory.member("Emil", "coordinator", scope=("program", other.program_id)))
    nadia = make.directory.department("Anatomy")
    hadi = make.Client(make.directory.member("Hadi", "department_head", scope=("department", nadia.pk)))
    for stranger in (emil, hadi):
        seen = stranger.get(f"{WEEKS}{pk}/").json
        assert (seen["status"], seen["moves"], seen["conflicts"]) == ("published", [], None)
        refused = stranger.get(f"{WEEKS}{pk}/conflicts/")
        assert (refused.status, refused.code) == (404, "not_found")
        assert stranger.get(f"{BASE}conflicts/?from=2026-03-09&to=2026-03-15").json["count"] == 0
    for planner in (of.alice, of.bob, make.Client(make.directory.member("Olga", "office_assistant"))):
        assert [each["code"] for each in planner.get(f"{WEEKS}{pk}/").json["conflicts"]["results"]] == ["room_missing"]
        assert planner.get(f"{WEEKS}{pk}/conflicts/").json["count"] == 1
        assert planner.get(f"{BASE}conflicts/?from=2026-03-09&to=2026-03-15").json["count"] == 1
    refused = of.sara.get(f"{WEEKS}{pk}/conflicts/")
    assert (refused.status, refused.code) == (403, "not_allowed")
