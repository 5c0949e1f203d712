"""Keeps a spreadsheet from running what a person typed: a protective apostrophe, put on and taken off exactly.

A text that starts with a formula sign, or with apostrophes and then a formula sign, gets one more apostrophe in CSV;
reading takes one off again, so every text survives the round trip. Signed plain numbers, and so telephone numbers in
E.164, stay as they are: they compute nothing. A cell of XLSX is typed as text and runs nothing; there only a text
that already carries the apostrophe gets another, so that one rule of reading serves both formats.
"""

import re

SIGNS = "=+\\-@\t\r\n＝＋－＠"

_NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")
_RISKY = re.compile(rf"'*[{SIGNS}]")
_PROTECTED = re.compile(rf"'+[{SIGNS}]")


def protect(text: str) -> str:
    """The text as it may stand in a CSV file."""
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _RISKY.match(text) else text


def protect_typed(text: str) -> str:
    """The text as it may stand in a cell of XLSX that is typed as text."""
    return f"'{text}" if _PROTECTED.match(text) else text


def unprotect(text: str) -> str:
    """The text that `protect` or `protect_typed` was given."""
    return text[1:] if _PROTECTED.match(text) else text
