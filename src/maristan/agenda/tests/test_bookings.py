"""Bookings: two live ones of one place never overlap, whoever writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.agenda import actions, queries
from maristan.agenda.models import Booking
from maristan.agenda.rules import Hold
from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import platform

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
INSERT = """INSERT INTO agenda_booking
  (place_id, owner_kind, owner_id, label, starts_at, ends_at, created_at, updated_at)
  VALUES (%s, 'meeting', %s, 'Board', %s, %s, now(), now())"""


def hold(owner: int, place: int = 1, start: datetime = NINE, minutes: int = 60) -> Hold:
    return Hold(place, owner, f"Meeting {owner}", start, start + timedelta(minutes=minutes))


def take(*holds: Hold, **values: Any) -> None:
    actions.hold(owner_kind="meeting", holds=holds, by=platform(tenancy.current()), **values)


def insert(owner: int, start: datetime, end: datetime, place: int = 1) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [place, owner, start, end])


def test_direct_sql_cannot_book_a_place_twice_at_one_time() -> None:
    make.institution()
    insert(1, NINE, NINE + timedelta(hours=1))
    with pytest.raises(IntegrityError, match="agenda_booking_no_overlap"):
        insert(2, NINE + timedelta(minutes=59), NINE + timedelta(hours=2))
    insert(3, NINE + timedelta(hours=1), NINE + timedelta(hours=2))
    insert(4, NINE, NINE + timedelta(hours=1), place=2)
    assert sorted(Booking.objects.values_list("owner_id", flat=True)) == [1, 3, 4]


def test_direct_sql_cannot_book_backwards_or_twice_for_one_owner() -> None:
    make.institution()
    with pytest.raises(IntegrityError, match="agenda_booking_times"):
        insert(1, NINE, NINE)
    insert(1, NINE, NINE + timedelta(hours=1))
    with pytest.raises(IntegrityError, match="agenda_booking_owner_once"):
        insert(1, NINE + timedelta(hours=4), NINE + timedelta(hours=5))


def test_two_institutions_have_rooms_of_their_own() -> None:
    make.institution()
    insert(1, NINE, NINE + timedelta(hours=1))
    make.institution("other")
    insert(1, NINE, NINE + timedelta(hours=1), place=2)
    found = queries.bookings(starts_at=NINE, ends_at=NINE + timedelta(hours=1))
    assert [each.place_id for each in found] == [2]


def test_a_swap_releases_before_it_takes() -> None:
    make.institution()
    take(hold(1, place=1), hold(2, place=2))
    take(hold(1, place=2), hold(2, place=1), release=[1, 2])
    assert sorted(Booking.objects.values_list("owner_id", "place_id")) == [(1, 2), (2, 1)]


def test_a_refused_hold_leaves_everything_as_it_was() -> None:
    make.institution()
    take(hold(1))
    with pytest.raises(IntegrityError, match="agenda_booking_no_overlap"), transaction.atomic():
        take(hold(2, place=2), hold(3, start=NINE + timedelta(minutes=30)))
    assert list(Booking.objects.values_list("owner_id", flat=True)) == [1]


def test_release_frees_the_place_of_its_own_kind_only() -> None:
    make.institution()
    take(hold(1))
    actions.release(owner_kind="exam", owner_ids=[1], by=platform(tenancy.current()))
    assert Booking.objects.count() == 1
    actions.release(owner_kind="meeting", owner_ids=[1], by=platform(tenancy.current()))
    assert Booking.objects.count() == 0


def test_bookings_of_a_window_by_place_and_without_a_kind() -> None:
    make.institution()
    take(hold(1), hold(2, place=2), hold(3, start=NINE + timedelta(hours=1)))
    window = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}
    assert [each.owner_id for each in queries.bookings(**window)] == [1, 2]
    assert [each.owner_id for each in queries.bookings(**window, places=[2])] == [2]
    assert list(queries.bookings(**window, except_kind="meeting")) == []
