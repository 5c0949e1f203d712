"""The agenda: what is seen in a window, by whom, in one query; and the calendar feed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from maristan.agenda import actions, queries
from maristan.agenda.models import Entry, Feed
from maristan.agenda.rules import Shown
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
URL = "/api/v1/agenda/"
WEEK = URL + "entries/?start_date=2026-03-09&end_date=2026-03-15"
MONDAY = datetime(2026, 3, 9, 3, tzinfo=UTC)
NOW = "2026-03-01T20:30:00+00:00"


def entry(owner: int = 1, start: datetime = MONDAY, length: timedelta = timedelta(hours=1), **values: Any) -> Shown:
    given = {"title": f"Session {owner}", "audience": ("institution",), "url": f"/s/{owner}"}
    return Shown(owner_id=owner, starts_at=start, ends_at=start + length, **{**given, **values})


def show(*entries: Shown, kind: str = "timetable.session") -> None:
    actions.put(owner_kind=kind, entries=entries, by=platform(tenancy.current()))


def seen(who: Any, url: str = WEEK) -> list[str]:
    return [each["title"] for each in Client(who).get(url).json["results"]]


def test_each_sees_what_is_for_a_key_they_hold() -> None:
    make.institution()
    alice, bob = make.member("Alice", "faculty"), make.member("Bob", "registrar")
    show(
        entry(1, audience=(f"person:{alice.pk}", "group:3")), entry(2, audience=("role:registrar",)), entry(3),
        entry(4, audience=("group:3",)),
    )  # fmt: skip
    assert (seen(alice), seen(bob)) == (["Session 1", "Session 3"], ["Session 2", "Session 3"])


def test_an_entry_is_in_a_window_when_it_overlaps_it_by_a_moment() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    start, end = datetime(2026, 3, 8, 19, tzinfo=UTC), datetime(2026, 3, 15, 19, tzinfo=UTC)
    show(
        entry(1, start - timedelta(hours=1)),
        entry(2, start - timedelta(minutes=59)),
        entry(3, end - timedelta(minutes=1)),
        entry(4, end),
    )
    assert seen(alice) == ["Session 2", "Session 3"]


@pytest.mark.parametrize("days", [6, 7, 8, 40, 400])
def test_a_long_entry_is_seen_on_every_one_of_its_days(days: int) -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    show(entry(1, datetime(2026, 3, 8, 19, tzinfo=UTC), timedelta(days=days), is_all_day=True))
    last = date(2026, 3, 9) + timedelta(days=days - 1)
    assert seen(alice, f"{URL}entries/?start_date={last}&end_date={last}") == ["Session 1"]
    after = last + timedelta(days=1)
    assert seen(alice, f"{URL}entries/?start_date={after}&end_date={after}") == []


def test_a_window_is_one_query() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    show(*(entry(number) for number in range(50)), entry(99, MONDAY - timedelta(days=300), timedelta(days=365)))
    actor = make.actor(alice)
    with CaptureQueriesContext(connection) as asked:
        found = queries.window(actor=actor, first=date(2026, 3, 9), last=date(2026, 3, 9))
    assert len(found) == 51
    assert len([each for each in asked if "agenda_entry" in each["sql"]]) == 1


def test_a_window_that_makes_no_sense_is_refused() -> None:
    make.institution()
    alice = Client(make.member("Alice", "faculty"))
    for query in ("start_date=2026-03-09&end_date=2026-03-08", "start_date=2026-03-09&end_date=2027-06-01"):
        answer = alice.get(f"{URL}entries/?{query}")
        assert (answer.status, answer.pointers) == (422, [("?end_date", "bad_window")])
    assert Client().get(WEEK).status == 401
    assert Client(make.member("Nobody")).get(WEEK).status == 403


def test_showing_again_replaces_and_withdrawing_removes_those_of_the_same_owner() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    show(entry(1), entry(2))
    show(entry(1, title="Moved", sequence=2))
    show(entry(1, title="Exam"), kind="assessment.exam")
    assert seen(alice) == ["Moved", "Session 2", "Exam"]
    actions.withdraw(owner_kind="timetable.session", owner_ids=[1, 2], by=platform(tenancy.current()))
    assert seen(alice) == ["Exam"]


def test_the_database_refuses_an_entry_that_ends_before_it_starts_and_a_second_of_one_owner() -> None:
    make.institution()
    show(entry(1))
    with pytest.raises(IntegrityError, match="agenda_entry_times"), transaction.atomic():
        show(entry(2, length=timedelta(0)))
    with pytest.raises(IntegrityError, match="agenda_entry_owner_once"), transaction.atomic():
        Entry.objects.create(
            owner_kind="timetable.session", owner_id=1, title="x", starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1)
        )


def test_nobody_sees_entries_of_another_institution_in_window_or_feed() -> None:
    make.institution()
    show(entry(1))
    make.institution("other")
    zara = make.member("Zara", "admin")
    assert seen(zara) == []
    show(entry(1, title="Theirs"))
    assert seen(zara) == ["Theirs"]
    with clock.stopped_at(NOW):
        assert [each["SUMMARY"] for each in events(address(zara))] == ["Theirs"]


def address(who: Any) -> str:
    made = Client(who).post(URL + "feed/")
    assert made.status == 200
    return str(made.json["url"]).removeprefix("http://127.0.0.1:8000")


def events(url: str) -> list[Any]:
    answer = Client().get(url)
    assert answer.status == 200
    return list(Calendar.from_ical(answer.body).walk("VEVENT"))


def test_a_feed_says_what_the_calendar_shows_with_cancelled_ones_marked() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    show(entry(1, place="Hall 1", sequence=2), entry(2, start=MONDAY + timedelta(days=1)))
    actions.mark_cancelled(
        owner_kind="timetable.session", owners={2: ("Dr Khan unwell", 3)}, by=platform(tenancy.current())
    )
    show(entry(5, datetime(2026, 3, 8, 19, tzinfo=UTC), timedelta(days=2), is_all_day=True), kind="directory.holiday")
    with clock.stopped_at(NOW):
        by_uid = {str(each["UID"]): each for each in events(address(alice))}
    first, gone, free = (by_uid[f"{name}@127.0.0.1"] for name in ("session-1", "session-2", "holiday-5"))
    assert len(by_uid) == 3
    assert (first.decoded("DTSTART").isoformat(), str(first["LOCATION"]), int(first["SEQUENCE"])) == (
        "2026-03-09T08:00:00+05:00", "Hall 1", 2,
    )  # fmt: skip
    assert (str(gone["STATUS"]), str(gone["DESCRIPTION"]), int(gone["SEQUENCE"])) == ("CANCELLED", "Dr Khan unwell", 3)
    assert (free.decoded("DTSTART"), free.decoded("DTEND")) == (date(2026, 3, 9), date(2026, 3, 11))


def test_a_renewed_address_kills_the_one_before_and_a_revoked_one_answers_nothing() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    first = address(alice)
    second = address(alice)
    assert (Client().get(first).status, Client().get(second).status) == (404, 200)
    assert Client(alice).delete(URL + "feed/").status == 204
    assert Client().get(second).status == 404
    assert Client(alice).delete(URL + "feed/").status == 204
    kinds = list(JournalLine.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["calendar_feed.created", "calendar_feed.created", "calendar_feed.revoked"]
    assert Client().get(URL + "feeds/unknown/calendar.ics").status == 404


def test_the_address_of_a_deactivated_person_answers_nothing() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    url = address(alice)
    alice.is_active = False
    alice.save()
    assert Client().get(url).status == 404


def test_the_token_itself_is_stored_nowhere() -> None:
    make.institution()
    token = address(make.member("Alice", "faculty")).split("/")[-2]
    assert token not in str(list(Feed.objects.values()) + list(JournalLine.objects.values()))


def test_one_person_has_one_live_address() -> None:
    make.institution()
    alice = make.member("Alice", "faculty")
    address(alice)
    with pytest.raises(IntegrityError, match="agenda_feed_one_live"), transaction.atomic():
        Feed.objects.create(person_id=alice.pk, token_hash="x")


def test_only_a_person_has_a_feed() -> None:
    make.institution()
    with pytest.raises(NotAllowed):
        actions.renew_feed(by=platform(tenancy.current()))
    assert not Feed.objects.exists()
