"""Lets through only workbooks that the reading library can open without exhausting the process.

The library lays a sheet out as a full rectangle with a copy of each text in it. A file of a few kilobytes can so claim
terabytes: a single cell in the last corner, or one long text that a hundred thousand cells share. Hence every XML part
is inflated here under a limit, what it would unfold to is counted, and nothing else is handed on.
"""

import io
import re
import zipfile
from collections import Counter
from xml.parsers import expat

from maristan.kernel.errors import Invalid, TooLarge

MAX_INFLATED = 128 * 2**20
MAX_RECTANGLE = 4_000_000
MAX_CHARACTERS = 64 * 2**20
CHUNK = 2**16

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")
_CONTENTS = frozenset({"v", "is", "f"})


def not_a_table(detail: str) -> Invalid:
    """The refusal of a file that is neither CSV nor XLSX."""
    return Invalid.at("/file", "not_a_table", detail)


def trusted_copy(content: bytes) -> io.BytesIO:
    """The workbook with nothing but its examined XML parts, uncompressed.

    Raises `TooLarge` beyond the limits, `Invalid` for what no spreadsheet program writes, and what `zipfile` and
    `expat` raise for a damaged file.
    """
    copy, left, shared = io.BytesIO(), MAX_INFLATED, _SharedTexts()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(copy, "w") as target:
        parts = [info for info in source.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
        if len({part.filename.lower() for part in parts}) < len(parts):
            raise not_a_table("The workbook holds two parts of one name.")
        for part in parts:
            examined = _examined(source, part, left, shared)
            left -= len(examined)
            target.writestr(part.filename, examined)
    shared.check()
    copy.seek(0)
    return copy


def _examined(source: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int, shared: "_SharedTexts") -> bytes:
    watched, found = _Watch(shared), bytearray()
    with source.open(part) as stream:
        while chunk := stream.read(CHUNK):
            found += chunk
            if len(found) > limit:
                raise TooLarge(detail="The workbook is too large once unpacked.", max_bytes=MAX_INFLATED)
            watched.parser.Parse(chunk)
    watched.parser.Parse(b"", True)
    return bytes(found)


class _SharedTexts:
    """How long each shared text is and how many cells show it."""

    def __init__(self) -> None:
        self.lengths: Counter[int] = Counter()
        self.uses: Counter[int] = Counter()

    def check(self) -> None:
        """Raise `TooLarge` when the texts in the cells are too long together."""
        if sum(self.lengths[index] * times for index, times in self.uses.items()) > MAX_CHARACTERS:
            raise TooLarge(detail="The texts of the workbook are too long.", max_characters=MAX_CHARACTERS)


class _Watch:
    """Follows one part as it passes by: the rectangle its cells span, and the shared texts."""

    def __init__(self, shared: _SharedTexts) -> None:
        self._shared = shared
        self._row = self._column = self._rows = self._columns = 0
        self._text_index, self._reads_text, self._shows_text = -1, False, False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_declared: object) -> None:
        raise not_a_table("The workbook declares a document type.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row + 1), 0
        elif local == "c":
            self._move(attributes.get("r"))
            self._shows_text = attributes.get("t") == "s"
        elif local in _CONTENTS:
            self._occupy()
        elif local == "si":
            self._text_index, self._reads_text = self._text_index + 1, True

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._reads_text = False
        elif local == "c":
            self._shows_text = False

    def _characters(self, text: str) -> None:
        if self._reads_text:
            self._shared.lengths[self._text_index] += len(text)
        elif self._shows_text and _NUMBER.fullmatch(text.strip()):
            self._shared.uses[int(text)] += 1

    def _move(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise not_a_table("A cell of the workbook has no valid address.")
        self._column, self._row = _column_number(found[1]), int(found[2])

    def _occupy(self) -> None:
        self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
        if self._rows * self._columns > MAX_RECTANGLE:
            raise TooLarge(detail="The sheet spans too many cells.", max_cells=MAX_RECTANGLE)


def _row_number(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not _NUMBER.fullmatch(text):
        raise not_a_table("A row of the workbook has no valid number.")
    return int(text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
