"""Departments, places, people, programs and students of the demonstration institution."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from typing import Any

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
from maristan.config.demo import names
from maristan.directory.models import ContactInfo, Department, Institution, Membership, Person, Place
from maristan.kernel import clock, tenancy

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


@dataclass
class Demo:
    """What later parts of the demonstration refer to."""

    institution: Institution
    departments: dict[str, Department] = field(default_factory=dict)
    rooms: dict[str, Place] = field(default_factory=dict)
    teachers: dict[str, Person] = field(default_factory=dict)
    office: dict[str, Person] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    groups: dict[int, list[Group]] = field(default_factory=dict)
    period: Any = None
    first_student: Any = None


def make(code: str, students: int) -> Demo:
    """Everything but weeks, with exactly `students` students."""
    here = Institution.objects.create(
        code=code, name="Farabi Medical University", time_zone="Asia/Karachi", country="PK", locale="en"
    )
    tenancy.enter(here.pk)
    demo = Demo(here)
    today = clock.today(here.time_zone)
    _places(demo)
    _people(demo, today)
    _programs(demo, today)
    _students(demo, students, today)
    return demo


def _places(demo: Demo) -> None:
    faculty = Department.objects.create(kind="faculty", code="BMS", name="Basic Medical Sciences")
    Department.objects.create(kind="hospital", code="CH", name="City Hospital")
    for code, name in DEPARTMENTS.items():
        demo.departments[name] = Department.objects.create(code=code, name=name, parent=faculty)
    site = Place.objects.create(kind="site", name="Main Campus", code="MC")
    building = Place.objects.create(kind="building", name="Teaching Block", code="TB", parent=site)
    for number, (name, capacity) in enumerate(ROOMS, 1):
        demo.rooms[name] = Place.objects.create(
            kind="room", name=name, code=f"TB-{number:02}", capacity=capacity, parent=building
        )


def _people(demo: Demo, today: date) -> None:
    since = today - timedelta(days=400)
    for name, department in names.TEACHERS:
        person = Person.objects.create(name=name)
        demo.teachers[name] = person
        Membership.objects.create(
            person=person, role="faculty", scope_kind="department", scope_id=demo.departments[department].pk,
            from_date=since, designation=name.split()[0].rstrip("."),
        )  # fmt: skip
        ContactInfo.objects.create(
            person=person, kind="email", value=f"{name.split()[-1].lower()}@farabi.example", is_primary=True
        )
    for role, name in names.OFFICE.items():
        demo.office[role] = Person.objects.create(name=name)
        scope = ("department", demo.departments["Pathology"].pk) if role == "department_head" else ("institution", None)
        Membership.objects.create(
            person=demo.office[role], role=role, scope_kind=scope[0], scope_id=scope[1], from_date=since
        )


def _programs(demo: Demo, today: date) -> None:
    start = today - timedelta(days=today.weekday() + 28)
    for code, name, years in (
        ("MBBS", "Bachelor of Medicine and Surgery", 5),
        ("BDS", "Bachelor of Dental Surgery", 4),
    ):
        program = Program.objects.create(code=code, name=name, total_periods=years, status="finalized")
        demo.programs.append(program)
        batch = Batch.objects.create(
            program=program, name=f"{today.year + years} Batch", intake_year=today.year,
            graduation_year=today.year + years,
        )  # fmt: skip
        demo.batches.append(batch)
        demo.groups[batch.pk] = [
            Group.objects.create(batch=batch, name=f"Group {letter}", position=at, capacity=100)
            for at, letter in enumerate("ABCD" if code == "MBBS" else "AB", 1)
        ]
        year = AcademicPeriod.objects.create(
            program=program, batch=batch, kind="year", name="Year 1", level_no=1, start_date=start,
            end_date=start + timedelta(days=279), status="open", is_enrollment_open=True,
        )  # fmt: skip
        demo.period = demo.period or year
    for code, name, department in COURSES:
        course = Course.objects.create(code=code, name=name, department=demo.departments[department])
        demo.courses[code] = course
        CourseProgram.objects.bulk_create(CourseProgram(course=course, program=each) for each in demo.programs)


def _students(demo: Demo, count: int, today: date) -> None:
    since = today - timedelta(days=28)
    places = cycle(
        [(demo.batches[0], group) for group in demo.groups[demo.batches[0].pk]] * 2
        + [(demo.batches[1], group) for group in demo.groups[demo.batches[1].pk]]
    )
    people = Person.objects.bulk_create(
        Person(name=names.student(number), date_of_birth=date(today.year - 19, number % 12 + 1, number % 28 + 1))
        for number in range(count)
    )
    Membership.objects.bulk_create(Membership(person=each, role="student", from_date=since) for each in people)
    ContactInfo.objects.bulk_create(
        ContactInfo(person=each, kind="phone", value=f"+92300{number:07}", is_primary=True)
        for number, each in enumerate(people, 1)
    )
    numbers: dict[int, int] = {}
    students = []
    for person, (batch, group) in zip(people, places, strict=False):
        numbers[batch.pk] = numbers.get(batch.pk, 0) + 1
        code = next(each.code for each in demo.programs if each.pk == batch.program_id)
        students.append(
            Student(
                person=person,
                reg_no=f"{batch.intake_year}-{code}-{numbers[batch.pk]:03}",
                program_id=batch.program_id,
                batch=batch,
                group=group,
                enrollment_year=batch.intake_year,
            )
        )
    made = Student.objects.bulk_create(students)
    Placement.objects.bulk_create(
        Placement(student=each, batch_id=each.batch_id, group_id=each.group_id, from_date=since, reason="Admission")
        for each in made
    )
    demo.first_student = people[0] if people else None
    _sections(demo, made)


def _sections(demo: Demo, students: list[Student]) -> None:
    teacher = demo.teachers["Dr Shazia Iqbal"]
    section = Section.objects.create(
        course=demo.courses["PAT101"], academic_period=demo.period, name="Journal Club", faculty=teacher, capacity=30,
        self_enrollment=True,
    )  # fmt: skip
    own = [each for each in students if each.batch_id == demo.batches[0].pk][:24]
    Enrollment.objects.bulk_create(
        Enrollment(student=each, section=section, enrolled_at=clock.now(), enrolled_by="Alina Haider") for each in own
    )
