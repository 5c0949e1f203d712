"""Every list as a file: streamed, and safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from maristan.kernel.tables import writing

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def stream(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Bytes of a `csv` or `xlsx` file with a header row."""
    write = writing.csv_stream if kind == "csv" else writing.xlsx_stream
    yield from write(columns, rows)
