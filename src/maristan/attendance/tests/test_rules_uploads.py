"""What becomes of the rows of a file of marks, by tables (A11)."""

from datetime import UTC, date, datetime

import pytest

from maristan.attendance.rules.marking import Line
from maristan.attendance.rules.states import Mark, Source
from maristan.attendance.rules.uploads import REMARKS, Known, KnownSession, plan
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import RowAction, RowOutcome

DAY = date(2026, 3, 9)
BEGIN, END, AT = (datetime(2026, 3, 9, hour, minute, tzinfo=UTC) for hour, minute in ((5, 0), (6, 0), (5, 5)))
OWN = KnownSession(1, DAY, "UTC", BEGIN, END)
SEEN = KnownSession(2, DAY, "UTC", BEGIN, END, in_scope=False)
MARKED = Line(11, Mark.LATE, Source.LIVE, check_in_at=AT, remarks="Bus")
KNOWN = Known(
    sessions={1: OWN, 2: SEEN},
    reg_nos={"mb-1": (101,), "twins": (101, 102)},
    emails={"family@example.org": (101, 102), "clerk@example.org": (201,)},
    learners={101: 1, 102: 2},
    lines={(1, 101): MARKED, (1, 102): Line(12), (2, 101): Line(21)},
)


def outcome(**cells: str) -> RowOutcome[object]:
    """What becomes of one row."""
    row = Row(2, {name: Cell(text) for name, text in cells.items() if text})
    (found,) = plan([row], KNOWN, key=str.casefold, session=None, today=DAY)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"session_id": "2", "reg_no": "MB-1"}, ("session_id", "out_of_scope")),
        ({"session_id": "1", "reg_no": "TWINS"}, ("reg_no", "person_ambiguous")),
        ({"session_id": "1", "email": "family@example.org"}, ("reg_no", "person_ambiguous")),
        ({"session_id": "1", "email": "clerk@example.org"}, ("user_id", "unknown_person")),
        ({"session_id": "1", "reg_no": "MB-1", "remarks": "x" * (REMARKS + 1)}, ("remarks", "too_long")),
    ],
)
def test_a_row_that_cannot_be_taken_names_its_cell_and_the_rule(cells: dict[str, str], fault: tuple[str, str]) -> None:
    found = outcome(status="p", **cells)
    assert (found.action, [(each.column, each.code) for each in found.faults]) == (RowAction.ERROR, [fault])


def test_a_family_that_shares_an_address_is_told_apart_by_number() -> None:
    found = outcome(session_id="1", reg_no="MB-1", email="family@example.org", status="p", remarks="x" * REMARKS)
    assert (found.action, found.faults) == (RowAction.UPDATE, ())


@pytest.mark.parametrize(
    ("cells", "action"),
    [
        ({"status": "late"}, RowAction.SKIP),
        ({"status": "late", "check_in_time": "05:05", "remarks": "Bus"}, RowAction.SKIP),
        ({"status": "late", "check_in_time": "05:06"}, RowAction.UPDATE),
        ({"status": "late", "remarks": "Train"}, RowAction.UPDATE),
        ({"status": "present"}, RowAction.UPDATE),
    ],
)
def test_a_blank_cell_leaves_what_stands_there(cells: dict[str, str], action: RowAction) -> None:
    assert outcome(session_id="1", reg_no="MB-1", **cells).action is action
