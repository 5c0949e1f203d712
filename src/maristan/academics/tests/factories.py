"""The smallest valid things of academics, for tests."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from maristan.academics.models import (
    AcademicPeriod,
    Application,
    Batch,
    Course,
    CourseProgram,
    Enrollment,
    Group,
    Intake,
    Material,
    Obligation,
    Placement,
    Program,
    Request,
    RequestAttachment,
    RequestRemark,
    RequestType,
    Requirement,
    Section,
    Student,
    Submission,
    SyllabusItem,
    Track,
)
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import StoredFile

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


def syllabus_item(of: Course | None = None, **values: Any) -> SyllabusItem:
    """An item of a course of its own, or of a period when `academic_period=` is given."""
    number = next(_numbers)
    belongs = {} if values.get("academic_period") and of is None else {"course": of or course()}
    return SyllabusItem.objects.create(**{"title": f"Item {number}", "order_no": number, **belongs, **values})


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


def intake(of: Batch | None = None, **values: Any) -> Intake:
    """A time to apply for a batch that is open now, with ten seats."""
    of = of or batch()
    now = clock.now()
    defaults = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=30), "seats": 10}
    return Intake.objects.create(program=of.program, batch=of, **{**defaults, **values})


def filled(**values: Any) -> dict[str, Any]:
    """What a complete application says, in its one shape."""
    number = next(_numbers)
    return {
        "full_name": f"Applicant {number}", "father_name": "Yusuf", "gender": "female", "date_of_birth": "2008-03-01",
        "cnic_or_bform": f"35202{number:08}", "mobile": f"+92300{number:07}", "address": "12 Mall Road, Lahore",
        "guardian_name": "Yusuf", "guardian_relation": "father", "guardian_phone_whatsapp": f"+92301{number:07}",
        "last_qualification": "fsc", "institute_name": "Government College", "board_or_university": "BISE Lahore",
        "passing_year": 2026, "total_marks_or_grade": "1100", "obtained_marks_or_grade": "1001", **values,
    }  # fmt: skip


def application(of: Batch | None = None, **values: Any) -> Application:
    """A complete application that was handed in, of an intake of its own unless `intake=` is given."""
    number, now = next(_numbers), clock.now()
    within = values.pop("intake", None) or intake(of)
    defaults = {
        "status": "pending", "number": f"STU-20260301-{number:04}", "submitted_at": now, "batch_year": 2031,
        "email": f"applicant{number}@example.org", "token_hash": f"{number:064}", "token_expires_at": now,
    }  # fmt: skip
    return Application.objects.create(intake=within, **{**filled(), **defaults, **values})


def request_type(code: str = "", **values: Any) -> RequestType:
    """A type of request that registrars serve."""
    code = code or f"type_{next(_numbers)}"
    defaults = {"name": code.capitalize(), "handler_role": "registrar"}
    return RequestType.objects.create(code=code, **{**defaults, **values})


def request(by: Any = None, **values: Any) -> Request:
    """A pending request of somebody, of a type of its own unless `type=` is given."""
    defaults = {"title": f"Request {next(_numbers)}", "submitted_at": clock.now()}
    kind = values.pop("type", None) or request_type()
    who = by or directory.person(f"Person {next(_numbers)}")
    return Request.objects.create(type=kind, requester=who, **{**defaults, **values})


def attachment(of: Request, name: str = "Letter.pdf") -> RequestAttachment:
    """A paper of a request, without its bytes."""
    kept = StoredFile.objects.create(
        key=f"paper-{next(_numbers)}", name=name, content_type="application/pdf", size=1, sha256="0"
    )
    return RequestAttachment.objects.create(request=of, name=name, file=kept, added_by="Sara")


def remark(of: Request, text: str = "Which year?", **values: Any) -> RequestRemark:
    """Something said about a request."""
    return RequestRemark.objects.create(request=of, text=text, author_name="Ruth", **values)


def requirement(**values: Any) -> Requirement:
    """A document that everybody owes, without a term."""
    defaults = {"title": f"Card {next(_numbers)}", "kind": "document", "audience": [["institution"]]}
    return Requirement.objects.create(**{**defaults, **values})


def obligation(who: Any, **values: Any) -> Obligation:
    """What a person owes, of a requirement of its own unless `requirement=` is given, with a paper handed in."""
    values.setdefault("requirement", None)
    values["requirement"] = values["requirement"] or requirement()
    made = Obligation.objects.create(person=who, **{"assigned_on": FIRST_DAY, **values})
    Submission.objects.create(obligation=made, value="handed in", by=who.name, at=clock.now())
    return made


def material(author: Any = None, **values: Any) -> Material:
    """A link put before the whole institution."""
    defaults = {
        "title": f"Atlas {next(_numbers)}", "kind": "link", "url": "https://example.org/",
        "audience": [["institution"]],
        "status": "published", "published_at": clock.now(), "created_by": author, "created_by_name": "Dr Khan",
    }  # fmt: skip
    return Material.objects.create(**{**defaults, **values})
