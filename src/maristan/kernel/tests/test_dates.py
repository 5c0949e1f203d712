"""Dates are read in the one order of the file and never guessed; months are counted from the first day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.kernel.dates import DateOrder, full_year, months_after, parse_date

TODAY = date(2026, 3, 1)
DMY, MDY = DateOrder.DMY, DateOrder.MDY


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("2004-02-13", DMY, date(2004, 2, 13)),
        ("2004/02/13", MDY, date(2004, 2, 13)),
        ("20040213", DMY, date(2004, 2, 13)),
        (" 13/02/2004 ", DMY, date(2004, 2, 13)),
        ("13-2-2004", DMY, date(2004, 2, 13)),
        ("02/13/2004", MDY, date(2004, 2, 13)),
        ("03/04/2004", DMY, date(2004, 4, 3)),
        ("03/04/2004", MDY, date(2004, 3, 4)),
        ("15/01/45", DMY, date(1945, 1, 15)),
        ("15/01/26", DMY, date(2026, 1, 15)),
        ("15/01/27", DMY, date(1927, 1, 15)),
        ("29/02/2004", DMY, date(2004, 2, 29)),
        ("38000", DMY, date(2004, 1, 14)),
        ("1900-01-01", DMY, date(1900, 1, 1)),
        ("31/12/2100", DMY, date(2100, 12, 31)),
    ],
)
def test_a_date_is_understood(text: str, order: DateOrder, found: date) -> None:
    assert parse_date(text, order=order, today=TODAY) == found


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2005", DMY),
        ("02/13/2004", DMY),
        ("13/02/2004", MDY),
        ("31/02/2005", DMY),
        ("29/02/2005", DMY),
        ("00/01/2005", DMY),
        ("13/02-2004", DMY),
        ("13.02.2004", DMY),
        ("13/02/204", DMY),
        ("13 Feb 2004", DMY),
        ("1899-12-31", DMY),
        ("2101-01-01", DMY),
        ("0000-01-01", DMY),
        ("380001", DMY),
        ("38000.5", DMY),
        ("99999", DMY),
        ("20041301", DMY),
        ("-5", DMY),
        ("", DMY),
    ],
)
def test_a_value_that_does_not_fit_is_refused(text: str, order: DateOrder) -> None:
    with pytest.raises(ValueError):
        parse_date(text, order=order, today=TODAY)


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("02/13/2004", DMY, "There is no month 13."),
        ("02/00/2004", DMY, "There is no month 0."),
        ("29/02/2005", DMY, "February 2005 has no day 29."),
        ("2101-01-01", DMY, "The year 2101 is not between 1900 and 2100."),
        ("0000-01-01", DMY, "The year 0 is not between 1900 and 2100."),
        ("2005", DMY, "'2005' is no date; write YYYY-MM-DD or day/month/year."),
        ("2005", MDY, "'2005' is no date; write YYYY-MM-DD or month/day/year."),
    ],
)
def test_the_refusal_says_what_is_wrong(text: str, order: DateOrder, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_date(text, order=order, today=TODAY)
    assert str(refused.value) == words


def test_a_date_of_the_sheet_needs_no_reading() -> None:
    assert parse_date("whatever", date(2004, 2, 13), order=MDY, today=TODAY) == date(2004, 2, 13)
    assert parse_date("", datetime(2004, 2, 13, 8, 30), order=DMY, today=TODAY) == date(2004, 2, 13)
    with pytest.raises(ValueError):
        parse_date("", date(1850, 1, 1), order=DMY, today=TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(DateOrder))
def test_every_date_written_in_full_is_read_back(day: date, order: DateOrder) -> None:
    local = day.strftime("%d/%m/%Y" if order is DMY else "%m-%d-%Y").replace(f"{day:%Y}", f"{day.year:04}")
    for text in (day.isoformat(), day.isoformat().replace("-", ""), local):
        assert parse_date(text, order=order, today=TODAY) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 99))
def test_a_short_year_is_the_latest_that_is_not_in_the_future(today: date, digits: int) -> None:
    year = full_year(digits, today)
    assert year % 100 == digits
    assert today.year - 100 < year <= today.year


@pytest.mark.parametrize(
    ("first", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(first: date, months: int, found: date) -> None:
    assert months_after(first, months) == found


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 240))
def test_months_never_spill_into_the_next(first: date, months: int) -> None:
    found = months_after(first, months)
    assert (found.year * 12 + found.month) - (first.year * 12 + first.month) == months
    assert found.day == first.day or (found + timedelta(days=1)).day == 1
