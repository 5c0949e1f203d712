"""Log lines as they are read, and as they are shown to a person."""

from typing import Any

import pytest

from maristan.operations.rules.lines import parsed, shown

LINE = {"time": "2026-01-02T12:03:23+00:00", "level": "error", "logger": "maristan.api", "event": "request"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"time": "now", "a": 1}', {"time": "now", "a": 1}), ("Traceback (most recent call last):", None), ("", None),
        ("[1]", None), ('"time"', None), ('{"event": "without its time"}', None),
    ],
)  # fmt: skip
def test_what_is_no_line_of_ours_is_none(text: str, line: dict[str, Any] | None) -> None:
    assert parsed(text) == line


def test_a_line_is_shown_with_its_figures_and_its_trace_below() -> None:
    head = "2026-01-02T12:03:23+00:00 error maristan.api request"
    assert shown({**LINE, "status": 500, "trace": ["a.py:1 f", "b.py:2 g"]}) == (
        f"{head} status=500\n    a.py:1 f\n    b.py:2 g"
    )
    assert shown({"time": "now", "queries": 3}) == "now    queries=3"
