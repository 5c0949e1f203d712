"""The cells of an XLSX workbook's first visible sheet."""

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from maristan.kernel.tables.cells import BLANK, Cell
from maristan.kernel.tables.workbook_limits import not_a_table, trusted_copy

# What zipfile, expat and calamine raise for bytes that were cut, altered or encrypted; found by altering good files.
DAMAGES = (
    CalamineError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
    expat.ExpatError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def sheet_rows(content: bytes) -> Iterator[Sequence[object]]:
    """The raw values row by row from row 1, blank rows included.

    Raises `Invalid` (`not_a_table`) for what is no readable XLSX and `TooLarge` for one beyond `workbook_limits`.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(trusted_copy(content))
        yield from workbook.get_sheet_by_name(_first_sheet(workbook)).iter_rows()
    except DAMAGES as fault:
        raise not_a_table("The workbook cannot be read; is it damaged or encrypted?") from fault


def cell_of(value: object) -> Cell:
    """The cell a sheet's value becomes: dates in ISO format, whole numbers without a fraction."""
    if value in ("", None):
        return BLANK
    if isinstance(value, datetime) and value.time() == time.min:
        return Cell(value.date().isoformat(), value.date())
    if isinstance(value, date):
        return Cell(value.isoformat(), value)
    if isinstance(value, float) and math.isfinite(value):
        return Cell(str(int(value)) if value.is_integer() else repr(value), value)
    return Cell(str(value).lower() if isinstance(value, bool) else str(value))


def _first_sheet(workbook: CalamineWorkbook) -> str:
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return sheet.name
    raise not_a_table("The workbook has no visible sheet.")
