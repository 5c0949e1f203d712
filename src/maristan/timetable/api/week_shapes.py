"""Shapes of week plans: what is sent and what is answered."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from maristan.kernel.answers import Shaped
from maristan.kernel.api import Day, Id, In, Missing, MoveOut, Out, Paging, any_case
from maristan.timetable.api.conflict_shapes import ReportOut
from maristan.timetable.rules.states import WeekScope, WeekStatus


class WeekHead(Shaped):
    """A week plan as a list shows it."""

    id: int
    scope: WeekScope
    batch: int | None
    batch_name: str
    academic_period: int | None
    academic_period_name: str
    week_start_date: date
    status: WeekStatus
    version: int
    verified_at: datetime | None
    verified_by: str
    published_at: datetime | None
    published_by: str
    edited_at: datetime | None
    edited_by: str


class RowOut(Out):
    """One row of the grid; times HH:MM."""

    id: int | None
    row_index: int
    start_time: str | None
    end_time: str | None
    label: str
    lane: str
    is_break: bool


class CellOut(Out):
    """One cell of the grid."""

    id: int | None
    row_index: int
    day_of_week: int
    date: date
    status: str
    academic_period: int | None
    course: int | None
    section: int | None
    department: int | None
    topic: str
    faculty: int | None
    co_faculty: list[int]
    faculty_name: str
    room: int | None
    groups: list[int]
    all_groups: bool
    kind: str
    note: str


class NamesOut(Out):
    """What the ids of a grid are called."""

    people: dict[int, str]
    rooms: dict[int, str]
    groups: dict[int, str]
    courses: dict[int, str]
    sections: dict[int, str]
    departments: dict[int, str]
    periods: dict[int, str]


class HolidayBrief(Out):
    """A holiday that touches the week."""

    id: int
    name: str
    start_date: date
    end_date: date


class WeekOut(WeekHead):
    """A week plan with its grid, moves and conflicts."""

    rows: list[RowOut]
    cells: list[CellOut]
    names: NamesOut
    moves: list[MoveOut]
    conflicts: ReportOut | None
    may_edit: bool
    holidays: list[HolidayBrief]
    teaching_days: list[int]
    first_weekday: int


Scope = Annotated[WeekScope, any_case]
Status = Annotated[WeekStatus, any_case]


class WeekIn(In):
    """A new week around any of its days."""

    week_start_date: date
    scope: Scope
    batch: Id | None = None
    academic_period: Id | None = None
    slot_count: Annotated[int, Field(ge=1, le=40)] | None = None


class NextFourIn(In):
    """Four weeks."""

    scope: Scope
    batch: Id | None = None
    academic_period: Id | None = None
    from_week_start: date | None = None
    template_week: Id | None = None


class MadeWeek(Out):
    """A week and whether it was created now."""

    id: int
    week_start_date: date
    created: bool


class NextFourOut(Out):
    """Four weeks in order."""

    weeks: list[MadeWeek]


class GenerateIn(In):
    """Every week of a period."""

    academic_period: Id
    batch: Id | None = None
    template_week: Id | None = None


class GenerateOut(Out):
    """What was generated."""

    created_count: int
    existing_count: int
    total_weeks: int
    created_ids: list[int]


class CopyIn(In):
    """Which week to copy from."""

    source: Id
    overwrite: bool = False
    with_topics: bool = False
    version: int | None = None


class SaveIn(In):
    """A save of the grid; rows and cells are judged by the rules of the grid, which name every fault."""

    version: int | None = None
    reason: str | None = None
    preview: bool = False
    rows: Any = None
    remove_rows: Any = None
    cells: Any = None


class Counts(Out):
    """How many rows and cells were changed."""

    rows: int
    cells: int


class Delta(Out):
    """How many sessions a publication creates, updates, cancels and leaves."""

    created: int
    updated: int
    cancelled: int
    unchanged: int
    revived: int


class FieldChangeOut(Out):
    """One field of a session with names in place of ids."""

    field: str
    old: Any
    new: Any


class Consequence(Out):
    """One session in a consequence sheet."""

    action: str
    session: int | None
    cell: int | None
    date: date
    starts_at: datetime
    ends_at: datetime
    title: str
    room: str
    teachers: list[str]
    audience: list[str]
    changes: list[FieldChangeOut]


class PersonBrief(Out):
    """Somebody who will be told."""

    id: int
    name: str


class Consequences(Out):
    """What a publication or amendment does: sessions, and who will be told: how many, and the first 200 by name."""

    delta: Delta
    sessions: list[Consequence]
    persons_notified: int
    persons: list[PersonBrief]


class SaveOut(Out):
    """The grid after a save; `delta` and `consequences` for a published week or a preview."""

    id: int
    status: WeekStatus
    version: int
    rows: list[RowOut]
    cells: list[CellOut]
    changed: Counts
    delta: Delta | None = None
    consequences: Consequences | None = None
    missing: list[Missing] = []
    warnings: list[Missing] = []
    conflicts: ReportOut | None = None


class MoveBody(In):
    """A move of a week; `preview` writes nothing."""

    reason: str | None = None
    preview: bool = False
    version: int | None = None


class MovedOut(WeekOut):
    """The plan after the move, what it did, and the warnings that came with it."""

    delta: Delta
    warnings: list[Missing]
    missing: list[Missing] = []
    consequences: Consequences | None = None


class WeekFilters(Paging):
    """Filters of the list."""

    scope: Scope | None = None
    batch: Id | None = None
    academic_period: Id | None = None
    status: Status | None = None
    start_date: Day | None = None
    end_date: Day | None = None


class GridChangeOut(Out):
    """One field of a row or cell; a row has no day."""

    target: str
    id: int | None
    row_index: int
    day_of_week: int | None
    field: str
    old: Any
    new: Any


class SessionIds(Out):
    """Which sessions an amendment wrote."""

    created: list[int]
    updated: list[int]
    cancelled: list[int]


class ChangelogOut(Out):
    """One amendment of a published week."""

    id: int
    version_from: int
    version_to: int
    changed_by: str
    changed_at: datetime
    reason: str
    changes: list[GridChangeOut]
    sessions: SessionIds
