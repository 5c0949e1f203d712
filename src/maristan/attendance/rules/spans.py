"""Spans of days that a summary is asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from maristan.kernel.dates import months_after


class Span(StrEnum):
    """How long the time of a summary is."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMESTER = "semester"
    YEARLY = "yearly"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Misread(Exception):
    """A span that cannot be understood; `code` says why."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a span, and the days that were named."""

    span: Span
    first: date | None
    last: date | None


def read(span: str, first: str, last: str) -> Asked:
    """The span of a query; raises `Misread` with the code of the contract."""
    try:
        known = Span(span.strip().lower() or Span.CUSTOM)
    except ValueError:
        raise Misread("INVALID_PERIOD", "One of monthly, quarterly, semester, yearly, custom.") from None
    asked = Asked(known, _day(first), _day(last))
    if known is Span.CUSTOM and (asked.first is None or asked.last is None):
        raise Misread("DATE_RANGE_REQUIRED", "Name start_date and end_date.")
    if asked.first is not None and asked.last is not None and asked.first > asked.last:
        raise Misread("DATE_RANGE_REVERSED", "It would end before it begins.")
    return asked


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Misread("INVALID_DATE_FORMAT", "Dates are written YYYY-MM-DD.") from None
    if not 1900 <= found.year <= 2100:
        raise Misread("INVALID_DATE_FORMAT", "Years from 1900 to 2100.")
    return found


def days(asked: Asked, today: date) -> tuple[date, date] | None:
    """First and last day of a span by the calendar; none for a semester, which the academic periods know."""
    if asked.first is not None and asked.last is not None:
        return asked.first, asked.last
    at = asked.first or asked.last or today
    if asked.span is Span.MONTHLY:
        return _months(date(at.year, at.month, 1), 1)
    if asked.span is Span.QUARTERLY:
        return _months(date(at.year, (at.month - 1) // 3 * 3 + 1, 1), 3)
    return _months(date(at.year, 1, 1), 12) if asked.span is Span.YEARLY else None


def _months(first: date, number: int) -> tuple[date, date]:
    return first, months_after(first, number) - timedelta(days=1)
