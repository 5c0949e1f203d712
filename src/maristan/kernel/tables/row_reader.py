"""Reads the cells of one row and keeps every fault, so that a person sees them all at once."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import TypeVar

from maristan.kernel.dates import DateOrder, parse_date
from maristan.kernel.names import EMAIL_LENGTH, normal_email, tidy
from maristan.kernel.phones import normal_phone
from maristan.kernel.tables.cells import Row
from maristan.kernel.tables.outcomes import CellFault

Choice = TypeVar("Choice", bound=StrEnum)

WORD_LENGTH = 100
NUMBER_LENGTH = 20


class RowReader:
    """One row under examination; a cell with a fault reads as blank."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[CellFault] = []
        if row.surplus:
            self.note("", "too_many_cells", "The row has more cells than the header; is a delimiter unquoted?")

    def note(self, column: str, code: str, detail: str) -> None:
        """Keep a fault of this row."""
        self.faults.append(CellFault(column, code, detail))

    def text(self, column: str, max_length: int, *, required: bool = False) -> str:
        """The tidy text of the cell; notes `required` and `too_long` (counted in characters)."""
        text = tidy(self.row.cell(column).text)
        if required and not text:
            self.note(column, "required", "This cell must not be blank.")
        if len(text) > max_length:
            self.note(column, "too_long", f"{len(text)} characters; at most {max_length} are allowed.")
            return ""
        return text

    def email(self, column: str) -> str | None:
        """The normalised address or None; notes `bad_email`."""
        text = self.text(column, EMAIL_LENGTH)
        if not text:
            return None
        try:
            return normal_email(text)
        except ValueError as fault:
            self.note(column, "bad_email", str(fault))
            return None

    def phone(self, column: str, max_length: int, country: str) -> str | None:
        """The number in E.164, as somebody in `country` (ISO alpha-2) writes it, or None; notes `bad_phone`."""
        text = self.text(column, max_length)
        if not text:
            return None
        try:
            return normal_phone(text, country)
        except ValueError as fault:
            self.note(column, "bad_phone", str(fault))
            return None

    def date(self, column: str, *, order: DateOrder, today: date, latest: date | None = None) -> date | None:
        """The date or None; notes `bad_date`, also for a date after `latest`."""
        cell = self.row.cell(column)
        if cell.is_blank:
            return None
        try:
            found = parse_date(cell.text, cell.native, order=order, today=today)
        except ValueError as fault:
            self.note(column, "bad_date", str(fault))
            return None
        if latest and found > latest:
            self.note(column, "bad_date", f"{found.isoformat()} lies in the future.")
            return None
        return found

    def choice(self, column: str, choices: type[Choice], code: str, *, required: bool = False) -> Choice | None:
        """The member whose value the cell names as in `word`; notes `code`."""
        word = self.word(column, [each.value for each in choices], code, required=required)
        return choices(word) if word else None

    def word(self, column: str, allowed: Collection[str], code: str, *, required: bool = False) -> str | None:
        """The allowed word, in any case and with blanks or hyphens for its underscores; notes `code`."""
        text = self.text(column, WORD_LENGTH, required=required)
        word = text.lower().replace(" ", "_").replace("-", "_")
        if text and word not in allowed:
            self.note(column, code, f"'{text}' is none of {', '.join(allowed)}.")
            return None
        return word or None

    def whole_number(self, column: str, allowed: range, code: str) -> int | None:
        """The number or None; notes `code` for anything but an integer in `allowed`."""
        text = self.text(column, NUMBER_LENGTH)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) in allowed):
            self.note(column, code, f"A whole number from {allowed.start} to {allowed.stop - 1} is wanted.")
            return None
        return int(text)

    def repeated(self, column: str, rows: Collection[int]) -> None:
        """Note `duplicate_in_file` when other rows carry the same key."""
        if rows:
            self.note(column, "duplicate_in_file", f"Also in row {', '.join(map(str, rows))}.")
