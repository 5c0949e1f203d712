"""Shapes of conflict reports."""

from datetime import date, datetime
from typing import Any

from pydantic import create_model

from maristan.kernel.answers import Shaped
from maristan.kernel.api import Out, Rows
from maristan.kernel.workflow import Severity
from maristan.timetable.rules.states import OtherKind, WeekStatus


class Named(Out):
    """A person, group, section or room; a guest has no id."""

    id: int | None
    name: str


class WhenOut(Out):
    """The local date, and the instants where a time is known."""

    date: date
    starts_at: datetime | None
    ends_at: datetime | None


class CellRefOut(Out):
    """A cell of the plan; one that is not saved yet has no id."""

    id: int | None
    row_index: int
    day_of_week: int


class OtherSideOut(Out):
    """What stands against the cells; "occupied" is all that is said of what one may not see."""

    kind: OtherKind
    id: int | None
    label: str
    week_plan: int | None
    status: WeekStatus | None


_WITH: dict[str, Any] = {"with": (OtherSideOut | None, ...)}  # a reserved word, so no attribute can be written so
_Opposed = create_model("_Opposed", __base__=Shaped, **_WITH)


class ConflictOut(_Opposed):  # type: ignore[misc, valid-type]
    """One rule that a cell, a pair of cells or the plan breaks; `detail` holds the figures of a code, if it has any."""

    code: str
    severity: Severity
    who: Named | None
    where: Named | None
    when: WhenOut
    cells: list[CellRefOut]
    detail: dict[str, Any]


class ReportOut(Rows):
    """The first 200 conflicts by date, start and code, and how many there are."""

    count: int
    results: list[ConflictOut]


class PlanConflictOut(ConflictOut):
    """A conflict of one of several plans."""

    week_plan: int
    batch_name: str


class AcrossOut(Rows):
    """Conflicts across plans; at most 200 of `count`."""

    count: int
    results: list[PlanConflictOut]
