"""Files that people bring are read by their content, and refused before they can do harm."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from maristan.kernel.errors import Invalid, Refusal, TooLarge
from maristan.kernel.tables import workbook_limits
from maristan.kernel.tables.cells import BLANK, Cell, Table
from maristan.kernel.tables.reading import read_table

HEADER = "reg_no,name,phone"


def read(content: bytes, **limits: int) -> Table:
    name = "people.xlsx" if content.startswith(b"PK") else "people.csv"
    return read_table(content, name, required=["reg_no"], known=["reg_no", "name", "phone"], **limits)


def refusal(content: bytes, **limits: int) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(content, **limits)
    return caught.value


def workbook(fill: Callable[[Worksheet], object], *, hidden_first: bool = False) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        if hidden_first:
            first = book.add_worksheet("Lists")
            first.write_string(0, 0, "not this one")
        sheet = book.add_worksheet("People")
        sheet.activate()
        if hidden_first:
            first.hide()
        fill(sheet)
    return file.getvalue()


def rewritten(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, change(data) if part == name else data)
    return file.getvalue()


def small(sheet: Worksheet) -> None:
    sheet.write_row(0, 0, ["reg_no", "name"])
    sheet.write_row(1, 0, ["R1", "Ali"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separator_line_ends_and_byte_order_mark_are_recognised(delimiter: str, line_end: str, encoding: str) -> None:
    lines = [["reg_no", "name"], ["R1", "مریم حسین"], ["R2", "José"]]
    table = read(line_end.join(delimiter.join(line) for line in lines).encode(encoding))
    assert [(row.number, row.cell("reg_no").text, row.cell("name").text) for row in table.rows] == [
        (2, "R1", "مریم حسین"),
        (3, "R2", "José"),
    ]


def test_a_file_of_windows_keeps_its_accents() -> None:
    table = read("reg_no,name\r\nR1,Zoë Müller-Weiß\r\n".encode("cp1252"))
    assert table.rows[0].cell("name").text == "Zoë Müller-Weiß"


def test_names_are_normalised() -> None:
    table = read("reg_no,name\nR1,Jose\u0301\n".encode())
    assert table.rows[0].cell("name").text == "Jos\u00e9"


def test_quoted_cells_hold_separators_quotes_and_lines() -> None:
    table = read(b'reg_no;name\n"R;1";"a ""b""\nc"\nR2;d\n')
    assert table.rows[0].cell("reg_no").text == "R;1"
    assert table.rows[0].cell("name").text == 'a "b"\nc'
    assert table.rows[1].number == 3


def test_commas_in_a_header_of_semicolons_do_not_mislead() -> None:
    table = read(b'reg_no;"a, b, c";name\nR1;x;Ali\n')
    assert table.rows[0].cell("name").text == "Ali"
    assert table.unknown_columns == ("a, b, c",)


def test_the_header_is_matched_without_case_and_blanks() -> None:
    assert read(b" REG NO , Name\nR1,Ali\n").columns == ("reg_no", "name")


def test_blank_lines_are_passed_over_and_counted() -> None:
    table = read(b"reg_no,name\n\nR1,Ali\n , \n,,\nR2,Hina\n")
    assert [row.number for row in table.rows] == [3, 6]


def test_unknown_columns_are_named_once_and_not_kept() -> None:
    table = read(b"reg_no,Shoe Size,Shoe Size,,name\nR1,41,42,x,Ali\n")
    assert table.unknown_columns == ("Shoe Size",)
    assert dict(table.rows[0].cells) == {"reg_no": Cell("R1"), "name": Cell("Ali")}


def test_a_password_never_leaves_the_reader() -> None:
    table = read(b"reg_no,Password,name\nR1,hunter2,Ali\n")
    assert table.password_ignored
    assert "hunter2" not in repr(table)
    assert table.unknown_columns == ()
    assert not read(b"reg_no\nR1\n").password_ignored


def test_a_password_is_dropped_even_when_asked_for() -> None:
    table = read_table(b"reg_no,password\nR1,hunter2\n", "x", required=[], known=["reg_no", "password"])
    assert "hunter2" not in repr(table)


def test_an_error_file_can_be_handed_in_again() -> None:
    table = read(b"reg_no,name,error_message\nR1,Ali,name: too long\n")
    assert table.unknown_columns == ()
    assert table.columns == ("reg_no", "name")


def test_a_row_with_too_many_cells_says_so() -> None:
    table = read(b"reg_no,name\nR1,Khan, Ali\nR2,Hina,,\n")
    assert [row.surplus for row in table.rows] == [(" Ali",), ()]


def test_a_short_row_has_blank_cells() -> None:
    row = read(b"reg_no,name,phone\nR1\n").rows[0]
    assert row.cell("phone") is BLANK
    assert row.cell("phone").is_blank


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b"reg_no,name\r\n", b"reg_no,name\n,\n \n"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    refused = refusal(content)
    assert (refused.status, refused.code) == (422, "no_rows")


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00",
        b"PK\x03\x04 no archive",
        "reg_no\nR1\n".encode("utf-16"),
        b"reg_no,name\nR1,\x81\x8d\n",
        b'reg_no,name\nR1,"never closed\n',
        b'reg_no,name\nR1,"closed" too early\n',
        b'reg_no,name\nR1,"' + b"x" * 200_000 + b'"\n',
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    refused = refusal(content)
    assert isinstance(refused, Invalid)
    assert refused.code == "not_a_table"
    assert refused.faults[0].pointer == "/file"


def test_missing_and_repeated_columns_are_named() -> None:
    with pytest.raises(Invalid) as caught:
        read_table(b"name,NAME,phone\nx,y,z\n", "x", required=["reg_no", "name", "status"], known=["phone"])
    assert caught.value.code == "header_mismatch"
    assert caught.value.extra == {"missing": ["reg_no", "status"], "duplicate": ["name"]}


def test_a_blank_first_row_is_a_missing_header() -> None:
    assert refusal(b"\nreg_no,name\nR1,Ali\n").code == "header_mismatch"


def test_the_limits_are_exact() -> None:
    content = b"reg_no\nR1\n\nR2\n"
    assert len(read(content, max_bytes=len(content), max_rows=2).rows) == 2
    assert refusal(content, max_bytes=len(content) - 1).status == 413
    assert refusal(content, max_rows=1).extra == {"max_rows": 1}


def test_a_line_of_a_million_commas_is_refused() -> None:
    assert isinstance(refusal(b"reg_no\n" + b"," * 1_000_000), TooLarge)


def test_a_protective_apostrophe_is_taken_off() -> None:
    table = read(b"reg_no,name,phone\n'=1+1,''=x,'Ali\n")
    assert [table.rows[0].cell(name).text for name in ("reg_no", "name", "phone")] == ["=1+1", "'=x", "'Ali"]


def test_cells_of_a_sheet_remember_dates_and_numbers() -> None:
    def fill(sheet: Worksheet) -> None:
        day = {"num_format": "yyyy-mm-dd"}
        sheet.write_row(0, 0, ["reg_no", "name", "phone"])
        sheet.write_string(2, 0, "'=R1")
        sheet.write_datetime(2, 1, datetime(2004, 2, 13), book.add_format(day))
        sheet.write_number(2, 2, 3001234567)
        sheet.write_number(3, 0, 1.5)
        sheet.write_boolean(3, 1, True)
        sheet.write_datetime(3, 2, datetime(2004, 2, 13, 8, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        fill(book.add_worksheet())
    first, second = read(file.getvalue()).rows
    assert (first.number, second.number) == (3, 4)
    assert first.cells == {
        "reg_no": Cell("=R1"),
        "name": Cell("2004-02-13", date(2004, 2, 13)),
        "phone": Cell("3001234567", 3001234567.0),
    }
    assert second.cells == {
        "reg_no": Cell("1.5", 1.5),
        "name": Cell("true"),
        "phone": Cell("2004-02-13T08:30:00", datetime(2004, 2, 13, 8, 30)),
    }


def test_the_first_visible_sheet_is_read() -> None:
    assert read(workbook(small, hidden_first=True)).rows[0].cell("name").text == "Ali"


def test_an_empty_sheet_has_no_header() -> None:
    assert refusal(workbook(lambda sheet: None)).code == "header_mismatch"


def test_one_cell_in_the_last_corner_cannot_exhaust_memory() -> None:
    def fill(sheet: Worksheet) -> None:
        small(sheet)
        sheet.write_string(1_048_575, 16_383, "boo")

    assert refusal(workbook(fill)).extra == {"max_cells": workbook_limits.MAX_RECTANGLE}


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048575"><c r="XFD1048575"><v>1</v></c></row>',
        b'<row r="1048575"><c/><c t="inlineStr"><is><t>x</t></is></c><c/><c/><c><v>1</v></c></row>',
        b'<x:row xmlns:x="y" r="1048575"><x:c r="XFD1048575"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_far_cells_are_found_however_they_are_written(row: bytes) -> None:
    content = rewritten(
        workbook(small), "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", row + b"</sheetData>")
    )
    assert isinstance(refusal(content), TooLarge)


def test_a_far_cell_with_nothing_but_a_colour_does_no_harm() -> None:
    content = rewritten(
        workbook(small),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
    )
    assert len(read(content).rows) == 1


@pytest.mark.parametrize("cell", [b'r="A1x"', b'r="AAAA1"', b'r="1"'])
def test_an_invalid_address_is_refused(cell: bytes) -> None:
    content = rewritten(workbook(small), "xl/worksheets/sheet1.xml", lambda data: data.replace(b'r="A2"', cell))
    assert refusal(content).code == "not_a_table"


def test_one_long_text_shown_by_many_cells_is_refused() -> None:
    def fill(sheet: Worksheet) -> None:
        small(sheet)
        for row in range(2, 4_000):
            sheet.write_string(row, 1, "x" * 32_000)

    assert refusal(workbook(fill)).extra == {"max_characters": workbook_limits.MAX_CHARACTERS}


@pytest.mark.parametrize(
    ("column", "row", "cells"), [(1, 1, 4), (2, 1, 6), (25, 1, 52), (26, 1, 54), (27, 2, 84), (702, 1, 1406)]
)
def test_the_rectangle_is_counted_exactly(monkeypatch: pytest.MonkeyPatch, column: int, row: int, cells: int) -> None:
    def fill(sheet: Worksheet) -> None:
        small(sheet)
        sheet.write_string(row, column, "x")

    content = workbook(fill)
    monkeypatch.setattr(workbook_limits, "MAX_RECTANGLE", cells)
    workbook_limits.trusted_copy(content)
    monkeypatch.setattr(workbook_limits, "MAX_RECTANGLE", cells - 1)
    assert refusal(content).extra == {"max_cells": cells - 1}


def test_cells_without_an_address_are_counted_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"<row><c><v>1</v></c></row><row><c/><c/><c/><c><v>1</v></c></row><row><c><v>1</v></c></row></sheetData>"
    content = rewritten(workbook(small), "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", rows))
    monkeypatch.setattr(workbook_limits, "MAX_RECTANGLE", 20)
    workbook_limits.trusted_copy(content)
    monkeypatch.setattr(workbook_limits, "MAX_RECTANGLE", 19)
    assert isinstance(refusal(content), TooLarge)


def test_shared_texts_are_counted_as_often_as_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(sheet: Worksheet) -> None:
        small(sheet)
        sheet.write_row(2, 0, ["R1", "Ali", 1])

    content = workbook(fill)
    monkeypatch.setattr(workbook_limits, "MAX_CHARACTERS", len("reg_no" + "name" + 2 * "R1" + 2 * "Ali"))
    workbook_limits.trusted_copy(content)
    monkeypatch.setattr(workbook_limits, "MAX_CHARACTERS", workbook_limits.MAX_CHARACTERS - 1)
    assert isinstance(refusal(content), TooLarge)


def test_an_invalid_row_number_is_refused() -> None:
    content = rewritten(
        workbook(small), "xl/worksheets/sheet1.xml", lambda data: data.replace(b'<row r="2"', b'<row r="-2"')
    )
    assert refusal(content).code == "not_a_table"


def test_two_parts_of_one_name_are_refused() -> None:
    file = io.BytesIO(workbook(small))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/Workbook.xml", "<workbook/>")
    assert refusal(file.getvalue()).code == "not_a_table"


def test_a_document_type_is_refused() -> None:
    content = rewritten(
        workbook(small),
        "xl/sharedStrings.xml",
        lambda data: data.replace(b"?>", b'?><!DOCTYPE sst [<!ENTITY a "b">]>', 1),
    )
    assert refusal(content).code == "not_a_table"


def test_a_part_that_unpacks_too_far_is_refused_without_unpacking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_INFLATED", 2**20)
    said = random.Random(7).randbytes(3 * 2**20).hex().encode()
    content = rewritten(workbook(small), "docProps/app.xml", lambda data: data + b"<!--" + said + b"-->")
    tracemalloc.start()
    refused = refusal(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.extra == {"max_bytes": 2**20}
    assert peak < 16 * 2**20


def test_other_archives_are_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert refusal(file.getvalue()).code == "not_a_table"


@given(st.integers(0, 10_000), st.integers(0, 255), st.integers(4, 20_000))
def test_a_damaged_workbook_is_read_or_refused_but_never_an_error(place: int, byte: int, length: int) -> None:
    content = bytearray(WORKBOOK)
    content[4 + place % (len(content) - 4)] = byte
    with suppress(Invalid, TooLarge):
        read(bytes(content[:length]))


WORKBOOK = workbook(small)
