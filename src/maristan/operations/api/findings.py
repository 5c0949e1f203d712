"""What checks found, as a file: one line for each finding, with everything that it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from maristan.kernel.api import ExportFormat, export

Line = tuple[Any, Mapping[str, Any]]


def export_findings(
    rows: "QuerySet[Any]", wanted: ExportFormat, *, name: str, of_run: Mapping[str, Callable[[Any], Any]],
    of_finding: Iterable[str],
) -> HttpResponseBase:  # fmt: skip
    """The columns `of_run` before those `of_finding`; a run that found nothing is one line without the latter."""
    columns: dict[str, Callable[[Line], Any]] = {
        **{header: partial(_of_run, value) for header, value in of_run.items()},
        **{key: partial(_of_finding, key) for key in of_finding},
    }
    return export(rows, wanted, name=name, columns=columns, lines=_lines)


def _lines(row: Any) -> Iterator[Line]:
    found: list[Mapping[str, Any]] = row.findings or [{}]
    yield from ((row, each) for each in found)


def _of_run(value: Callable[[Any], Any], line: Line) -> Any:
    return value(line[0])


def _of_finding(key: str, line: Line) -> Any:
    found = line[1].get(key)
    return "; ".join(found) if isinstance(found, list) else found
