"""What must never be false is refused by the database itself, also to a writer who bypasses the actions."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from maristan.kernel import clock
from maristan.timetable.models import (
    Session,
    SessionAllocation,
    SessionOccurrence,
    WeekCell,
    WeekChangelog,
    WeekPlan,
    WeekSlotRow,
)
from maristan.timetable.tests import factories as make

pytestmark = pytest.mark.django_db
CANCELLED: dict[str, Any] = {
    "status": "cancelled", "cancelled_at": clock.now(), "cancelled_by": "Alice", "cancel_reason": "Flooded",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def refused(constraint: str) -> "pytest.RaisesExc[DatabaseError]":
    return pytest.raises(DatabaseError, match=constraint)


def test_a_second_institution_wide_plan_of_one_week() -> None:
    make.school()
    WeekPlan.objects.create(scope="institution", week_start_date="2026-03-09")
    with refused("timetable_weekplan_week_once"), transaction.atomic():
        WeekPlan.objects.create(scope="institution", week_start_date="2026-03-09")


def test_a_plan_of_a_batch_without_the_batch() -> None:
    make.school()
    with refused("timetable_weekplan_scope"), transaction.atomic():
        WeekPlan.objects.create(scope="batch", week_start_date="2026-03-09")


def test_a_second_row_of_one_index_and_a_second_cell_of_one_address() -> None:
    of = make.school()
    plan = WeekPlan.objects.get(pk=make.week(of))
    row = plan.rows.get(row_index=1)
    with refused("timetable_weekslotrow_index_once"), transaction.atomic():
        WeekSlotRow.objects.create(week_plan=plan, row_index=1)
    with refused("timetable_weekcell_address_once"), transaction.atomic():
        WeekCell.objects.create(week_plan=plan, slot_row=row, day_of_week=0)


def test_a_cell_on_a_row_of_another_plan() -> None:
    of = make.school()
    first, second = (WeekPlan.objects.get(pk=make.week(of, start)) for start in ("2026-03-09", "2026-03-16"))
    row = second.rows.get(row_index=1)
    with refused("timetable_weekcell_row_of_plan"), transaction.atomic():
        WeekCell.objects.filter(week_plan=first, day_of_week=0).filter(slot_row__row_index=1).update(slot_row=row)


def test_an_empty_cell_with_content() -> None:
    of = make.school()
    cell = WeekCell.objects.filter(week_plan_id=make.week(of))[0]
    with refused("timetable_weekcell_empty_is_empty"), transaction.atomic():
        WeekCell.objects.filter(pk=cell.pk).update(topic="Hidden")


def test_an_occurrence_dated_outside_its_week() -> None:
    of = make.school()
    make.published(of)
    occurrence = SessionOccurrence.objects.get()
    with refused("timetable_sessionoccurrence_in_week"), transaction.atomic():
        SessionOccurrence.objects.update(date=date(2026, 3, 16))
    with refused("timetable_sessionoccurrence_plan_start"), transaction.atomic():
        later = timedelta(days=7)
        SessionOccurrence.objects.update(
            week_start_date=occurrence.week_start_date + later, date=occurrence.date + later
        )


def another_session(of: make.School, **values: object) -> Session:
    """A copy of the published session that holds nothing yet."""
    first = Session.objects.get(source="plan")
    copied = {"group": of.groups[1]} | {
        name: getattr(first, name) for name in ("academic_period_id", "department_id", "starts_at", "ends_at")
    }
    return Session.objects.create(source="direct", **{**copied, **values})


def allocate(session: Session, room: int) -> SessionAllocation:
    return SessionAllocation.objects.create(
        session=session, kind="room", resource_id=room, starts_at=session.starts_at, ends_at=session.ends_at,
        is_live=session.status != "cancelled",
    )  # fmt: skip


def test_two_live_sessions_in_one_room() -> None:
    of = make.school()
    make.published(of)
    second = another_session(of)
    with refused("timetable_sessionallocation_no_overlap"), transaction.atomic():
        allocate(second, of.room.pk)


def test_two_cancelled_sessions_may_overlap_and_back_to_back_is_free() -> None:
    of = make.school()
    make.published(of)
    cancelled = [another_session(of, **CANCELLED) for _ in range(2)]
    for session in cancelled:
        allocate(session, of.room.pk)
    first = Session.objects.filter(source="plan").get()
    after = another_session(of, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1))
    allocate(after, of.room.pk)
    assert SessionAllocation.objects.filter(kind="room").count() == 4


def test_an_allocation_follows_the_times_and_liveness_of_its_session() -> None:
    of = make.school()
    make.published(of)
    session = Session.objects.get()
    later = session.starts_at + timedelta(hours=2)
    Session.objects.filter(pk=session.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))
    assert set(SessionAllocation.objects.values_list("starts_at", "is_live")) == {(later, True)}
    Session.objects.filter(pk=session.pk).update(**CANCELLED)
    assert set(SessionAllocation.objects.values_list("is_live", flat=True)) == {False}


def test_a_planned_session_is_never_deleted_and_the_change_log_never_changed() -> None:
    of = make.school()
    pk = make.published(of)
    with refused("never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM timetable_sessionoccurrence")
        cursor.execute("DELETE FROM timetable_session")
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "topic": "New"}, reason="As agreed")
    with refused("append-only"), transaction.atomic():
        WeekChangelog.objects.update(reason="Nothing happened")


def test_a_session_without_anybody_taught_or_ending_before_it_starts() -> None:
    of = make.school()
    make.published(of)
    with refused("timetable_session_audience"), transaction.atomic():
        another_session(of, group=None)
    first = Session.objects.get()
    with pytest.raises(IntegrityError, match="timetable_session_times"), transaction.atomic():
        another_session(of, ends_at=first.starts_at)


@pytest.mark.parametrize(
    "values", [{"status": "cancelled", "cancelled_at": clock.now(), "cancelled_by": "Alice"}, {"cancel_reason": "So"}]
)
def test_a_cancellation_says_when_by_whom_and_why(values: dict[str, object]) -> None:
    make.published(make.school())
    with refused("timetable_session_cancelled_together"), transaction.atomic():
        Session.objects.update(**values)


@pytest.mark.parametrize("stamp", ["verified", "published", "edited"])
def test_stamps_come_in_pairs(stamp: str) -> None:
    of = make.school()
    make.week(of)
    for values in ({f"{stamp}_at": clock.now(), f"{stamp}_by": None}, {f"{stamp}_at": None, f"{stamp}_by": of.teacher}):
        with refused(f"timetable_weekplan_{stamp}_pair"), transaction.atomic():
            WeekPlan.objects.update(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"row_index": 0}, "timetable_weekslotrow_index"),
        ({"row_index": 9, "start_time": "09:00", "end_time": "09:00"}, "timetable_weekslotrow_times"),
        ({"row_index": 9, "start_time": "09:00", "end_time": "08:00"}, "timetable_weekslotrow_times"),
    ],
)
def test_a_row_without_a_place_or_that_ends_before_it_starts(values: dict[str, Any], constraint: str) -> None:
    plan = WeekPlan.objects.get(pk=make.week(make.school()))
    with refused(constraint), transaction.atomic():
        WeekSlotRow.objects.create(week_plan=plan, **values)


def test_a_cell_on_an_eighth_day() -> None:
    plan = WeekPlan.objects.get(pk=make.week(make.school()))
    row = WeekSlotRow.objects.create(week_plan=plan, row_index=9)
    with refused("timetable_weekcell_day"), transaction.atomic():
        WeekCell.objects.create(week_plan=plan, slot_row=row, day_of_week=7)


def test_a_second_occurrence_of_a_cell_on_one_date_or_of_a_session_or_of_a_cell_of_another_plan() -> None:
    of = make.school()
    make.published(of)
    there = SessionOccurrence.objects.get()
    other = WeekPlan.objects.get(pk=make.week(of, "2026-03-16"))
    spare = Session.objects.get(pk=there.session_id)
    spare.pk = None
    spare.save(force_insert=True)
    same = {"week_plan": there.week_plan, "week_cell": there.week_cell, "week_start_date": there.week_start_date}
    with refused("timetable_sessionoccurrence_cell_date_once"), transaction.atomic():
        SessionOccurrence.objects.create(**same, date=there.date, session=spare)
    with refused("timetable_sessionoccurrence_session_id"), transaction.atomic():
        SessionOccurrence.objects.create(**same, date=there.date + timedelta(days=1), session=there.session)
    foreign = {**same, "week_cell": other.cells.all()[0]}
    with refused("timetable_sessionoccurrence_cell_of_plan"), transaction.atomic():
        SessionOccurrence.objects.create(**foreign, date=there.date, session=spare)
