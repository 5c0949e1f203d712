"""Marks as people write them (rule M1)."""

import re
import unicodedata
from decimal import Decimal
from math import isfinite

NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?")
DECIMALS = 2


class BadMarks(ValueError):
    """What was written is no marks; `code` says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def read_marks(written: object, *, least: Decimal, most: Decimal) -> Decimal:
    """The marks that a text or a number means, within [least, most].

    Decimal digits of any script are read; a decimal comma is none. Raises `BadMarks` (`not_a_number`,
    `too_many_decimals`, `out_of_range`); nothing is ever rounded.
    """
    found = NUMBER.fullmatch(_text(written))
    if found is None:
        raise BadMarks("not_a_number", "Marks are a number such as 45 or 45.5.")
    sign, whole, fraction = found.groups()
    if fraction is not None and len(fraction) > DECIMALS:
        raise BadMarks("too_many_decimals", "Marks have two decimals at most.")
    value = Decimal(f"{sign}{_ascii(whole)}.{_ascii(fraction or '0')}") + 0
    if not least <= value <= most:
        raise BadMarks("out_of_range", f"Marks here are from {shown(least)} to {shown(most)}.")
    return value


def shown(value: Decimal) -> str:
    """A number without trailing zeros: 60 and 45.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(written: object) -> str:
    if isinstance(written, str):
        return "".join(char for char in written if unicodedata.category(char) != "Cf").strip()
    if isinstance(written, bool) or (isinstance(written, float) and not isfinite(written)):
        return ""
    if isinstance(written, int | float | Decimal):
        # 45.0 as a number has no decimals to speak of; 1e-07 has seven.
        return shown(Decimal(repr(written) if isinstance(written, float) else written))
    return ""


def _ascii(digits: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in digits)
