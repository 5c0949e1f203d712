"""The people, rooms and weeks that the sentences of these tests are about.

Karachi, week of Monday 9 March 2026. Dr Khan and Dr Bano teach groups A and B of the batch of 2031 in Hall and Lab.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from maristan.timetable.rules.conflicts import week_conflicts
from maristan.timetable.rules.facts import (
    AvailabilityFacts,
    CellFacts,
    Content,
    CourseFacts,
    DateRange,
    GroupFacts,
    HolidayFacts,
    Occupation,
    PeriodFacts,
    RoomFacts,
    RowFacts,
    SectionFacts,
    Surroundings,
    TeacherFacts,
    TimetableSettings,
    WeekFacts,
)
from maristan.timetable.rules.states import (
    AvailabilityLevel,
    AvailabilitySubject,
    CellStatus,
    OtherKind,
    PeriodStatus,
    WeekScope,
    WeekStatus,
)

MONDAY = date(2026, 3, 9)
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
PLAN, OTHER_PLAN = 700, 701
PROGRAM, BATCH = 1, 7
KHAN, BANO = 41, 42
HALL, LAB = 8, 9
GROUP_A, GROUP_B, STRANGERS = 2, 3, 30
SECTION, OTHER_SECTION = 50, 51
PATHOLOGY, PATHOLOGY_DEPARTMENT = 5, 11
SPRING = 90

SETTINGS = TimetableSettings(time_zone="Asia/Karachi")
WORLD = Surroundings(
    settings=SETTINGS,
    teachers={
        KHAN: TeacherFacts(KHAN, "Dr Khan", (DateRange(date(2020, 1, 1)),)),
        BANO: TeacherFacts(BANO, "Dr Bano", (DateRange(date(2020, 1, 1)),)),
    },
    rooms={HALL: RoomFacts(HALL, "Hall", capacity=100), LAB: RoomFacts(LAB, "Lab", capacity=100)},
    groups={
        GROUP_A: GroupFacts(GROUP_A, "A", BATCH, PROGRAM, size=25),
        GROUP_B: GroupFacts(GROUP_B, "B", BATCH, PROGRAM, size=25),
        STRANGERS: GroupFacts(STRANGERS, "Strangers", 8, 2, size=25),
    },
    sections={
        SECTION: SectionFacts(SECTION, "Pathology 1", PATHOLOGY, size=40),
        OTHER_SECTION: SectionFacts(OTHER_SECTION, "Pathology 2", PATHOLOGY, size=40),
    },
    courses={PATHOLOGY: CourseFacts(PATHOLOGY, "Pathology", PATHOLOGY_DEPARTMENT)},
    periods={
        SPRING: PeriodFacts(SPRING, "Spring", PeriodStatus.OPEN, PROGRAM, BATCH, date(2026, 1, 1), date(2026, 6, 30))
    },
    batch_groups=(GROUP_A, GROUP_B),
)
LECTURE = Content(course=PATHOLOGY, faculty=KHAN, room=HALL, groups=(GROUP_A,))


def row(index, start=None, end=None, **more):
    """A row of the plan, with times such as "08:00"."""
    return RowFacts(1000 + index, index, start and time.fromisoformat(start), end and time.fromisoformat(end), **more)


def cell(index=1, day=0, status=CellStatus.SCHEDULED, all_groups=False, base=LECTURE, **content):
    """A cell holding Dr Khan's pathology for group A in the Hall, but for what is said otherwise."""
    held = Content() if status is CellStatus.EMPTY else replace(base, **content)
    return CellFacts(index * 10 + day, index, day, status, held, all_groups)


ROWS = (row(1, "08:00", "08:50"), row(2, "09:00", "09:50"))


def week(*cells, rows=ROWS, **more):
    """A draft of the batch; every address that is not named is EMPTY."""
    named = {each.address: each for each in cells}
    grid = [
        named.get((each.row_index, day), cell(each.row_index, day, CellStatus.EMPTY))
        for each in rows
        for day in range(7)
    ]
    known = {
        "scope": WeekScope.BATCH,
        "week_start": MONDAY,
        "batch": BATCH,
        "program": PROGRAM,
        "academic_period": SPRING,
        **more,
    }
    return WeekFacts(PLAN, rows=tuple(rows), cells=tuple(grid), **known)


def at(clock, day=MONDAY):
    """A Karachi wall-clock time (UTC+5, no clock changes) as an instant."""
    hours, minutes = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=UTC) - timedelta(hours=5)


def other(start, end, kind=OtherKind.SESSION, **more):
    """Something else going on that Monday."""
    known = {"id": 900, "label": "Anatomy", "week_plan": OTHER_PLAN, "status": WeekStatus.PUBLISHED, **more}
    return Occupation(kind=kind, starts_at=at(start), ends_at=at(end), **known)


class Person:
    """Somebody who may do what was said and nothing else."""

    def __init__(self, *permissions):
        self.permissions = set(permissions)

    def may(self, permission):
        return permission in self.permissions


EID = HolidayFacts(3, "Eid", MONDAY, MONDAY)


LANES = {"start": "08:00", "end": "08:50"}


def report(plan, world=WORLD, today=TODAY):
    """Every conflict of a week."""
    return week_conflicts(plan, world, today=today)


def codes(plan, world=WORLD, today=TODAY):
    """The codes of a week's conflicts with their severity."""
    return [(each.code, each.severity.value) for each in report(plan, world, today)]


def spring(**more):
    """The period of the plan, but for what is said otherwise."""
    known = {"status": PeriodStatus.OPEN, "start_date": date(2026, 1, 1), "end_date": date(2026, 6, 30), **more}
    return {SPRING: PeriodFacts(SPRING, "Spring", program=PROGRAM, batch=BATCH, **known)}


def away(**more):
    """Mondays from 08:30 to noon, on which Dr Khan is unavailable."""
    known = {
        "subject": AvailabilitySubject.PERSON,
        "subject_id": KHAN,
        "level": AvailabilityLevel.UNAVAILABLE,
        "day_of_week": 0,
        "start_time": time(8, 30),
        "end_time": time(12),
        "dates": DateRange(date(2026, 1, 1)),
        **more,
    }
    return AvailabilityFacts(**known)
