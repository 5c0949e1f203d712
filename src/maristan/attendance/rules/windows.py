"""Until when a register is marked, and when it locks (A4 to A6), and for how long it is kept."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AFTER_THE_END = timedelta(hours=2)


def local_day(moment: datetime, zone: str) -> date:
    """The date that it is in a zone; a session belongs to that of its start (A3)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def midnight_after(moment: datetime, zone: str, days: int = 0) -> datetime:
    """The first local midnight after a moment, or that many days later."""
    return datetime.combine(local_day(moment, zone) + timedelta(days=1 + days), time.min, ZoneInfo(zone))


def opens_at(starts_at: datetime, minutes: int) -> datetime:
    """When marking begins (A4)."""
    return starts_at - timedelta(minutes=minutes)


def teachers_until(ends_at: datetime, zone: str, days: int) -> datetime:
    """The moment from which the teachers of a session mark no more (A5)."""
    return max(midnight_after(ends_at, zone, days), ends_at + AFTER_THE_END)


def kept_since(now: datetime, zone: str, years: int) -> datetime:
    """The local midnight before which nothing is kept: so many years before today, and February 28 for a 29th."""
    today = local_day(now, zone)
    try:
        day = today.replace(year=today.year - years)
    except ValueError:
        day = today.replace(year=today.year - years, day=28)
    return datetime.combine(day, time.min, ZoneInfo(zone))


def locks_on(starts_at: datetime, zone: str, days: int) -> date:
    """The local day on which a submitted register locks: so many full days after that of the session (A6)."""
    return local_day(starts_at, zone) + timedelta(days=days + 1)
