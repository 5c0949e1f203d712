"""Learners hear when they near a threshold or fall below it, once."""

from datetime import date

import pytest

from maristan.attendance.actions import risks
from maristan.attendance.models import Warned
from maristan.attendance.rules.percentages import Counts, Risk, Terms, risk
from maristan.attendance.tests import factories as make
from maristan.config.tests.counting import counted
from maristan.kernel import clock
from maristan.kernel.access import platform

NIGHT = "2026-03-10T02:40:00+05:00"


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        (Counts(present=4, absent=1), Risk.NEAR), (Counts(present=81, absent=19), Risk.NONE),
        (Counts(present=3, absent=1), Risk.NEAR), (Counts(present=2, absent=1), Risk.BELOW), (Counts(), Risk.NONE),
    ],
)  # fmt: skip
def test_near_is_up_to_the_margin_above_the_threshold(counts: Counts, level: Risk) -> None:
    assert risk(counts, Terms()) is level


def night(of: make.Class, day: str) -> int:
    """The nightly job of a day; gives how many learners it tells."""
    with clock.stopped_at(f"{day}T02:40:00+05:00"):
        return risks.warn(by=platform(of.session.institution_id))


def told(client: make.Client) -> list[str]:
    return [each["title"] for each in client.get("/api/v1/comms/notifications/").json["results"]]


@pytest.mark.django_db
def test_who_nears_the_threshold_yesterday_is_told_once_in_the_night() -> None:
    of = make.a_class()
    make.held(of, "present", "present", "present", start=date(2026, 3, 5))
    make.held(of, "absent", start=date(2026, 3, 9), course=of.school.course)
    with clock.stopped_at("2026-03-10T01:40:00+05:00"):
        assert risks.warn(by=platform(of.session.institution_id)) == 0
    assert (night(of, "2026-03-10"), night(of, "2026-03-10")) == (1, 0)
    with clock.stopped_at(NIGHT):
        assert told(of.sara) == ["Pathology: 75.00 % of attendance"]


@pytest.mark.django_db
def test_who_stood_there_before_the_day_is_not_told() -> None:
    of = make.a_class()
    make.held(of, "present", "absent", "absent", "present", start=date(2026, 3, 5))
    assert night(of, "2026-03-09") == 0
    assert told(of.sara) == []


@pytest.mark.django_db
def test_what_grows_within_seven_days_of_a_message_is_told_when_they_are_over() -> None:
    of = make.a_class()
    make.held(of, "present", "present", "present", "absent", "absent", start=date(2026, 3, 6))
    assert night(of, "2026-03-10") == 1
    nights = [night(of, f"2026-03-{day}") for day in range(11, 18)]
    assert nights == [0, 0, 0, 0, 0, 0, 1]
    with clock.stopped_at("2026-03-17T03:00:00+05:00"):
        assert told(of.sara) == [
            "Pathology: 60.00 % of attendance, below what exams need", "Pathology: 75.00 % of attendance",
        ]  # fmt: skip
    assert [night(of, f"2026-03-{day}") for day in range(18, 26)] == [0] * 8


@pytest.mark.django_db
def test_who_recovers_and_falls_again_is_told_again() -> None:
    of = make.a_class()
    marks = ["present", "present", "present", "absent", *["present"] * 8, "absent", "absent"]
    make.held(of, *marks, start=date(2026, 3, 6))
    assert [night(of, f"2026-03-{day:02}") for day in range(9, 21)] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.django_db
def test_coordinators_of_the_program_hear_in_one_message_who_fell_below() -> None:
    of = make.a_class()
    elsewhere = make.Client(
        make.directory.member("Cora", "coordinator", scope=("program", make.academics.program().pk))
    )
    make.held(of, "present", "absent", start=date(2026, 3, 8))
    assert night(of, "2026-03-10") == 1
    with clock.stopped_at(NIGHT):
        [found] = of.alice.get("/api/v1/comms/notifications/").json["results"]
        assert found["title"] == "1 learner fell below what exams need"
        assert "Sara: Pathology, 50.00 %" in found["body"]
        assert told(elsewhere) == []


@pytest.mark.django_db
def test_who_only_nears_the_threshold_is_no_news_for_coordinators() -> None:
    of = make.a_class()
    make.held(of, "present", "present", "present", "absent", start=date(2026, 3, 6))
    assert night(of, "2026-03-10") == 1
    assert told(of.alice) == []


@pytest.mark.django_db
def test_the_night_costs_the_same_for_one_and_for_many() -> None:
    of = make.a_class()
    make.held(of, "present", "absent", start=date(2026, 3, 8))
    with counted() as one:
        night(of, "2026-03-10")
    Warned.objects.all().delete()
    taught = make.held(of, "absent", start=date(2026, 3, 9))[0]
    for at in range(30):
        student = make.academics.student(of.school.groups[0], reg_no=f"XX-{at:02}")
        make.absent_line(taught, student)
    with counted() as many:
        assert night(of, "2026-03-10") == 31
    assert len(many) == len(one)
