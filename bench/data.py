"""The data set: institutions alike, each with programs, batches, groups, people, rooms, weeks and sessions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from maristan.academics.models import (
    AcademicPeriod,
    Batch,
    Course,
    CourseProgram,
    Enrollment,
    Group,
    Placement,
    Program,
    Section,
    Student,
)
from maristan.agenda.models import Entry
from maristan.directory.models import Department, Institution, Membership, Person, Place
from maristan.kernel import clock, tenancy
from maristan.kernel.models import User
from maristan.timetable.models import (
    Session,
    SessionAllocation,
    SessionGroup,
    SessionOccurrence,
    WeekCell,
    WeekPlan,
    WeekSlotRow,
)

FIRST_MONDAY = date(2026, 1, 5)
SLOTS = 8
TAUGHT_CELLS = 30


@dataclass(frozen=True)
class Size:
    """How much of everything one institution has."""

    programs: int = 5
    batches: int = 5
    groups: int = 4
    students: int = 3000
    teachers: int = 300
    rooms: int = 120
    weeks: int = 40
    enrollments: int = 6000


@dataclass
class Built:
    """What the measurements refer to."""

    institution: Any
    admin: Any
    person: Any = None
    batches: list[Any] = field(default_factory=list)
    groups: dict[int, list[Any]] = field(default_factory=dict)
    periods: dict[int, Any] = field(default_factory=dict)
    courses: list[Any] = field(default_factory=list)
    teachers: list[Any] = field(default_factory=list)
    rooms: list[Any] = field(default_factory=list)
    students: list[Any] = field(default_factory=list)
    department: Any = None


@transaction.atomic
def build(code: str, size: Size) -> Built:
    """One institution; every published week is that of its first 25 of 40 weeks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('directory_institution', 'id'))")
        pk = cursor.fetchone()[0]
    tenancy.enter(pk)
    here = Institution.objects.create(pk=pk, code=code, name=code.upper(), time_zone="Asia/Karachi")
    user = User.objects.create_user(f"admin-{code}", password=None)
    built = Built(here, user)
    person = Person.objects.create(name=f"Admin {code}", user=user)
    built.person = person
    Membership.objects.create(person=person, role="admin", from_date=date(2020, 1, 1))
    _directory(built, size)
    _academics(built, size)
    _weeks(built, size)
    return built


def _directory(built: Built, size: Size) -> None:
    built.department = Department.objects.create(code="ALL", name="Department")
    built.teachers = Person.objects.bulk_create(Person(name=f"Teacher {at:04}") for at in range(size.teachers))
    Membership.objects.bulk_create(
        Membership(
            person=each,
            role="faculty",
            scope_kind="department",
            scope_id=built.department.pk,
            from_date=date(2020, 1, 1),
        )
        for each in built.teachers
    )
    built.rooms = Place.objects.bulk_create(
        Place(kind="room", name=f"Room {at:03}", code=f"R{at:03}", capacity=200) for at in range(size.rooms)
    )


def _academics(built: Built, size: Size) -> None:
    for at in range(size.programs):
        program = Program.objects.create(name=f"Program {at}", code=f"P{at}", total_periods=5, status="finalized")
        for number in range(size.batches):
            batch = Batch.objects.create(
                program=program, name=f"Batch {number}", intake_year=2022 + number, graduation_year=2027 + number
            )
            built.batches.append(batch)
            built.groups[batch.pk] = Group.objects.bulk_create(
                Group(batch=batch, name=f"Group {letter}", position=letter) for letter in range(1, size.groups + 1)
            )
            built.periods[batch.pk] = AcademicPeriod.objects.create(
                program=program, batch=batch, kind="year", name="Year", status="open", start_date=FIRST_MONDAY,
                end_date=FIRST_MONDAY + timedelta(days=399), is_enrollment_open=True,
            )  # fmt: skip
        course = Course.objects.create(code=f"C{at}", name=f"Course {at}", department=built.department)
        CourseProgram.objects.create(course=course, program=program)
        built.courses.append(course)
    _students(built, size)


def _students(built: Built, size: Size) -> None:
    people = Person.objects.bulk_create(
        (Person(name=f"Student {at:05}") for at in range(size.students)), batch_size=2000
    )
    Membership.objects.bulk_create(
        (Membership(person=each, role="student", from_date=FIRST_MONDAY) for each in people), batch_size=2000
    )
    rows = []
    for at, person in enumerate(people):
        batch = built.batches[at % len(built.batches)]
        group = built.groups[batch.pk][at // len(built.batches) % size.groups]
        rows.append(Student(person=person, reg_no=f"R-{at:05}", program_id=batch.program_id, batch=batch, group=group))
    built.students = Student.objects.bulk_create(rows, batch_size=2000)
    Placement.objects.bulk_create(
        (
            Placement(student=each, batch_id=each.batch_id, group_id=each.group_id, from_date=FIRST_MONDAY)
            for each in built.students
        ),
        batch_size=2000,
    )
    sections = [
        Section.objects.create(
            course=built.courses[0], academic_period=built.periods[batch.pk], name=f"S{number}", capacity=5000
        )
        for number in range(2)
        for batch in built.batches
    ]
    Enrollment.objects.bulk_create(
        (
            Enrollment(
                student=built.students[at % len(built.students)],
                section=sections[at // len(built.students) % len(sections)],
                enrolled_at=clock.now(),
                enrolled_by="bench",
            )
            for at in range(min(size.enrollments, len(built.students) * len(sections)))
        ),
        batch_size=2000,
    )


def _weeks(built: Built, size: Size) -> None:
    plans = WeekPlan.objects.bulk_create(
        WeekPlan(
            scope="batch", batch=batch, academic_period=built.periods[batch.pk],
            week_start_date=FIRST_MONDAY + timedelta(days=7 * week),
            status="published" if week < size.weeks - 1 else "draft",
            published_at=clock.now() if week < size.weeks - 1 else None,
            published_by=built.person if week < size.weeks - 1 else None,
            first_published_at=clock.now() if week < size.weeks - 1 else None,
        )
        for batch in built.batches
        for week in range(size.weeks)
    )  # fmt: skip
    rows = WeekSlotRow.objects.bulk_create(
        (
            WeekSlotRow(week_plan=plan, row_index=at + 1, start_time=time(8 + at), end_time=time(8 + at, 50))
            for plan in plans
            for at in range(SLOTS)
        ),
        batch_size=2000,
    )
    for start in range(0, len(plans), 100):
        part = plans[start : start + 100]
        _fill(built, size, part, rows[start * SLOTS : (start + len(part)) * SLOTS])


def _fill(built: Built, size: Size, plans: list[Any], rows: list[Any]) -> None:
    cells = []
    for at, plan in enumerate(plans):
        number = next(index for index, each in enumerate(built.batches) if each.pk == plan.batch_id)
        for row in rows[at * SLOTS : (at + 1) * SLOTS]:
            for day in range(7):
                taught = day < 5 and row.row_index <= TAUGHT_CELLS // 5
                content = _content(built, number, row.row_index, day) if taught else {}
                cells.append(
                    WeekCell(
                        week_plan=plan,
                        slot_row=row,
                        day_of_week=day,
                        status="scheduled" if taught else "empty",
                        **content,
                    )
                )
    cells = WeekCell.objects.bulk_create(cells, batch_size=3000)
    _sessions(
        built, plans, [each for each in cells if each.status == "scheduled" and each.week_plan.status == "published"]
    )


def _content(built: Built, number: int, row: int, day: int) -> dict[str, Any]:
    batch = built.batches[number]
    slot = (row - 1) * 5 + day
    return {
        "course": built.courses[number % len(built.courses)], "department": built.department,
        "faculty": built.teachers[(number * 11 + slot) % len(built.teachers)],
        "room": built.rooms[number * 4 % len(built.rooms)],
        "groups": [each.pk for each in built.groups[batch.pk]], "topic": f"Topic {slot}",
    }  # fmt: skip


def _sessions(built: Built, plans: list[Any], cells: list[Any]) -> None:
    starts = [_instant(cell) for cell in cells]
    sessions = Session.objects.bulk_create(
        (
            Session(
                academic_period_id=cell.week_plan.academic_period_id, department=built.department, faculty=cell.faculty,
                group_id=cell.groups[0], course=cell.course, room=cell.room, topic=cell.topic, starts_at=start,
                ends_at=start + timedelta(minutes=50),
            )
            for cell, start in zip(cells, starts, strict=True)
        ),
        batch_size=2000,
    )  # fmt: skip
    pairs = list(zip(cells, sessions, strict=True))
    SessionOccurrence.objects.bulk_create(
        (
            SessionOccurrence(
                week_plan=cell.week_plan, week_cell=cell, week_start_date=cell.week_plan.week_start_date,
                date=cell.week_plan.week_start_date + timedelta(days=cell.day_of_week), session=session,
            )
            for cell, session in pairs
        ),
        batch_size=2000,
    )  # fmt: skip
    SessionGroup.objects.bulk_create(
        (SessionGroup(session=session, group_id=each) for cell, session in pairs for each in cell.groups),
        batch_size=3000,
    )
    SessionAllocation.objects.bulk_create(
        (
            SessionAllocation(
                session=session, kind=kind, resource_id=pk, starts_at=session.starts_at, ends_at=session.ends_at
            )
            for cell, session in pairs
            for kind, pk in [
                ("room", cell.room_id),
                ("faculty", cell.faculty_id),
                *(("group", each) for each in cell.groups),
            ]
        ),
        batch_size=3000,
    )
    Entry.objects.bulk_create(
        (
            Entry(
                owner_kind="timetable.session", owner_id=session.pk, title=cell.course.name,
                starts_at=session.starts_at, ends_at=session.ends_at,
                audience=[f"person:{cell.faculty_id}", *(f"group:{each}" for each in cell.groups)],
            )
            for cell, session in pairs
        ),
        batch_size=2000,
    )  # fmt: skip


def _instant(cell: Any) -> datetime:
    day = cell.week_plan.week_start_date + timedelta(days=cell.day_of_week)
    return datetime.combine(day, cell.slot_row.start_time, UTC) - timedelta(hours=5)
