"""A row is examined to its end, and each fault names its column."""

from datetime import date
from enum import StrEnum

import pytest

from maristan.kernel.dates import DateOrder
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import CellFault, Note, Repeated, RowAction, RowOutcome
from maristan.kernel.tables.row_reader import RowReader

TODAY = date(2026, 3, 1)


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


def reader(*surplus: str, **cells: str) -> RowReader:
    return RowReader(Row(7, {name: Cell(text) for name, text in cells.items()}, surplus))


def codes(examined: RowReader) -> list[tuple[str, str]]:
    return [(fault.column, fault.code) for fault in examined.faults]


def test_blank_optional_cells_are_fine() -> None:
    row = reader(a="  ")
    assert row.text("a", 5) == ""
    assert row.email("a") is None
    assert row.date("a", order=DateOrder.DMY, today=TODAY) is None
    assert row.choice("a", Colour, "bad_colour") is None
    assert row.whole_number("a", range(5), "bad_number") is None
    assert row.faults == []


def test_every_fault_of_a_row_is_kept() -> None:
    row = reader(name=" ", code="x" * 6, email="nobody", born="2005", colour="pink", year="1.5")
    row.text("name", 5, required=True)
    row.text("code", 5)
    row.email("email")
    row.date("born", order=DateOrder.DMY, today=TODAY)
    row.choice("colour", Colour, "bad_colour")
    row.whole_number("year", range(1900, 2101), "bad_year")
    row.repeated("code", [4, 9])
    assert codes(row) == [
        ("name", "required"),
        ("code", "too_long"),
        ("email", "bad_email"),
        ("born", "bad_date"),
        ("colour", "bad_colour"),
        ("year", "bad_year"),
        ("code", "duplicate_in_file"),
    ]
    assert row.faults[-1].detail == "Also in row 4, 9."


def test_a_text_of_the_greatest_length_passes() -> None:
    row = reader(a=" xxxxx ")
    assert row.text("a", 5) == "xxxxx"
    assert row.faults == []


@pytest.mark.parametrize("text", ["dark_blue", " Dark Blue ", "DARK-BLUE"])
def test_a_word_is_recognised_in_any_case(text: str) -> None:
    assert reader(a=text).choice("a", Colour, "x") is Colour.DARK_BLUE


def test_a_choice_that_is_required_must_be_there() -> None:
    row = reader()
    assert row.choice("a", Colour, "bad_colour", required=True) is None
    assert codes(row) == [("a", "required")]


def test_today_is_not_in_the_future_and_tomorrow_is() -> None:
    row = reader(a="2026-03-01", b="2026-03-02")
    assert row.date("a", order=DateOrder.DMY, today=TODAY, latest=TODAY) == TODAY
    assert row.date("b", order=DateOrder.DMY, today=TODAY, latest=TODAY) is None
    assert codes(row) == [("b", "bad_date")]


@pytest.mark.parametrize(("text", "found"), [("1900", 1900), ("2100", 2100), ("1899", None), ("٢٠٢٦", None)])
def test_a_number_lies_in_its_range(text: str, found: int | None) -> None:
    assert reader(a=text).whole_number("a", range(1900, 2101), "x") == found


def test_a_row_that_was_cut_wrongly_is_a_fault() -> None:
    assert codes(reader("stray", a="x")) == [("", "too_many_cells")]


def test_repeated_keys_name_the_other_rows() -> None:
    keys = Repeated([("a", 2), ("b", 3), ("a", 4), ("", 5), ("", 6), *(("a", row) for row in range(10, 99))])
    assert keys.others("a", 4) == [2, 10, 11]
    assert keys.others("a", 98) == [2, 4, 10]
    assert keys.others("b", 3) == []
    assert keys.others("", 5) == []


def test_an_outcome_is_ready_for_json_and_for_the_error_file() -> None:
    faults = (CellFault("born", "bad_date", "No."), CellFault("", "too_many_cells", "Too many."))
    outcome: RowOutcome[CellFault] = RowOutcome(7, RowAction.ERROR, None, faults, (Note("n", "d"),))
    assert outcome.message == "born: No.; Too many."
    assert outcome.as_dict() == {
        "row": 7,
        "action": "error",
        "values": None,
        "faults": [
            {"column": "born", "code": "bad_date", "detail": "No."},
            {"column": "", "code": "too_many_cells", "detail": "Too many."},
        ],
        "notes": [{"code": "n", "detail": "d"}],
    }
