"""When work by the clock on the wall is due: once a day or a week, through every change of the clocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WRITTEN = re.compile(rf"^(?:({'|'.join(DAYS)}) )?([01]\d|2[0-3]):([0-5]\d)$")
FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of day, of one day of the week (0 Monday) or of every day."""

    at: time
    weekday: int | None = None

    @property
    def interval(self) -> timedelta:
        """From one time to the next, where no clock is changed."""
        return timedelta(days=1 if self.weekday is None else 7)


def parsed(text: str) -> Schedule | None:
    """`02:00`, `sun 03:30`, or none for `off`; raises `ValueError`."""
    said = text.lower()
    found = WRITTEN.match(said)
    if said == "off":
        return None
    if found is None:
        raise ValueError("HH:MM, a day before it such as sun 03:30, or off")
    return Schedule(time(int(found[2]), int(found[3])), DAYS.index(found[1]) if found[1] else None)


def last_due(schedule: Schedule, zone: str, now: datetime) -> datetime:
    """The last moment, up to now, at which a schedule was due."""
    return next(due for due in _moments(schedule, zone, now, -1) if due <= now)


def next_due(schedule: Schedule, zone: str, now: datetime) -> datetime:
    """The first moment after now at which a schedule is due."""
    return next(due for due in _moments(schedule, zone, now, 1) if due > now)


def _moments(schedule: Schedule, zone: str, now: datetime, step: int) -> Iterator[datetime]:
    """When it is due today and on the seven days before (`step` -1) or after: a week has every day, and today may be
    too early or too late."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    for away in range(8):
        day = today + timedelta(days=step * away)
        if schedule.weekday is None or day.weekday() == schedule.weekday:
            yield _moment(day, schedule.at, place)


def _moment(day: date, at: time, place: ZoneInfo) -> datetime:
    """A wall time as an instant: the first of two in a repeated hour, the first after a skipped one."""
    wall = datetime.combine(day, at, tzinfo=place)
    found = wall.astimezone(UTC)
    if found.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    before = wall.utcoffset()
    found = wall.replace(fold=1).astimezone(UTC)  # by the offset that holds later: before the gap
    while found.astimezone(place).utcoffset() == before:
        found += timedelta(minutes=1)
    return found


def is_due(schedule: Schedule | None, zone: str, last_begun: datetime | None, now: datetime) -> bool:
    """Whether to begin now: what was missed is made up for once; what never ran waits for its time."""
    if schedule is None:
        return False
    due = last_due(schedule, zone, now)
    return now - due < FRESH if last_begun is None else last_begun < due
