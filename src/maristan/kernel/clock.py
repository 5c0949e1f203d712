"""The present moment; only actions and jobs ask for it, rules are given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    stopped = _stopped.get()
    return stopped if stopped is not None else datetime.now(UTC)


def local(zone: str) -> datetime:
    """The present moment as clocks show it in an IANA time zone."""
    return now().astimezone(ZoneInfo(zone))


def today(zone: str) -> date:
    """The present date in an IANA time zone."""
    return local(zone).date()


@contextmanager
def stopped_at(moment: str | datetime) -> Iterator[datetime]:
    """Stop the clock at a moment with an offset, for tests and demonstrations of dated rules."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if at.tzinfo is None:
        raise ValueError("the moment needs an offset")
    token = _stopped.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _stopped.reset(token)
