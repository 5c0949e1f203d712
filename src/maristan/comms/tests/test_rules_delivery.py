"""When mail leaves: quiet hours over midnight and over clock changes, digests, and tries that follow failures."""

from datetime import UTC, datetime, time, timedelta

import pytest

from maristan.comms.rules.delivery import QuietHours, digest_at, may_be_off, quiet_until, retry_at, timing
from maristan.comms.rules.states import Channel, DeliveryStatus, Family, Mode, Priority

KARACHI, LONDON = "Asia/Karachi", "Europe/London"
NIGHT = QuietHours(time(22), time(7), KARACHI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-03-09T23:30+05:00", "2026-03-10T07:00+05:00"),
        (NIGHT, "2026-03-10T06:59+05:00", "2026-03-10T07:00+05:00"),
        (NIGHT, "2026-03-09T22:00+05:00", "2026-03-10T07:00+05:00"),
        (NIGHT, "2026-03-10T07:00+05:00", None),
        (NIGHT, "2026-03-09T21:59+05:00", None),
        (QuietHours(time(13), time(14), KARACHI), "2026-03-09T13:30+05:00", "2026-03-09T14:00+05:00"),
        (QuietHours(time(13), time(14), KARACHI), "2026-03-09T14:00+05:00", None),
        (QuietHours(time(22), time(22), KARACHI), "2026-03-09T22:00+05:00", None),
        (QuietHours(time(0), time(0), KARACHI), "2026-03-09T03:00+05:00", None),
        (None, "2026-03-09T23:30+05:00", None),
        # The clocks go from 01:00 to 02:00 UTC+1: half past one does not exist there on that night.
        (QuietHours(time(23), time(1, 30), LONDON), "2026-03-28T23:30+00:00", "2026-03-29T02:00+01:00"),
        # Half past one comes twice on this night: the first one ends the quiet hours.
        (QuietHours(time(23), time(1, 30), LONDON), "2026-10-25T00:15+01:00", "2026-10-25T01:30+01:00"),
    ],
)
def test_quiet_hours_end_when_they_say(quiet: QuietHours | None, now: str, until: str | None) -> None:
    assert quiet_until(quiet, at(now)) == (None if until is None else at(until))


@pytest.mark.parametrize(
    ("mode", "now", "due"),
    [
        (Mode.DAILY, "2026-03-09T06:59+05:00", "2026-03-09T07:00+05:00"),
        (Mode.DAILY, "2026-03-09T07:00+05:00", "2026-03-10T07:00+05:00"),
        (Mode.WEEKLY, "2026-03-09T06:59+05:00", "2026-03-09T07:00+05:00"),
        (Mode.WEEKLY, "2026-03-09T07:00+05:00", "2026-03-16T07:00+05:00"),
        (Mode.WEEKLY, "2026-03-11T12:00+05:00", "2026-03-16T07:00+05:00"),
    ],
)
def test_digests_are_due_at_seven_of_a_day_or_of_monday(mode: Mode, now: str, due: str) -> None:
    assert digest_at(mode, at(now), KARACHI) == at(due)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, None)])
def test_each_failed_try_waits_longer_and_the_sixth_is_the_last(attempts: int, minutes: int | None) -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    assert retry_at(attempts, now) == (None if minutes is None else now + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("mode", "family", "priority", "status", "due"),
    [
        (Mode.IMMEDIATE, Family.TIMETABLE, Priority.NORMAL, "deferred", "2026-03-10T07:00+05:00"),
        (Mode.IMMEDIATE, Family.TIMETABLE, Priority.URGENT, "pending", "2026-03-09T23:30+05:00"),
        (Mode.DAILY, Family.TIMETABLE, Priority.URGENT, "pending", "2026-03-09T23:30+05:00"),
        (Mode.IMMEDIATE, Family.SECURITY, Priority.NORMAL, "pending", "2026-03-09T23:30+05:00"),
        (Mode.OFF, Family.SECURITY, Priority.NORMAL, "pending", "2026-03-09T23:30+05:00"),
        (Mode.OFF, Family.TIMETABLE, Priority.URGENT, "suppressed", "2026-03-09T23:30+05:00"),
        (Mode.DAILY, Family.TIMETABLE, Priority.NORMAL, "deferred", "2026-03-10T07:00+05:00"),
        (Mode.WEEKLY, Family.TIMETABLE, Priority.HIGH, "deferred", "2026-03-16T07:00+05:00"),
    ],
)
def test_what_waits_and_what_does_not(mode: Mode, family: Family, priority: Priority, status: str, due: str) -> None:
    found = timing(
        mode=mode, family=family, priority=priority, quiet=NIGHT, zone=KARACHI, now=at("2026-03-09T23:30+05:00")
    )
    assert (found.status, found.due_at) == (DeliveryStatus(status), at(due))


def test_a_digest_waits_for_quiet_hours_that_last_into_the_morning() -> None:
    late = QuietHours(time(22), time(9), KARACHI)
    now = at("2026-03-09T12:00+05:00")
    found = timing(mode=Mode.DAILY, family="timetable", priority=Priority.LOW, quiet=late, zone=KARACHI, now=now)
    assert found.due_at == at("2026-03-10T09:00+05:00")


def test_what_is_essential_is_always_shown_in_the_application() -> None:
    off = {family for family in Family if may_be_off(family, Channel.IN_APP)}
    assert set(Family) - off == {Family.SECURITY, Family.RESULTS, Family.OBLIGATIONS}
    assert all(may_be_off(family, Channel.EMAIL) for family in Family)
