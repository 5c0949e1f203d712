"""Dates as people write them in tables, and calendar arithmetic by months."""

import calendar
import re
from datetime import date, datetime, timedelta
from enum import StrEnum

SERIAL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2101)

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}")


class DateOrder(StrEnum):
    """Which comes first in `03/04/2005`; one order holds for a whole file."""

    DMY = "dmy"
    MDY = "mdy"


def parse_date(text: str, native: object = None, *, order: DateOrder, today: date) -> date:
    """The date a table's cell means; `native` is the date the sheet itself held, if it did.

    Understood: YYYY-MM-DD, YYYY/MM/DD, YYYYMMDD, D/M/Y and D-M-Y (M/D/Y in the other order), and five digits as the
    serial number of a spreadsheet. A two-digit year is the latest that is not in the future.
    Raises `ValueError`, its text made for the reader, for anything else and for years outside 1900..2100.
    """
    if isinstance(native, datetime):
        return _within_years(native.date())
    if isinstance(native, date):
        return _within_years(native)
    return _within_years(_from_text(text.strip(), order, today))


def months_after(first: date, months: int) -> date:
    """The same day `months` later, or that month's last: 31 January + 1 = 28 or 29 February, + 2 = 31 March."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def full_year(two_digits: int, today: date) -> int:
    """The latest year ending in these digits that is not in the future."""
    return today.year - (today.year - two_digits) % 100


def _from_text(text: str, order: DateOrder, today: date) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return _calendar_date(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _calendar_date(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        year = int(found[4]) if len(found[4]) == 4 else full_year(int(found[4]), today)
        first, second = int(found[1]), int(found[3])
        return _calendar_date(year, *((second, first) if order is DateOrder.DMY else (first, second)))
    if _SERIAL.fullmatch(text):
        return SERIAL_EPOCH + timedelta(days=int(text))
    wanted = "day/month/year" if order is DateOrder.DMY else "month/day/year"
    raise ValueError(f"'{text[:40]}' is no date; write YYYY-MM-DD or {wanted}.")


def _calendar_date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}.")
    if year not in YEARS:
        raise ValueError(f"The year {year} is not between 1900 and 2100.")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(f"{calendar.month_name[month]} {year} has no day {day}.")
    return date(year, month, day)


def _within_years(found: date) -> date:
    if found.year not in YEARS:
        raise ValueError(f"The year {found.year} is not between 1900 and 2100.")
    return found
