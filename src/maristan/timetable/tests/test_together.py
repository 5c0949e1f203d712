"""Two people press at once."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from maristan.kernel import clock, tenancy
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client
from maristan.timetable.actions import sessions as actions
from maristan.timetable.models import Session, WeekPlan
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS


@pytest.fixture
def of(own_database: Callable[[str], None]) -> make.School:
    with transaction.atomic():
        return make.school()


def at_once(*presses: Callable[[], Answer]) -> list[Answer]:
    """The answers of presses that start together, each on a connection of its own."""
    start = threading.Barrier(len(presses))
    answers: list[Answer | None] = [None] * len(presses)

    def press(at: int, call: Callable[[], Answer]) -> None:
        with clock.stopped_at(make.CLOCK):
            start.wait()
            answers[at] = call()
        connection.close()

    threads = [threading.Thread(target=press, args=each) for each in enumerate(presses)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [each for each in answers if each is not None]


def verified(of: make.School, start: str = "2026-03-09", **values: object) -> int:
    with clock.stopped_at(make.CLOCK):
        pk = make.week(of, start, **{key: value for key, value in values.items() if key == "batch"})
        cell = make.lesson(of, **{key: value for key, value in values.items() if key != "batch"})
        assert make.save(of.alice, pk, cell, rows=[make.times()]).status == 200
        assert make.move(of.alice, pk, "verify").status == 200
    return pk


def institution(of: make.School) -> int:
    return int(of.batch.institution_id)


def test_two_publish_the_same_week_and_there_is_one_set_of_sessions(of: make.School) -> None:
    pk = verified(of)
    other = Client(of.alice_person)
    answers = at_once(lambda: make.move(of.alice, pk, "publish"), lambda: make.move(other, pk, "publish"))
    assert [each.status for each in answers] == [200, 200]
    assert sorted(each.json["delta"]["created"] for each in answers) == [0, 1]
    with tenancy.acting_in(institution(of)):
        assert Session.objects.count() == 1
        assert JournalLine.objects.filter(kind="week_plan.published").count() == 1


def test_two_batches_publish_one_room_and_one_is_refused_with_the_others_name(of: make.School) -> None:
    with tenancy.acting_in(institution(of)):
        second = make.academics.batch(of.batch.program)
        group = make.academics.group(second)
    first_week = verified(of)
    other_week = verified(of, batch=second.pk, groups=[group.pk], faculty=None, faculty_name="Guest")
    other = Client(of.alice_person)
    answers = at_once(
        lambda: make.move(of.alice, first_week, "publish"), lambda: make.move(other, other_week, "publish")
    )
    assert sorted(each.status for each in answers) == [200, 409]
    refused = next(each for each in answers if each.status == 409)
    loser = other_week if answers[1].status == 409 else first_week
    winner = first_week if loser == other_week else other_week
    clash = next(each for each in refused.json["missing"] if each["code"] == "room_clash")
    assert clash["where"]["with"]["week_plan"] == winner
    with tenancy.acting_in(institution(of)):
        assert Session.objects.count() == 1
        assert WeekPlan.objects.get(pk=loser).status == "verified"


def test_two_save_one_version_and_the_second_is_told(of: make.School) -> None:
    with clock.stopped_at(make.CLOCK):
        pk = make.week(of)
    other = Client(of.alice_person)

    def saving(client: Client, day: int) -> Callable[[], Answer]:
        return lambda: client.post(f"{WEEKS}{pk}/save-grid/", {"cells": [make.lesson(of, day=day)]}, version=1)

    answers = at_once(saving(of.alice, 0), saving(other, 1))
    assert sorted(each.status for each in answers) == [200, 412]
    stale = next(each for each in answers if each.status == 412)
    assert [each["field"] for each in stale.json["differing"]]


def test_two_create_the_same_week_and_there_is_one(of: make.School) -> None:
    body = {"week_start_date": "2026-03-09", "scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    other = Client(of.alice_person)
    answers = at_once(lambda: of.alice.post(WEEKS, body), lambda: other.post(WEEKS, body))
    assert sorted(each.status for each in answers) == [201, 409]
    won, lost = sorted(answers, key=lambda each: each.status)
    assert (lost.code, lost.json["id"]) == ("week_exists", won.json["id"])
    with tenancy.acting_in(institution(of)):
        assert WeekPlan.objects.count() == 1


def test_attendance_that_is_being_recorded_is_waited_for_before_a_revert(of: make.School) -> None:
    pk = verified(of)
    with clock.stopped_at(make.CLOCK):
        assert make.move(of.alice, pk, "publish").status == 200
    recorded, answers = threading.Event(), []

    def mark() -> None:
        with clock.stopped_at(make.CLOCK), tenancy.acting_in(institution(of)):
            session = Session.objects.get()
            actions.record_attendance(pk=session.pk, at=clock.now(), by=make.directory.actor(of.alice_person))
            recorded.set()
            time.sleep(0.5)  # the register is not yet committed while the revert begins
        connection.close()

    def revert() -> None:
        recorded.wait()
        with clock.stopped_at(make.CLOCK):
            answers.append(make.move(of.alice, pk, "revert", reason="Too early"))
        connection.close()

    threads = [threading.Thread(target=each) for each in (mark, revert)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [(each.status, each.missing) for each in answers] == [(409, ["attendance_exists"])]
    with tenancy.acting_in(institution(of)):
        assert Session.objects.get().status == "scheduled"


def test_two_create_the_same_four_weeks_and_both_get_them(of: make.School) -> None:
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    other = Client(of.alice_person)
    answers = at_once(
        lambda: of.alice.post(f"{WEEKS}create-next-4/", body), lambda: other.post(f"{WEEKS}create-next-4/", body)
    )
    assert sorted(each.status for each in answers) == [200, 201]
    assert {tuple(week["id"] for week in each.json["weeks"]) for each in answers} == {
        tuple(week["id"] for week in answers[0].json["weeks"])
    }
    with tenancy.acting_in(institution(of)):
        assert WeekPlan.objects.count() == 4
