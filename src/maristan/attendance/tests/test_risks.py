"""Learners hear when they near a threshold or fall below it, once."""

from datetime import date

import pytest

from maristan.attendance.actions import risks
from maristan.attendance.rules.percentages import Counts, Risk, Terms, risk
from maristan.attendance.tests import factories as make
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


@pytest.mark.django_db
def test_who_falls_below_yesterday_is_told_once_and_who_stood_there_before_is_not() -> None:
    of = make.a_class()
    make.held(of, "present", "present", "present", start=date(2026, 3, 5))
    make.held(of, "absent", "absent", start=date(2026, 3, 9), course=of.school.course)
    by = platform(of.session.institution_id)
    with clock.stopped_at("2026-03-10T01:40:00+05:00"):
        assert risks.warn(by=by) == 0
    with clock.stopped_at(NIGHT):
        assert risks.warn(by=by) == risks.warn(by=by) == 1
        told = of.sara.get("/api/v1/comms/notifications/").json["results"]
    assert [each["title"] for each in told] == ["Pathology: 75.00 % of attendance"]
    with clock.stopped_at("2026-03-11T02:40:00+05:00"):
        assert risks.warn(by=by) == 1  # below by now, within the week of the first message
    with clock.stopped_at("2026-03-12T02:40:00+05:00"):
        assert risks.warn(by=by) == 0
        assert of.sara.get("/api/v1/comms/notifications/").json["count"] == 1
