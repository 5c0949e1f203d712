"""Writes rows as CSV or XLSX, streamed and safe to open in a spreadsheet."""

import csv
import io
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from maristan.kernel.errors import TooLarge
from maristan.kernel.tables.cells import ERROR_COLUMN, Cell, Table
from maristan.kernel.tables.formulas import protect, protect_typed

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK = 2**16
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
EXACT_DIGITS = 15
FIRST_SHEET_DATE = date(1900, 3, 1)


class TableFormat(StrEnum):
    """The formats a table is written in."""

    CSV = "csv"
    XLSX = "xlsx"


def csv_stream(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with byte-order mark, commas, CRLF; formulas are defused (see `formulas`).

    None is blank, truth is `true` or `false`, dates and times are ISO 8601; one value per column in each row.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    writer.writerow([protect(name) for name in columns])
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
        if buffer.tell() >= CHUNK:
            yield _drain(buffer)
    yield _drain(buffer)


def xlsx_stream(columns: Sequence[str], rows: Iterable[Sequence[object]], *, sheet: str = "Sheet1") -> Iterator[bytes]:
    """An XLSX file in pieces, built row by row on disk: texts are texts and never formulas.

    Naive dates and date-times are dates of the sheet, those with an offset are ISO texts, as are numbers of more than
    15 digits. Texts are cut at the 32,767 characters a cell can hold. Raises `TooLarge` beyond 1,048,575 rows.
    """
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as workbook:
            worksheet = workbook.add_worksheet(sheet)
            worksheet.freeze_panes(1, 0)
            moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            bold = workbook.add_format({"bold": True})
            for column, name in enumerate(columns):
                worksheet.write_string(0, column, protect_typed(name), bold)
            for number, row in enumerate(rows, 1):
                _write_row(worksheet, number, row, moment)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def error_stream(table: Table, messages: Mapping[int, str], file_format: TableFormat) -> Iterator[bytes]:
    """The rows of `table` that `messages` names by row number, with its columns and `error_message` as the last."""
    columns = (*table.columns, ERROR_COLUMN)
    typed = file_format is TableFormat.XLSX
    rows = (
        [*(_as_read(row.cell(column), typed) for column in table.columns), messages[row.number]]
        for row in table.rows
        if row.number in messages
    )
    return xlsx_stream(columns, rows) if typed else csv_stream(columns, rows)


def _as_read(cell: Cell, typed: bool) -> object:
    return cell.native if typed and cell.native is not None else cell.text


def _drain(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def _csv_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return protect(str(value))


def _write_row(worksheet: Worksheet, number: int, row: Sequence[object], moment: Format) -> None:
    if number >= SHEET_ROWS:
        raise TooLarge(detail="A sheet holds at most 1,048,575 rows; take CSV.", max_rows=SHEET_ROWS - 1)
    for column, value in enumerate(row):
        if isinstance(value, bool):
            worksheet.write_boolean(number, column, value)
        elif _is_exact_number(value):
            worksheet.write_number(number, column, value)
        elif isinstance(value, date) and _is_sheet_date(value):
            worksheet.write_datetime(number, column, value, moment if isinstance(value, datetime) else None)
        elif text := protect_typed(_plain_text(value)):
            worksheet.write_string(number, column, text[:CELL_CHARACTERS])


def _is_exact_number(value: object) -> bool:
    if isinstance(value, int):
        return len(str(abs(value))) <= EXACT_DIGITS
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= EXACT_DIGITS
    return isinstance(value, float) and math.isfinite(value)


def _is_sheet_date(value: date) -> bool:
    if isinstance(value, datetime):
        return value.date() >= FIRST_SHEET_DATE and value.tzinfo is None
    return value >= FIRST_SHEET_DATE


def _plain_text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | time) else str(value)
