"""Holidays and dated periods in the calendar of those they concern."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.academics.actions import layout, periods
from maristan.academics.tests import factories as academics
from maristan.directory.actions import holidays
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at("2026-03-01T20:30:00+00:00"):
        yield


def here() -> Actor:
    return platform(tenancy.current())


def seen(who: Any, first: str = "2026-03-23", last: str = "") -> list[str]:
    """Titles in somebody's calendar from one day to another."""
    run_jobs()
    found = Client(who).get(f"/api/v1/agenda/entries/?start_date={first}&end_date={last or first}").json["results"]
    assert all(each["is_all_day"] for each in found)
    return [each["title"] for each in found]


def declare(name: str = "Pakistan Day", first: str = "2026-03-23", last: str = "", **values: Any) -> Any:
    dates = {"start_date": date.fromisoformat(first), "end_date": date.fromisoformat(last or first)}
    return holidays.create(values={"name": name, **dates, **values}, by=here())


def test_a_holiday_of_the_institution_is_in_everybodys_calendar_on_its_days_only() -> None:
    make.institution()
    alice, sara = make.member("Alice", "faculty"), make.member("Sara", "student")
    declare(last="2026-03-24")
    for who in (alice, sara):
        assert [seen(who, day) for day in ("2026-03-22", "2026-03-23", "2026-03-24", "2026-03-25")] == [
            [], ["Pakistan Day"], ["Pakistan Day"], [],
        ]  # fmt: skip


def test_a_changed_holiday_moves_and_a_withdrawn_one_goes() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    made = declare()
    assert seen(alice) == ["Pakistan Day"]
    values = {"start_date": date(2026, 3, 24), "end_date": date(2026, 3, 24), "name": "Republic Day"}
    holidays.update(pk=made.pk, version=made.version, values=values, by=here())
    assert (seen(alice), seen(alice, "2026-03-24")) == ([], ["Republic Day"])
    holidays.delete(pk=made.pk, by=here())
    assert seen(alice, "2026-03-01", "2026-03-31") == []


def test_a_holiday_of_a_batch_or_program_is_for_its_students_and_coordinators() -> None:
    make.institution()
    group, elsewhere = academics.group(), academics.group()
    sara = academics.student_with_account("Sara", group).person
    omar = academics.student_with_account("Omar", elsewhere).person
    alice = make.member("Alice", "coordinator", scope=("program", group.batch.program_id))
    declare("Batch trip", scope_kind="batch", scope_id=group.batch_id)
    declare("Program day", scope_kind="program", scope_id=group.batch.program_id)
    assert (seen(sara), seen(omar), seen(alice)) == (["Batch trip", "Program day"], [], ["Program day"])


def test_a_dated_period_is_seen_on_all_its_days_by_its_batch_and_a_template_never() -> None:
    make.institution()
    program = academics.program()
    group, other = (academics.group(academics.batch(program)) for _ in range(2))
    sara = academics.student_with_account("Sara", group).person
    omar = academics.student_with_account("Omar", other).person
    alice = make.member("Alice", "coordinator", scope=("program", program.pk))
    common = {"program": program.pk, "kind": "year"}
    dates = {"start_date": date(2026, 1, 1), "end_date": date(2026, 12, 31)}
    periods.create(values={**common, "name": "Year 1", "batch": group.batch_id, **dates}, by=here())
    periods.create(values={**common, "name": "Year 9"}, by=here())
    title = f"Year 1 · {group.batch.name}"
    assert [seen(sara, day) for day in ("2026-01-01", "2026-06-15", "2026-12-31", "2027-01-01")] == [
        [title], [title], [title], [],
    ]  # fmt: skip
    assert (seen(omar), seen(alice)) == ([], [title])


def test_a_period_that_changes_its_dates_moves_and_a_deleted_one_goes() -> None:
    make.institution()
    group = academics.group()
    sara = academics.student_with_account("Sara", group).person
    values = {
        "program": group.batch.program_id, "kind": "year", "name": "Year 1", "batch": group.batch_id,
        "start_date": date(2026, 1, 1), "end_date": date(2026, 12, 31),
    }  # fmt: skip
    made = periods.create(values=values, by=here())
    assert len(seen(sara)) == 1
    periods.update(pk=made.pk, version=made.version, values={"start_date": date(2026, 4, 1)}, by=here())
    assert (seen(sara), len(seen(sara, "2026-04-01"))) == ([], 1)
    periods.delete(pk=made.pk, by=here())
    assert seen(sara, "2026-04-01") == []


def test_periods_laid_out_for_a_batch_appear_together() -> None:
    make.institution()
    program = academics.program(structure_type="semester", total_periods=2)
    group = academics.group(academics.batch(program))
    sara = academics.student_with_account("Sara", group).person
    layout.generate_periods(pk=program.pk, by=here())
    layout.lay_out(pk=program.pk, batch=group.batch_id, start_date=date(2026, 1, 1), preview=False, by=here())
    assert seen(sara, "2026-01-01", "2026-12-31") == [
        f"Semester 1 · {group.batch.name}", f"Semester 2 · {group.batch.name}",
    ]  # fmt: skip


def test_another_institution_sees_none_of_it() -> None:
    make.institution("other")
    zara = make.member("Zara", "admin")
    make.institution()
    declare()
    alice = make.member("Alice", "faculty")
    assert (seen(alice), seen(zara)) == (["Pakistan Day"], [])
