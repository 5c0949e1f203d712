"""What the rules need to know: a week with its rows and cells, and everything it may collide with.

Identifiers are the database's. `None` stands for "not yet stored" on rows and cells, and for "none" elsewhere.
All date ranges include both ends; all intervals of instants are half-open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from maristan.kernel.workflow import Severity
from maristan.timetable.rules.states import (
    AvailabilityLevel,
    AvailabilitySubject,
    CellStatus,
    HolidayScope,
    OtherKind,
    PeriodStatus,
    SessionKind,
    WeekScope,
    WeekStatus,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is taught, by whom, to whom and where; the same for a cell and for the session it becomes.

    `groups` keeps its order: the first one is the session's `group`. A `Content()` is blank.
    """

    academic_period: int | None = None
    course: int | None = None
    section: int | None = None
    department: int | None = None
    topic: str = ""
    faculty: int | None = None
    co_faculty: tuple[int, ...] = ()
    faculty_name: str = ""
    room: int | None = None
    groups: tuple[int, ...] = ()
    kind: SessionKind = SessionKind.LECTURE
    note: str = ""

    @property
    def teachers(self) -> tuple[int, ...]:
        """The teacher and the further teachers, each once; a guest known only by name is not among them."""
        first = () if self.faculty is None else (self.faculty,)
        return tuple(dict.fromkeys((*first, *self.co_faculty)))

    @property
    def attending_groups(self) -> tuple[int, ...]:
        """The groups whose students attend: none beside a section, whose enrolments are the roster (rule A11)."""
        return () if self.section is not None else self.groups

    @property
    def audience(self) -> tuple[str, ...]:
        """Audience keys of those whom the session concerns: its teachers, and its section or groups."""
        section = () if self.section is None else (f"section:{self.section}",)
        people = (f"person:{each}" for each in self.teachers)
        return (*people, *section, *(f"group:{each}" for each in self.attending_groups))


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One slot of the week; `start_time` and `end_time` are local wall-clock times."""

    id: int | None
    row_index: int
    start_time: time | None = None
    end_time: time | None = None
    label: str = ""
    lane: str = ""
    is_break: bool = False

    @property
    def band(self) -> tuple[time, time] | None:
        """Start and end when both are set; rows with the same band are lanes of it."""
        if self.start_time is None or self.end_time is None:
            return None
        return self.start_time, self.end_time


@dataclass(frozen=True, slots=True)
class CellFacts:
    """One day of one slot; `day_of_week` is 0 = Monday .. 6 = Sunday."""

    id: int | None
    row_index: int
    day_of_week: int
    status: CellStatus = CellStatus.EMPTY
    content: Content = field(default_factory=Content)
    all_groups: bool = False

    @property
    def address(self) -> tuple[int, int]:
        """(`row_index`, `day_of_week`), unique in a plan."""
        return self.row_index, self.day_of_week

    @property
    def has_content(self) -> bool:
        """True when anything but the defaults stands in it."""
        return self.all_groups or self.content != Content()


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """A week plan; `program` is the batch's program, `was_published` says "at any time, even if reverted since"."""

    id: int
    scope: WeekScope
    week_start: date
    status: WeekStatus = WeekStatus.DRAFT
    version: int = 1
    batch: int | None = None
    program: int | None = None
    academic_period: int | None = None
    was_published: bool = False
    rows: tuple[RowFacts, ...] = ()
    cells: tuple[CellFacts, ...] = ()

    def rows_by_index(self) -> dict[int, RowFacts]:
        """The rows, keyed by `row_index`."""
        return {row.row_index: row for row in self.rows}

    @property
    def filled(self) -> tuple[CellFacts, ...]:
        """The cells that hold something, scheduled or cancelled."""
        return tuple(cell for cell in self.cells if cell.status is not CellStatus.EMPTY)

    @property
    def scheduled(self) -> tuple[CellFacts, ...]:
        """The cells that are to become sessions."""
        return tuple(cell for cell in self.cells if cell.status is CellStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Occupation:
    """Something else that holds people or places: a live session, a cell of another unpublished plan, a booking.

    `groups` is already expanded where the cell says "all groups". `week_plan` and `status` (the week's) are None
    for direct sessions and bookings. When `is_visible` is False the reader may not learn what it is.
    """

    kind: OtherKind
    id: int
    label: str
    starts_at: datetime
    ends_at: datetime
    room: int | None = None
    teachers: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    section: int | None = None
    week_plan: int | None = None
    status: WeekStatus | None = None
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class DateRange:
    """From one date to another, both included; no end means ongoing."""

    from_date: date
    to_date: date | None = None

    def covers(self, day: date) -> bool:
        """True when `day` lies inside."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class TeacherFacts:
    """A person who teaches; `memberships` are the dates of their FACULTY memberships."""

    id: int
    name: str
    memberships: tuple[DateRange, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room; `capacity` None means unknown and is never compared."""

    id: int
    name: str
    capacity: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group of a batch; `size` counts the students placed in it on any day of the week."""

    id: int
    name: str
    batch: int
    program: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section; `size` counts its ACTIVE enrolments."""

    id: int
    name: str
    course: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course, whose department is the default of its cells."""

    id: int
    name: str
    department: int | None


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """An academic period; a template node has no dates."""

    id: int
    name: str
    status: PeriodStatus
    program: int
    batch: int | None = None
    start_date: date | None = None
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """An approved leave; the label says nothing of its reason."""

    id: int
    person: int
    dates: DateRange
    label: str = "On leave"


@dataclass(frozen=True, slots=True)
class HolidayFacts:
    """A holiday for the institution, a program or a batch (`scope_id`)."""

    id: int
    name: str
    start_date: date
    end_date: date
    scope: HolidayScope = HolidayScope.INSTITUTION
    scope_id: int | None = None

    def touches(self, first: date, last: date) -> bool:
        """True when any day from `first` to `last` is part of the holiday."""
        return self.start_date <= last and first <= self.end_date

    def holds_for(self, programs: Iterable[int], batches: Iterable[int]) -> bool:
        """True when the holiday is everybody's, or that of one of these programs or batches."""
        match self.scope:
            case HolidayScope.PROGRAM:
                return self.scope_id in set(programs)
            case HolidayScope.BATCH:
                return self.scope_id in set(batches)
            case HolidayScope.INSTITUTION:
                return True


@dataclass(frozen=True, slots=True)
class AvailabilityFacts:
    """A weekly local time that somebody declared; it holds on the dates of `dates`."""

    subject: AvailabilitySubject
    subject_id: int
    level: AvailabilityLevel
    day_of_week: int
    start_time: time
    end_time: time
    dates: DateRange


@dataclass(frozen=True, slots=True)
class TimetableSettings:
    """The institution's settings that the rules read; `time_zone` is an IANA name."""

    time_zone: str
    first_weekday: int = 0
    teaching_days: frozenset[int] = frozenset(range(6))
    required_cells_per_day: int | None = None
    room_capacity: Severity = Severity.WARN
    verify_by_other: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around a week or a direct session, loaded for its days by a constant number of queries.

    `others` holds what lies in the window: live sessions, cells of other plans that are DRAFT or VERIFIED, room
    bookings that are not themselves holds of sessions. What this plan produced may be among them: it is left out here.
    `batch_groups` are all groups of the plan's batch. `enrolled` (section -> students) and `placed`
    (group -> students) need only name students of the sections of this plan. `passing` are the dates of placements
    that cover only part of the week, by group.
    """

    settings: TimetableSettings
    others: tuple[Occupation, ...] = ()
    teachers: Mapping[int, TeacherFacts] = field(default_factory=dict)
    rooms: Mapping[int, RoomFacts] = field(default_factory=dict)
    groups: Mapping[int, GroupFacts] = field(default_factory=dict)
    sections: Mapping[int, SectionFacts] = field(default_factory=dict)
    courses: Mapping[int, CourseFacts] = field(default_factory=dict)
    periods: Mapping[int, PeriodFacts] = field(default_factory=dict)
    leaves: tuple[LeaveFacts, ...] = ()
    holidays: tuple[HolidayFacts, ...] = ()
    availability: tuple[AvailabilityFacts, ...] = ()
    batch_groups: tuple[int, ...] = ()
    enrolled: Mapping[int, frozenset[int]] = field(default_factory=dict)
    placed: Mapping[int, frozenset[int]] = field(default_factory=dict)
    passing: Mapping[int, tuple[DateRange, ...]] = field(default_factory=dict)

    def size_of_group(self, group: int, day: date) -> int:
        """The students placed in a group on a day: those of the week without those who came later or left before."""
        known = self.groups.get(group)
        away = sum(not dates.covers(day) for dates in self.passing.get(group, ()))
        return known.size - away if known is not None else 0
