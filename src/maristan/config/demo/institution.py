"""Departments, places, people, programs and students of the demonstration institution."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from maristan.academics.actions import batches, courses, enrollments, periods, programs, sections
from maristan.academics.models import AcademicPeriod, Batch, Course, Group, Program
from maristan.academics.queries import structure
from maristan.academics.queries import students as student_queries
from maristan.config.demo import names
from maristan.directory.actions import departments, institutions, memberships, people, places
from maristan.directory.models import Department, Institution, Person, Place
from maristan.directory.queries import people as people_queries
from maristan.kernel import clock, imports, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.tables.cells import Cell, Row
from maristan.kernel.tables.outcomes import ImportMode, RowAction

DEPARTMENTS = {
    "ANA": "Anatomy", "PHY": "Physiology", "BIO": "Biochemistry", "PAT": "Pathology", "COM": "Community Medicine",
    "BEH": "Behavioural Sciences",
}  # fmt: skip
COURSES = (
    ("ANA101", "Gross Anatomy", "Anatomy"), ("ANA102", "Histology", "Anatomy"),
    ("PHY101", "Physiology of the Heart", "Physiology"), ("BIO101", "Biochemistry of Cells", "Biochemistry"),
    ("PAT101", "General Pathology", "Pathology"), ("COM101", "Community Medicine", "Community Medicine"),
    ("BEH101", "Behavioural Sciences", "Behavioural Sciences"),
)  # fmt: skip
ROOMS = (
    ("Lecture Hall 1", 250), ("Lecture Hall 2", 250), ("Lecture Hall 3", 150), ("Dissection Hall", 130),
    ("Histology Laboratory", 130), ("Physiology Laboratory", 130), ("Biochemistry Laboratory", 130),
    ("Pathology Museum", 60), ("Tutorial Room 1", 40), ("Tutorial Room 2", 40), ("Tutorial Room 3", 40),
    ("Skills Laboratory", 40),
)  # fmt: skip
PROGRAMS = (("MBBS", "Bachelor of Medicine and Surgery", 5), ("BDS", "Bachelor of Dental Surgery", 4))
GROUPS = {"MBBS": "ABCD", "BDS": "AB"}


@dataclass
class Demo:
    """What later parts of the demonstration refer to."""

    institution: Institution
    by: Actor
    invitation: str
    departments: dict[str, Department] = field(default_factory=dict)
    rooms: dict[str, Place] = field(default_factory=dict)
    teachers: dict[str, Person] = field(default_factory=dict)
    office: dict[str, Person] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    groups: dict[int, list[Group]] = field(default_factory=dict)
    period: Any = None


def make(code: str, students: int) -> Demo:
    """Everything but accounts and weeks, with exactly `students` students; the present institution is this one."""
    founded = institutions.found_institution(
        code=code, name="Farabi Medical University", time_zone="Asia/Karachi", country="PK",
        admin_name=names.OFFICE["admin"], admin_email="", by=platform(None),
    )  # fmt: skip
    tenancy.enter(founded.institution_id)
    by = platform(founded.institution_id)
    demo = Demo(Institution.objects.get(), by, founded.link)
    today = clock.today(demo.institution.time_zone)
    _places(demo)
    _people(demo)
    _programs(demo, today)
    add_students(students, by=by)
    _section(demo)
    return demo


def _places(demo: Demo) -> None:
    by = demo.by
    faculty = departments.create(values={"kind": "faculty", "code": "BMS", "name": "Basic Medical Sciences"}, by=by)
    departments.create(values={"kind": "hospital", "code": "CH", "name": "City Hospital"}, by=by)
    for code, name in DEPARTMENTS.items():
        values = {"code": code, "name": name, "parent": faculty.pk}
        demo.departments[name] = departments.create(values=values, by=by)
    site = places.create(values={"kind": "site", "name": "Main Campus", "code": "MC"}, by=by)
    building = places.create(
        values={"kind": "building", "name": "Teaching Block", "code": "TB", "parent": site.pk}, by=by
    )
    for number, (name, capacity) in enumerate(ROOMS, 1):
        values = {"kind": "room", "name": name, "code": f"TB-{number:02}", "capacity": capacity, "parent": building.pk}
        demo.rooms[name] = places.create(values=values, by=by)


def _people(demo: Demo) -> None:
    for name, department in names.TEACHERS:
        email = f"{name.split()[-1].lower()}@farabi.example"
        person = demo.teachers[name] = people.create(values={"name": name, "email": email}, by=demo.by)
        title = name.split()[0].rstrip(".")
        _grant(demo, person, "faculty", demo.departments[department], designation=title)
    demo.office["admin"] = people_queries.visible_to(actor=demo.by).get(name=names.OFFICE["admin"])
    for role, name in names.OFFICE.items():
        if role != "admin":
            person = demo.office[role] = people.create(values={"name": name}, by=demo.by)
            _grant(demo, person, role, demo.departments["Pathology"] if role == "department_head" else None)


def _grant(demo: Demo, person: Person, role: str, department: Department | None, **values: Any) -> None:
    scope = {"scope_kind": "department" if department else "institution", "scope_id": department and department.pk}
    memberships.grant(values={"person": person.pk, "role": role, **scope, **values}, by=demo.by)


def _programs(demo: Demo, today: date) -> None:
    start = today - timedelta(days=today.weekday())
    for code, name, years in PROGRAMS:
        program = programs.create(
            values={"code": code, "name": name, "structure_type": "yearly", "total_periods": years}, by=demo.by
        )
        demo.programs.append(programs.move(pk=program.pk, name="finalize", version=None, reason=None, by=demo.by))
        values = {"program": program.pk, "name": f"{today.year + years} Batch", "intake_year": today.year}
        batch = batches.create(values={**values, "graduation_year": today.year + years}, by=demo.by)
        demo.batches.append(batch)
        demo.groups[batch.pk] = [
            batches.create_group(values={"batch": batch.pk, "name": f"Group {letter}", "capacity": 1200}, by=demo.by)
            for letter in GROUPS[code]
        ]
        year = _open_year(demo, program, batch, start)
        demo.period = demo.period or year
    for code, name, department in COURSES:
        values = {"code": code, "name": name, "department": demo.departments[department].pk}
        of_programs = {"programs": [each.pk for each in demo.programs]}
        demo.courses[code] = courses.create(values={**values, **of_programs}, by=demo.by)


def _open_year(demo: Demo, program: Program, batch: Batch, start: date) -> AcademicPeriod:
    values = {
        "program": program.pk, "batch": batch.pk, "kind": "year", "name": "Year 1", "level_no": 1, "start_date": start,
        "end_date": start + timedelta(days=279), "is_enrollment_open": True,
    }  # fmt: skip
    year = periods.create(values=values, by=demo.by)
    return periods.move(pk=year.pk, name="open", version=None, reason=None, by=demo.by)


def add_students(count: int, *, by: Actor) -> int:
    """Enter those of the first `count` students who are not there yet, by the import; gives how many were new."""
    importer = imports.importer("students")
    outcomes = importer.preview(list(_rows(count, by)), ImportMode.CREATE_ONLY, {}, by)
    new = imports.summary(outcomes)[RowAction.CREATE]
    if new:
        importer.commit(outcomes, {}, by, lambda _done, _total, _message: None)
    return new


def _rows(count: int, by: Actor) -> Iterator[Row]:
    """The file of students: four fifths in the first program, in turn through the groups."""
    first, second = structure.batches(actor=by).filter(name__endswith=" Batch").order_by("pk")[:2]
    turns = cycle([*_groups(first, by) * 2, *_groups(second, by)])
    numbers: dict[int, int] = {}
    for at, (batch, group) in enumerate(islice(turns, count)):
        numbers[batch.pk] = numbers.get(batch.pk, 0) + 1
        cells = {
            "reg_no": f"{batch.intake_year}-{batch.program.code}-{numbers[batch.pk]:03}",
            "name": names.student(at),
            "program_name": batch.program.name,
            "batch_name": batch.name,
            "group_name": group.name,
            "status": "active",
            "phone": f"+92300{at + 1:07}",
            "date_of_birth": date(batch.intake_year - 19, at % 12 + 1, at % 28 + 1).isoformat(),
        }
        yield Row(at + 2, {column: Cell(text) for column, text in cells.items()})


def _groups(batch: Batch, by: Actor) -> list[tuple[Batch, Group]]:
    return [(batch, group) for group in structure.groups(actor=by).filter(batch=batch).order_by("position")]


def first_student(demo: Demo) -> Person:
    """The person of the first student of the first batch."""
    found = student_queries.students(actor=demo.by).filter(batch=demo.batches[0]).order_by("reg_no")
    return people_queries.get(found[0].person_id, actor=demo.by)


def _section(demo: Demo) -> None:
    """A section that some of the first batch attend."""
    values = {
        "course": demo.courses["PAT101"].pk, "academic_period": demo.period.pk, "name": "Journal Club",
        "faculty": demo.teachers["Dr Shazia Iqbal"].pk, "capacity": 30, "self_enrollment": True,
    }  # fmt: skip
    section = sections.create(values=values, by=demo.by)
    found = student_queries.students(actor=demo.by).filter(batch=demo.batches[0]).order_by("reg_no")[:24]
    enrollments.enroll_many(section=section.pk, students=[each.pk for each in found], by=demo.by)
