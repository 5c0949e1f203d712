"""A table after reading: text cells that remember the date or number their sheet held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ERROR_COLUMN = "error_message"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `text` is NFC and keeps its blanks, `native` is the sheet's own date, date-time or number."""

    text: str = ""
    native: date | float | None = None

    @property
    def is_blank(self) -> bool:
        """True when nothing but blanks stands in it."""
        return not self.text.strip()


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `number` counts as in the file, the header being 1; blank cells are left out of `cells`."""

    number: int
    cells: Mapping[str, Cell]
    surplus: tuple[str, ...] = ()
    """Texts to the right of the last header cell: the line has been cut wrongly."""

    def cell(self, column: str) -> Cell:
        """The cell of that column, blank when the row or the file has none."""
        return self.cells.get(column, BLANK)


@dataclass(frozen=True, slots=True)
class Table:
    """Known columns in the file's order, and the lines that are not blank."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    unknown_columns: tuple[str, ...] = ()
    password_ignored: bool = False
