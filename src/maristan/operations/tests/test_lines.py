"""Log lines as they are read, and as they are shown to a person."""

from datetime import datetime
from typing import Any

import pytest

from maristan.operations.rules.lines import Wanted, matches, parsed, shown

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


CALL = {**LINE, "level": "warning", "request_id": "r-1", "route": "work/tasks/<pk>/", "status": 404}
NOON = "2026-01-02T12:00:00+00:00"


@pytest.mark.parametrize(
    ("wanted", "line", "is_asked_for"),
    [
        (Wanted(), {"time": NOON}, True),
        (Wanted("warning"), CALL, True), (Wanted("error"), CALL, False), (Wanted("info"), CALL, True),
        (Wanted("info"), {**CALL, "level": "debug"}, False), (Wanted("critical"), {**CALL, "level": "error"}, False),
        (Wanted("error"), {**CALL, "level": "critical"}, True), (Wanted("critical"), {**CALL, "level": "loud"}, True),
        (Wanted("warning"), {"time": NOON}, False),
        (Wanted(request_id="r-1"), CALL, True), (Wanted(request_id="r-"), CALL, False),
        (Wanted(request_id="r-1"), LINE, False),
        (Wanted(status="404"), CALL, True), (Wanted(status="40"), CALL, False), (Wanted(status="404"), LINE, False),
        (Wanted(route="tasks"), CALL, True), (Wanted(route="agenda"), CALL, False),
        (Wanted(route="tasks"), LINE, False),
        (Wanted(route="mail"), {**LINE, "job": "comms.mail"}, True),
        (Wanted(since=datetime.fromisoformat(NOON)), {"time": NOON}, True),
        (Wanted(since=datetime.fromisoformat(NOON)), {"time": "2026-01-02T11:59:59.9+00:00"}, False),
        (Wanted(since=datetime.fromisoformat(NOON)), {"time": "2026-01-02T17:00:00+05:00"}, True),
    ],
)  # fmt: skip
def test_a_line_is_asked_for_by_all_that_is_wanted(wanted: Wanted, line: dict[str, Any], is_asked_for: bool) -> None:
    assert matches(line, wanted) is is_asked_for
