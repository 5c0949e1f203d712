"""The smallest valid things of academics, for tests."""

from datetime import date
from itertools import count
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
    Track,
)
from maristan.directory.tests import factories as directory
from maristan.kernel import clock

_numbers = count(1)
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 12, 31)


def program(name: str = "", **values: Any) -> Program:
    """A finalized program of five years."""
    number = next(_numbers)
    defaults = {"name": name or f"Program {number}", "code": f"P{number}", "status": "finalized", "total_periods": 5}
    return Program.objects.create(**{**defaults, **values})


def batch(of: Program | None = None, name: str = "", **values: Any) -> Batch:
    """A batch that graduates in 2031."""
    defaults = {"name": name or f"Batch {next(_numbers)}", "intake_year": 2026, "graduation_year": 2031}
    return Batch.objects.create(program=of or program(), **{**defaults, **values})


def group(of: Batch | None = None, name: str = "", **values: Any) -> Group:
    """A group of a batch, after the ones it has."""
    of = of or batch()
    defaults = {"name": name or f"Group {next(_numbers)}", "position": of.groups.count() + 1}
    return Group.objects.create(batch=of, **{**defaults, **values})


def period(of: Program | None = None, name: str = "", **values: Any) -> AcademicPeriod:
    """An open year of 2026, shared by all batches unless `batch=` is given."""
    number = next(_numbers)
    if of is None:
        of = values["batch"].program if values.get("batch") else program()
    defaults = {
        "name": name or f"Year {number}", "kind": "year", "position": number % 30000, "start_date": FIRST_DAY,
        "end_date": LAST_DAY, "status": "open", "is_enrollment_open": True,
    }  # fmt: skip
    return AcademicPeriod.objects.create(program=of, **{**defaults, **values})


def track(of: Program | None = None, name: str = "", **values: Any) -> Track:
    """A track of a program."""
    return Track.objects.create(program=of or program(), name=name or f"Track {next(_numbers)}", **values)


def course(code: str = "", *programs: Program, **values: Any) -> Course:
    """A course of a department of its own, unless `department=` is given."""
    code = code or f"C{next(_numbers)}"
    values.setdefault("department", None)
    values["department"] = values["department"] or directory.department(f"D{next(_numbers)}")
    made = Course.objects.create(code=code, **{"name": f"Course {code}", **values})
    for each in programs:
        CourseProgram.objects.create(course=made, program=each)
    return made


def section(of: Course | None = None, **values: Any) -> Section:
    """A section of a course in an open period of its own, unless `academic_period=` is given."""
    values.setdefault("academic_period", None)
    values["academic_period"] = values["academic_period"] or period()
    return Section.objects.create(course=of or course(), **{"name": f"S{next(_numbers)}", **values})


def student(in_group: Group | None = None, name: str = "", **values: Any) -> Student:
    """An active student placed in a group since 2026-01-01; `person=` or `email=`, `phone=` may be given."""
    number = next(_numbers)
    in_group = in_group or group()
    contacts = {kind: values.pop(kind) for kind in ("email", "phone") if kind in values}
    since = values.pop("since", FIRST_DAY)
    who = values.pop("person", None) or directory.person(name or f"Student {number}")
    defaults = {"reg_no": f"R-{number:05}", "program": in_group.batch.program, "batch": in_group.batch}
    made = Student.objects.create(person=who, group=in_group, **{**defaults, **values})
    Placement.objects.create(student=made, batch=in_group.batch, group=in_group, from_date=since)
    for kind, value in contacts.items():
        who.contacts.create(kind=kind, value=value, is_primary=True)
    return made


def enrollment(who: Student | None = None, in_section: Section | None = None, **values: Any) -> Enrollment:
    """An active enrolment."""
    defaults = {"enrolled_at": clock.now(), "enrolled_by": "Alice"}
    return Enrollment.objects.create(
        student=who or student(), section=in_section or section(), **{**defaults, **values}
    )


def student_with_account(name: str = "Sara", in_group: Group | None = None, **values: Any) -> Student:
    """A student who can sign in."""
    return student(in_group, person=directory.member(name, "student"), **values)
