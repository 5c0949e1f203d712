"""Answers of attendance that several routes give."""

from datetime import datetime
from typing import Any

from maristan.kernel.api import Missing, MoveOut, Out


class CountsOut(Out):
    """How many lines of each mark."""

    present: int
    late: int
    absent: int
    excused: int
    unmarked: int
    expected: int
    unexpected: int


class RegisterLine(Out):
    """One line of a register."""

    id: int
    person: int
    student: int | None
    reg_no: str
    full_name: str
    photo: str | None
    expected: bool
    status: str | None
    source: str | None
    check_in_at: datetime | None
    remarks: str
    marked_by: str
    marked_at: datetime | None
    excuse: dict[str, Any] | None
    correction: dict[str, Any] | None
    version: int


class RegisterOut(Out):
    """The register of a session."""

    session: dict[str, Any]
    id: int
    status: str
    version: int
    roster_version: int
    frozen_at: datetime
    submitted_at: datetime | None
    submitted_by: str
    locked_at: datetime | None
    reason: str
    moves: list[MoveOut]
    counts: CountsOut
    lines: list[RegisterLine]


class RegisterMoved(RegisterOut):
    """A register after a move, and the warnings that came with it."""

    warnings: list[Missing]
