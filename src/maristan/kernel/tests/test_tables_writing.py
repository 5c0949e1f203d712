"""What is written can be opened in a spreadsheet without running, and read back as it was."""

import csv
import io
import math
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice, repeat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from maristan.kernel.errors import TooLarge
from maristan.kernel.tables import writing
from maristan.kernel.tables.cells import Cell, Row, Table
from maristan.kernel.tables.formulas import protect, protect_typed, unprotect
from maristan.kernel.tables.reading import read_table
from maristan.kernel.tables.writing import TableFormat, csv_stream, error_stream, xlsx_stream

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20)
RISKY = st.builds("".join, st.tuples(st.sampled_from(["", "'", "''"]), st.sampled_from("=+-@\t＝'"), TEXTS))


def sheet(content: bytes) -> list[list[object]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [list(row) for row in rows]


def xlsx(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return sheet(b"".join(xlsx_stream(columns, rows)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://x","Ali")', '\'=HYPERLINK("http://x","Ali")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("+92 300 1234567", "'+92 300 1234567"),
        ("+923001234567", "+923001234567"),
        ("-5", "-5"),
        ("-12.50", "-12.50"),
        ("-", "'-"),
        ("'Ali", "'Ali"),
        ("Ali=1", "Ali=1"),
        ("", ""),
    ],
)
def test_a_formula_is_defused_and_a_number_left_alone(text: str, written: str) -> None:
    assert protect(text) == written
    assert unprotect(written) == text


@given(TEXTS | RISKY)
def test_the_apostrophe_comes_off_exactly_as_it_went_on(text: str) -> None:
    assert unprotect(protect(text)) == text
    assert unprotect(protect_typed(text)) == text
    assert protect(text)[:1] not in set("=@\t＝")


@given(st.lists(st.tuples(TEXTS | RISKY, TEXTS | RISKY), min_size=1, max_size=8))
@example([("_x0041_", "a\nb"), ("'=1", '"'), (" lead", "trail ")])
@settings(deadline=None)
def test_texts_survive_the_way_out_and_in_again(rows: list[tuple[str, str]]) -> None:
    expected = [row for row in rows if any(text.strip() for text in row)]
    for write in (csv_stream, xlsx_stream):
        content = b"".join(write(["a", "b"], [*rows, ("end", "")]))
        table = read_table(content, "x", required=["a", "b"], known=[])
        found = [(row.cell("a").text, row.cell("b").text) for row in table.rows[:-1]]
        assert found == [
            tuple(unicodedata.normalize("NFC", text) if text.strip() else "" for text in row) for row in expected
        ]


def test_csv_has_a_byte_order_mark_and_windows_line_ends() -> None:
    content = b"".join(csv_stream(["name", "n"], [("علی", 1), ('a,"b"', 2)]))
    assert content == b"\xef\xbb\xbf" + 'name,n\r\nعلی,1\r\n"a,""b""",2\r\n'.encode()


def test_csv_writes_values_as_the_wire_does() -> None:
    row = (None, True, date(2004, 2, 13), datetime(2004, 2, 13, 8, 30, tzinfo=UTC), time(8, 5), Decimal("1.50"), -3)
    text = b"".join(csv_stream(["x"] * 7, [row])).decode("utf-8-sig")
    assert next(islice(csv.reader(io.StringIO(text)), 1, None)) == [
        "",
        "true",
        "2004-02-13",
        "2004-02-13T08:30:00+00:00",
        "08:05:00",
        "1.50",
        "-3",
    ]


def test_csv_is_streamed_and_not_gathered() -> None:
    endless = csv_stream(["name"], repeat(("Ali",)))
    assert sum(len(piece) for piece in islice(endless, 4)) < 4 * 2**17


def test_a_long_list_is_written_without_gap_or_repetition() -> None:
    rows = [(f"R{number}", "x" * 40) for number in range(5_000)]
    pieces = list(csv_stream(["reg_no", "text"], rows))
    assert len(pieces) > 3
    table = read_table(b"".join(pieces), "x", required=["reg_no"], known=[])
    assert [row.cell("reg_no").text for row in table.rows] == [reg_no for reg_no, _ in rows]


def test_a_list_without_rows_still_has_its_header() -> None:
    assert b"".join(csv_stream(["a", "b"], [])) == b"\xef\xbb\xbfa,b\r\n"
    assert xlsx(["a", "b"], []) == [["a", "b"]]


def test_a_formula_in_a_sheet_is_a_text() -> None:
    assert xlsx(["=a"], [("=1+1",), ("http://x",), ("'=1",)]) == [["=a"], ["=1+1"], ["http://x"], ["''=1"]]


def test_a_sheet_keeps_the_kinds_of_values() -> None:
    row = (5, 1.5, Decimal("2.25"), True, date(2004, 2, 13), datetime(2004, 2, 13, 8, 30), None, "007")
    assert xlsx(["x"] * 8, [row])[1] == [
        5.0,
        1.5,
        2.25,
        True,
        date(2004, 2, 13),
        datetime(2004, 2, 13, 8, 30),
        "",
        "007",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567890123456, "1234567890123456"),
        (Decimal("0.1234567890123456"), "0.1234567890123456"),
        (math.inf, "inf"),
        (date(1900, 2, 28), "1900-02-28"),
        (datetime(1900, 2, 28, 8, 30), "1900-02-28T08:30:00"),
        (datetime(2004, 2, 13, 8, 30, tzinfo=UTC), "2004-02-13T08:30:00+00:00"),
        (time(8, 5), "08:05:00"),
    ],
)
def test_what_a_sheet_would_distort_is_written_as_text(value: object, text: str) -> None:
    assert xlsx(["x"], [(value,)])[1] == [text]


@pytest.mark.parametrize(
    "value", [999999999999999, Decimal("0.123456789012345"), date(1900, 3, 1), datetime(1900, 3, 1, 8, 30)]
)
def test_what_a_sheet_holds_exactly_keeps_its_kind(value: object) -> None:
    (found,) = xlsx(["x"], [(value,)])[1]
    assert not isinstance(found, str)
    assert found == (float(value) if isinstance(value, Decimal) else value)


def test_a_text_is_cut_at_what_a_cell_can_hold() -> None:
    assert xlsx(["x"], [("y" * 40_000,)])[1] == ["y" * 32_767]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    assert len(xlsx(["x"], [(1,), (2,)])) == 3
    with pytest.raises(TooLarge):
        b"".join(xlsx_stream(["x"], [(1,), (2,), (3,)]))


TABLE = Table(
    ("reg_no", "born"),
    (
        Row(2, {"reg_no": Cell("R1")}),
        Row(4, {"reg_no": Cell("=R2"), "born": Cell("2004-02-13", date(2004, 2, 13))}),
    ),
)


def test_the_error_file_has_the_rows_that_failed_and_why() -> None:
    content = b"".join(error_stream(TABLE, {4: "reg_no: too long"}, TableFormat.CSV))
    assert content.decode("utf-8-sig") == "reg_no,born,error_message\r\n'=R2,2004-02-13,reg_no: too long\r\n"


def test_the_error_file_of_a_sheet_keeps_its_dates() -> None:
    content = b"".join(error_stream(TABLE, {4: "=bad"}, TableFormat.XLSX))
    assert sheet(content)[1] == ["=R2", date(2004, 2, 13), "=bad"]


@pytest.mark.parametrize("file_format", TableFormat)
def test_an_error_file_is_read_back_as_the_rows_it_came_from(file_format: TableFormat) -> None:
    content = b"".join(error_stream(TABLE, {2: "x", 4: "y"}, file_format))
    again = read_table(content, "errors", required=["reg_no"], known=["born"])
    assert [row.cell("reg_no").text for row in again.rows] == ["R1", "=R2"]
    assert again.rows[1].cell("born").text == "2004-02-13"
    assert again.unknown_columns == ()
