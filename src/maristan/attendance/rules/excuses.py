"""What an excuse does to marks, and what its withdrawal gives back (A9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maristan.attendance.rules.states import Mark, RegisterStatus, Source

LeaveSpan = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class ExcusableLine:
    """A line with its session's times; `before` is the mark that an excuse replaced, none for unmarked."""

    id: int
    starts_at: datetime
    ends_at: datetime
    register: RegisterStatus
    status: Mark | None = None
    source: Source | None = None
    before: Mark | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a line: the mark to write, or to ask for where the register is locked; none is unmarked."""

    line: ExcusableLine
    mark: Mark | None
    is_asked: bool = False


def days_of(first: date, last: date | None, zone: str) -> LeaveSpan:
    """Whole local days as moments; without a last day it is open."""
    local = ZoneInfo(zone)
    starts_at = datetime.combine(first, time.min, local)
    return starts_at, None if last is None else datetime.combine(last + timedelta(days=1), time.min, local)


def overlaps(span: LeaveSpan, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a span and a session have a moment in common; touching ends do not."""
    return span[0] < ends_at and (span[1] is None or starts_at < span[1])


def effects(lines: Iterable[ExcusableLine], spans: Iterable[LeaveSpan]) -> list[Effect]:
    """What excuses do to the lines of one person: EXCUSED over unmarked and ABSENT, back where none covers it any more.

    A locked register changes by a correction alone; one that was not held stays.
    """
    known = list(spans)
    found = []
    for line in lines:
        if line.register is RegisterStatus.NOT_HELD:
            continue
        covered = any(overlaps(span, line.starts_at, line.ends_at) for span in known)
        locked = line.register is RegisterStatus.LOCKED
        if covered and line.status in (None, Mark.ABSENT):
            found.append(Effect(line, Mark.EXCUSED, locked))
        elif not covered and line.source is Source.EXCUSE and not (locked and line.before is None):
            found.append(Effect(line, line.before, locked))
    return found
