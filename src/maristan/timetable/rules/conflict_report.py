"""One conflict as a value: which rule, how grave, who, where, when, which cells, and what stands against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from maristan.kernel.messages import together
from maristan.kernel.workflow import Requirement, Severity
from maristan.timetable.rules.details import DETAILS
from maristan.timetable.rules.facts import Occupation, Surroundings, WeekFacts
from maristan.timetable.rules.planned import PlannedSession
from maristan.timetable.rules.states import OtherKind, WeekStatus

OCCUPIED = "occupied"

LABELS: dict[str, str] = {
    "row_times_missing": "The row needs a start and an end time",
    "cell_in_break": "The row is a break",
    "lane_needed": "Rows at the same time need different lane names",
    "cell_department_missing": "The cell needs a department",
    "cell_subject_missing": "The cell needs a course or a topic",
    "cell_audience_missing": "The cell needs a group or a section",
    "room_clash": "The room is taken at that time",
    "faculty_clash": "The teacher is elsewhere at that time",
    "group_clash": "The group is elsewhere at that time",
    "section_clash": "The section is elsewhere at that time",
    "student_clash": "Students of the section are elsewhere at that time",
    "on_holiday": "The date is a holiday",
    "faculty_on_leave": "The teacher is on leave",
    "faculty_inactive": "The person is no active teacher on that day",
    "room_inactive": "The room is not in use",
    "period_missing": "Neither the cell nor the plan names an academic period",
    "date_outside_period": "The date lies outside the academic period",
    "period_not_dated": "The academic period has no dates",
    "period_closed": "The academic period is not open",
    "local_time_invalid": "A clock change leaves no time between start and end",
    "local_time_shifted": "A clock change moves this time",
    "INVALID_PERIOD_COUNT": "A teaching day has the wrong number of periods",
    "room_too_small": "The room is too small",
    "room_missing": "No room is named",
    "faculty_missing": "No teacher is named",
    "faculty_unlinked": "The teacher is only named and cannot be checked",
    "faculty_unavailable": "The teacher is not available at that time",
    "row_times_overlap": "Two rows overlap in part",
    "week_empty": "Nothing is scheduled",
    "week_in_past": "The week is over",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A person, group, section or room, by id and name."""

    id: int | None
    name: str

    def as_dict(self) -> dict[str, Any]:
        """`{id, name}`."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class When:
    """The local date and the UTC instants of a conflict; instants are None where no time is known."""

    date: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """`{date, starts_at, ends_at}` in ISO 8601."""
        return {"date": self.date.isoformat(), "starts_at": _wire(self.starts_at), "ends_at": _wire(self.ends_at)}


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell of the plan; `id` is None for one not yet stored."""

    id: int | None
    row_index: int
    day_of_week: int

    def as_dict(self) -> dict[str, Any]:
        """`{id, row_index, day_of_week}`."""
        return {"id": self.id, "row_index": self.row_index, "day_of_week": self.day_of_week}


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What stands against the cell; `week_plan` and `status` are those of the other week."""

    kind: OtherKind
    id: int | None
    label: str
    week_plan: int | None = None
    status: WeekStatus | None = None

    def as_dict(self) -> dict[str, Any]:
        """`{kind, id, label, week_plan, status}`."""
        return {
            "kind": self.kind.value,
            "id": self.id,
            "label": self.label,
            "week_plan": self.week_plan,
            "status": None if self.status is None else self.status.value,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule broken by a cell, by a pair of cells or by the plan (then `cells` is empty).

    `detail` holds a code's own figures (`count`, `days_with_wrong_count`, `capacity`, `size`).
    """

    code: str
    severity: Severity
    when: When
    who: Named | None = None
    where: Named | None = None
    cells: tuple[CellRef, ...] = ()
    with_: OtherSide | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """True when it refuses verify, publish and amend."""
        return self.severity is Severity.BLOCK

    def as_dict(self) -> dict[str, Any]:
        """The wire shape of a conflict report; `detail` is empty for codes without figures."""
        return {"code": self.code, "severity": self.severity.value, **self._place(), "detail": dict(self.detail)}

    def as_requirement(self) -> Requirement:
        """The same fault as a requirement of a move: `where` holds who, where, when, cells, with and the figures."""
        figures = [DETAILS[key].told(value=_listed(value)) for key, value in self.detail.items()]
        text = together(figures, lambda spoken: spoken.then)
        label = self.with_.label if self.with_ is not None else ""
        other = DETAILS[OCCUPIED].told() if label == OCCUPIED else label
        return Requirement(
            self.code,
            LABELS[self.code],
            detail=text or other,
            severity=self.severity,
            where={**self._place(), **self.detail},
        )

    def _place(self) -> dict[str, Any]:
        return {
            "who": None if self.who is None else self.who.as_dict(),
            "where": None if self.where is None else self.where.as_dict(),
            "when": self.when.as_dict(),
            "cells": [each.as_dict() for each in self.cells],
            "with": None if self.with_ is None else self.with_.as_dict(),
        }


def conflict_at(
    planned: PlannedSession,
    code: str,
    surroundings: Surroundings,
    severity: Severity = Severity.BLOCK,
    *,
    who: Named | None = None,
    with_: OtherSide | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Conflict:
    """A conflict of one session; `who` defaults to its teacher, else its first group."""
    return Conflict(
        code,
        severity,
        When(planned.day, planned.starts_at, planned.ends_at),
        who or people_of(planned, surroundings),
        room_of(planned, surroundings),
        cell_refs(planned),
        with_,
        detail or {},
    )


def conflict_of_plan(
    week: WeekFacts,
    code: str,
    severity: Severity = Severity.BLOCK,
    *,
    cells: Iterable[CellRef] = (),
    detail: Mapping[str, Any] | None = None,
) -> Conflict:
    """A conflict of the plan as a whole, dated on the week's first day."""
    return Conflict(code, severity, When(week.week_start), cells=tuple(cells), detail=detail or {})


def cell_refs(planned: PlannedSession) -> tuple[CellRef, ...]:
    """The cell of a planned session, nothing for a direct one."""
    cell = planned.cell
    return () if cell is None else (CellRef(cell.id, cell.row_index, cell.day_of_week),)


def other_side(occupation: Occupation) -> OtherSide:
    """The other side as the reader may see it: without sight of it, its label says only "occupied"."""
    label = occupation.label if occupation.is_visible else OCCUPIED
    return OtherSide(occupation.kind, occupation.id, label, occupation.week_plan, occupation.status)


def people_of(planned: PlannedSession, surroundings: Surroundings) -> Named | None:
    """The first teacher, else a guest by name, else the first group."""
    content = planned.content
    if content.teachers:
        return teacher_named(content.teachers[0], surroundings)
    if content.faculty_name:
        return Named(None, content.faculty_name)
    return group_named(content.groups[0], surroundings) if content.groups else None


def room_of(planned: PlannedSession, surroundings: Surroundings) -> Named | None:
    """The room of a session, if it has one."""
    room = planned.content.room
    return None if room is None else room_named(room, surroundings)


def teacher_named(person: int, surroundings: Surroundings) -> Named:
    """A teacher with the name known, else with an empty one."""
    known = surroundings.teachers.get(person)
    return Named(person, known.name if known is not None else "")


def group_named(group: int, surroundings: Surroundings) -> Named:
    """A group with the name known, else with an empty one."""
    known = surroundings.groups.get(group)
    return Named(group, known.name if known is not None else "")


def section_named(section: int, surroundings: Surroundings) -> Named:
    """A section with the name known, else with an empty one."""
    known = surroundings.sections.get(section)
    return Named(section, known.name if known is not None else "")


def room_named(room: int, surroundings: Surroundings) -> Named:
    """A room with the name known, else with an empty one."""
    known = surroundings.rooms.get(room)
    return Named(room, known.name if known is not None else "")


def in_order(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """By date, start, code, then place in the grid and other side; untimed ones come first on their date."""
    return tuple(sorted(conflicts, key=_order))


def _order(conflict: Conflict) -> tuple[Any, ...]:
    start = conflict.when.starts_at
    cells = tuple((each.row_index, each.day_of_week) for each in conflict.cells)
    other = (conflict.with_.kind.value, conflict.with_.id or 0) if conflict.with_ is not None else ("", 0)
    who = (conflict.who.id or 0) if conflict.who is not None else 0
    return conflict.when.date, start.timestamp() if start else 0.0, conflict.code, cells, other, who


def _wire(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _listed(value: object) -> object:
    """A list as one text, its parts in the language of the whole; a figure as it is."""
    if not isinstance(value, list | tuple):
        return value
    return together(each if isinstance(each, str) else str(each) for each in value)
