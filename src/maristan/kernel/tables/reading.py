"""Reads a CSV or XLSX file that a person brings into rows of named cells."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from maristan.kernel import archives
from maristan.kernel.errors import Invalid, TooLarge
from maristan.kernel.tables.cells import BLANK, ERROR_COLUMN, Cell, Row, Table
from maristan.kernel.tables.formulas import unprotect
from maristan.kernel.tables.workbook_limits import not_a_table
from maristan.kernel.tables.workbooks import cell_of, sheet_rows
from maristan.kernel.uploads import ending, may_be_named

WORKBOOKS = ("xlsx",)
TEXTS = ("csv", "txt", "tsv")
DELIMITERS = (",", ";", "\t")
PASSWORD_COLUMN = "password"  # noqa: S105 the name of a column that is thrown away
MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 1_000


def read_table(
    content: bytes,
    filename: str,
    *,
    required: Sequence[str],
    known: Sequence[str],
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Table:
    """The table in an uploaded file, CSV or XLSX by its content; `known` names the columns kept besides `required`.

    CSV: UTF-8 with or without byte-order mark, else cp1252; delimiter `,` `;` or tab, whichever finds most known
    columns in the header. XLSX: the first visible sheet. Row 1 is the header, matched without case, with blanks as
    underscores. Blank lines are passed over and counted; protective apostrophes are taken off (see `formulas`).
    A `password` column is dropped, as is the `error_message` of an error file handed in again.
    Raises `Invalid` with `unsupported_file` (another kind than its name says, or packed beyond reason), `not_a_table`,
    `no_rows` or `header_mismatch` (`missing`, `duplicate`), and `TooLarge`.
    """
    if len(content) > max_bytes:
        raise TooLarge(detail=f"{filename} has more than {max_bytes} bytes.", max_bytes=max_bytes)
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Invalid.at("/file", "no_rows", f"{filename} is empty.")
    _must_agree(filename, is_workbook=content.startswith(archives.MAGIC))
    wanted = tuple(dict.fromkeys((*required, *known)))
    records = _xlsx_records(content) if content.startswith(b"PK\x03\x04") else _csv_records(content, wanted)
    header = _read_header(next(records, []), required, wanted)
    rows = tuple(_read_rows(records, header, max_rows))
    if not rows:
        raise Invalid.at("/file", "no_rows", f"{filename} has no rows below its header.")
    return Table(tuple(header.kept.values()), rows, header.unknown, header.has_password)


def _must_agree(filename: str, *, is_workbook: bool) -> None:
    says = ending(filename)
    if says and says not in (WORKBOOKS if is_workbook else TEXTS):
        raise Invalid.at("/file", "unsupported_file", f"{filename} is not what its name says.")
    if not may_be_named(filename):
        raise Invalid.at("/file", "unsupported_file", f"{filename} has an ending that is not taken here.")


def column_key(name: str) -> str:
    """What two spellings of a column's name have in common: ` Reg No` and `reg_no` are one column."""
    return "_".join(unicodedata.normalize("NFC", name).split()).casefold()


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    kept: dict[int, str]
    unknown: tuple[str, ...]
    has_password: bool


def _read_header(cells: Sequence[Cell], required: Sequence[str], wanted: Sequence[str]) -> _Header:
    by_key = {column_key(name): name for name in wanted if column_key(name) != PASSWORD_COLUMN}
    keys = [column_key(cell.text) for cell in cells]
    kept = {index: by_key[key] for index, key in enumerate(keys) if key in by_key}
    names = list(kept.values())
    missing = [name for name in required if name not in names]
    duplicate = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if missing or duplicate:
        detail = " ".join(
            f"{what}: {', '.join(found)}." for what, found in (("Missing", missing), ("Repeated", duplicate)) if found
        )
        raise Invalid.at("/file", "header_mismatch", detail, missing=missing, duplicate=duplicate)
    passed_over = {"", PASSWORD_COLUMN, ERROR_COLUMN, *by_key}
    unknown = dict.fromkeys(cell.text.strip() for cell, key in zip(cells, keys, strict=True) if key not in passed_over)
    width = max((index + 1 for index, key in enumerate(keys) if key), default=0)
    return _Header(width, kept, tuple(unknown), PASSWORD_COLUMN in keys)


def _read_rows(records: Iterable[Sequence[Cell]], header: _Header, max_rows: int) -> Iterator[Row]:
    count = 0
    for number, cells in enumerate(records, 2):
        if all(cell.is_blank for cell in cells):
            continue
        count += 1
        if count > max_rows:
            raise TooLarge(detail=f"The table has more than {max_rows} rows.", max_rows=max_rows)
        kept = {name: cells[index] for index, name in header.kept.items() if index < len(cells)}
        surplus = tuple(cell.text for cell in cells[header.width :] if not cell.is_blank)
        yield Row(number, {name: cell for name, cell in kept.items() if not cell.is_blank}, surplus)


def _xlsx_records(content: bytes) -> Iterator[Sequence[Cell]]:
    try:
        archives.check(content)
    except archives.Oversized:
        raise Invalid.at("/file", "unsupported_file", "The workbook unpacks to far more than it is.") from None
    except archives.DAMAGES as fault:
        raise not_a_table("The workbook cannot be read; is it damaged or encrypted?") from fault
    for values in sheet_rows(content):
        cells = [cell_of(value) for value in values]
        yield [_restored(cell.text) if cell.native is None else cell for cell in cells]


def _csv_records(content: bytes, wanted: Sequence[str]) -> Iterator[Sequence[Cell]]:
    text = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, wanted), strict=True)
    try:
        for record in reader:
            if len(record) > MAX_COLUMNS:
                raise TooLarge(detail=f"A row has more than {MAX_COLUMNS} cells.", max_columns=MAX_COLUMNS)
            yield [_restored(value) for value in record]
    except csv.Error as fault:
        raise not_a_table(f"Line {reader.line_num}: {fault}.") from fault


def _restored(text: str) -> Cell:
    if not text:
        return BLANK
    if "\0" in text:
        raise not_a_table("The file contains NUL characters.")
    return Cell(unprotect(unicodedata.normalize("NFC", text)))


def _decode(content: bytes) -> str:
    if b"\0" in content:
        raise not_a_table("The file is neither CSV nor XLSX.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise not_a_table("The text is neither UTF-8 nor Windows-1252.") from fault


def _delimiter(text: str, wanted: Sequence[str]) -> str:
    keys = {column_key(name) for name in wanted}

    def columns_found(delimiter: str) -> int:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return -1
        return len(keys.intersection(map(column_key, header)))

    return max(DELIMITERS, key=columns_found)
