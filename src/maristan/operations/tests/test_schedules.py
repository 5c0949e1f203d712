"""Work by the clock on the wall: every day once, also where clocks are put forward and back."""

from datetime import UTC, datetime, timedelta

import pytest

from maristan.operations.rules.schedules import Schedule, is_due, last_due, next_due, parsed

BERLIN = "Europe/Berlin"  # forward on 29 March 2026 at 02:00, back on 25 October at 03:00


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def begun_over(text: str, zone: str, start: str, hours: int) -> list[str]:
    """When work by a schedule begins, looked at every minute."""
    last, found, now = at(start), [], at(start)
    for _ in range(hours * 60):
        now += timedelta(minutes=1)
        if is_due(parsed(text), zone, last, now):
            last = now
            found.append(f"{now:%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("text", "start", "begun"),
    [
        (
            "02:00",
            "2026-03-27T12:00",
            ["28 01:00", "29 01:00", "30 00:00"],
        ),  # 02:00 is skipped: at 03:00, the first after
        ("02:30", "2026-03-27T12:00", ["28 01:30", "29 01:00", "30 00:30"]),
        ("02:30", "2026-10-23T12:00", ["24 00:30", "25 00:30", "26 01:30"]),  # 02:30 comes twice: once
        ("sun 03:30", "2026-03-27T12:00", ["29 01:30"]),
        ("off", "2026-03-27T12:00", []),
    ],
)
def test_it_begins_once_a_day_through_changes_of_the_clocks(text: str, start: str, begun: list[str]) -> None:
    assert begun_over(text, BERLIN, start, 72) == begun


def test_what_was_missed_is_made_up_for_once_and_what_never_ran_waits_for_its_time() -> None:
    two, now = parsed("02:00"), at("2026-03-10T09:00")
    assert is_due(two, "UTC", at("2026-03-07T02:00"), now)
    assert not is_due(two, "UTC", now, now)
    assert not is_due(two, "UTC", at("2026-03-10T02:00"), now)
    assert not is_due(two, "UTC", None, now)
    assert is_due(two, "UTC", None, at("2026-03-10T02:05"))
    assert is_due(two, "UTC", None, at("2026-03-10T02:59"))
    assert not is_due(two, "UTC", None, at("2026-03-10T03:00"))


def test_from_one_time_to_the_next_is_a_day_or_a_week() -> None:
    assert [parsed(text).interval for text in ("02:00", "mon 02:00")] == [timedelta(days=1), timedelta(days=7)]


def test_a_week_is_looked_back_upon() -> None:
    sunday = Schedule(parsed("03:30").at, 6)
    for now in ("2026-03-08T03:30", "2026-03-14T03:29", "2026-03-15T03:29"):
        assert last_due(sunday, "UTC", at(now)) == at("2026-03-08T03:30")


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        ("02:00", "2026-03-10T01:00", "2026-03-11T01:00"), ("02:00", "2026-03-10T00:59", "2026-03-10T01:00"),
        ("02:00", "2026-03-28T12:00", "2026-03-29T01:00"),  # skipped: at 03:00, the first after
        ("02:29", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("02:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # comes twice: the first
        ("sun 03:30", "2026-03-08T02:30", "2026-03-15T02:30"), ("sun 03:30", "2026-03-08T02:29", "2026-03-08T02:30"),
        ("sat 03:30", "2026-03-08T02:30", "2026-03-14T02:30"),
    ],
)  # fmt: skip
def test_the_next_time_is_after_now_also_where_clocks_change(text: str, now: str, due: str) -> None:
    schedule = parsed(text)
    assert next_due(schedule, BERLIN, at(now)) == at(due)
    assert last_due(schedule, BERLIN, at(due)) == at(due)


@pytest.mark.parametrize("text", ["2:00", "24:00", "sunday 03:30", "sun", "", "02:00 sun"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HH:MM"):
        parsed(text)
