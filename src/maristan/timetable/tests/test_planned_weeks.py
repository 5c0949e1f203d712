"""Weeks as they are planned: which dates, which period, how many rows."""

from collections.abc import Iterator
from datetime import date

import pytest

from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.timetable.models import WeekPlan
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def kinds() -> list[str]:
    return list(JournalLine.objects.order_by("id").values_list("kind", flat=True))


def test_the_next_four_weeks_begin_after_the_present_local_one_and_are_made_once() -> None:
    of = make.school()
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    made = of.alice.post(WEEKS + "create-next-4/", body)
    assert made.status == 201
    assert [each["week_start_date"] for each in made.json["weeks"]] == [
        "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30",
    ]  # fmt: skip
    for each in made.json["weeks"]:
        page = of.alice.get(f"{WEEKS}{each['id']}/").json
        assert len(page["rows"]) == 8
        assert [cell["status"] for cell in page["cells"]] == ["empty"] * 56
    again = of.alice.post(WEEKS + "create-next-4/", body)
    assert again.status == 200
    assert [each["created"] for each in again.json["weeks"]] == [False] * 4
    assert kinds() == ["week_plan.created"] * 4


def test_the_running_period_of_the_batch_is_meant_when_none_is_named() -> None:
    of = make.school()
    made = of.alice.post(WEEKS, {"week_start_date": "2026-03-09", "scope": "batch", "batch": of.batch.pk})
    assert (made.status, made.json["academic_period"]) == (201, of.period.pk)
    make.academics.period(of.batch.program)
    unclear = of.alice.post(WEEKS, {"week_start_date": "2026-03-16", "scope": "batch", "batch": of.batch.pk})
    assert (unclear.status, unclear.pointers) == (422, [("/academic_period", "period_required")])


def test_the_next_four_weeks_take_the_period_that_runs_after_the_local_week() -> None:
    of = make.school()  # half past one on Monday 2 March there, still Sunday in UTC
    of.period.end_date = date(2026, 3, 8)
    of.period.save(update_fields=["end_date"])
    after = make.academics.period(of.batch.program, start_date=date(2026, 3, 9))
    made = of.alice.post(f"{WEEKS}create-next-4/", {"scope": "batch", "batch": of.batch.pk})
    assert made.status == 201
    assert set(WeekPlan.objects.values_list("academic_period_id", flat=True)) == {after.pk}


def test_a_new_week_has_as_many_rows_as_the_institution_says() -> None:
    of = make.school()
    root = Client(make.directory.member("Root", "admin"))
    setting = "/api/v1/directory/settings/timetable.slot_count/"
    assert root.get(setting).json["value"] == 8
    refused = root.put(setting, {"value": None})
    assert (refused.status, refused.code) == (422, "bad_value")
    assert root.put(setting, {"value": 3}).status == 200
    made = of.alice.post(WEEKS, {"scope": "batch", "batch": of.batch.pk, "week_start_date": "2026-03-09"}).json
    assert len(of.alice.get(f"{WEEKS}{made['id']}/").json["rows"]) == 3


def test_any_day_of_a_week_means_the_week_and_a_second_one_is_refused_by_name() -> None:
    of = make.school()
    body = {"scope": "batch", "batch": of.batch.pk, "academic_period": of.period.pk}
    first = of.alice.post(WEEKS, {**body, "week_start_date": "2026-03-12"})
    assert (first.status, first.json["week_start_date"]) == (201, "2026-03-09")
    again = of.alice.post(WEEKS, {**body, "week_start_date": "2026-03-15"})
    assert (again.status, again.code, again.json["id"]) == (409, "week_exists", first.json["id"])
