"""The smallest valid registers, for tests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.tests import factories as academics
from maristan.attendance.models import (
    Attendance,
    Condonation,
    Correction,
    EligibilityLine,
    EligibilityList,
    Policy,
    Register,
)
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.tests import factories as timetable

ATTENDANCE = "/api/v1/attendance/"
ZONE = ZoneInfo("Asia/Karachi")
MONDAY = date(2026, 3, 9)
BEFORE = "2026-03-09T07:00:00+05:00"
DURING = "2026-03-09T10:20:00+05:00"


def local(day: date, said: str) -> datetime:
    """A moment of the institution's zone."""
    return datetime.combine(day, datetime.strptime(said, "%H:%M").time(), ZONE)


@dataclass
class Class:
    """A school with students in its first group, and a session of an hour at ten on Monday."""

    school: timetable.School
    students: list[Any]
    session: timetable.Session
    khan: Client  # teaches the session
    alice: Client  # coordinates the program
    sara: Client  # studies in the first group

    @property
    def url(self) -> str:
        """Where the session's attendance is."""
        return f"{ATTENDANCE}sessions/{self.session.pk}/"


def session(of: timetable.School, day: date = MONDAY, start: str = "10:00", **values: Any) -> timetable.Session:
    """A direct session of an hour for the first group, by the school's teacher; its roster is not fixed yet."""
    groups = values.pop("groups", [of.groups[0]])
    return timetable.direct_session(of, local(day, start), groups, **values)


def a_class(students: int = 3, code: str = "fmu", **values: Any) -> Class:
    """A class of so many students, Sara among them."""
    of = timetable.school(code)
    made = [academics.student(of.groups[0], reg_no=f"MB-{at:03}") for at in range(1, students)]
    return Class(of, made, session(of, **values), Client(of.teacher), of.alice, of.sara)


def lines(of: timetable.Session) -> dict[str, Attendance]:
    """The lines of a session by registration number."""
    found = Attendance.objects.filter(session=of).select_related("student")
    return {line.student.reg_no: line for line in found}


def statuses(of: timetable.Session) -> list[str | None]:
    """The marks of a session, by line."""
    return list(Attendance.objects.filter(session=of).order_by("pk").values_list("status", flat=True))


def mark(client: Client, of: Class, *marks: dict[str, Any], **values: Any) -> Answer:
    """Mark lines of the session."""
    return client.post(f"{of.url}mark/", {"marks": list(marks), **values})


def move(client: Client, of: Class, name: str, **body: Any) -> Answer:
    """One move of the register."""
    return client.post(f"{of.url}register/moves/{name}/", body)


def register(client: Client, of: Class) -> Any:
    """The register as a client reads it."""
    answer = client.get(f"{of.url}register/")
    assert answer.status == 200, answer.json
    return answer.json


def held(of: Class, *marks: str | None, start: date = date(2026, 2, 2), **values: Any) -> list[timetable.Session]:
    """Sessions of days one after the other, each with Sara's line marked so; None is unmarked."""
    now, made = clock.now(), []
    for at, status in enumerate(marks):
        taught = session(of.school, start + timedelta(days=at), **values)
        Register.objects.create(session=taught, frozen_at=now)
        said = {"status": status, "source": "live", "marked_at": now, "marked_by": "Dr Khan"} if status else {}
        student = academics.Student.objects.get(person=of.school.sara_person)
        Attendance.objects.create(session=taught, person=of.school.sara_person, student=student, **said)
        made.append(taught)
    return made


def absent_line(of: timetable.Session, student: Any) -> Attendance:
    """A line of a student who was not there."""
    return Attendance.objects.create(
        session=of, person_id=student.person_id, student=student, status="absent", source="live",
        marked_at=clock.now(), marked_by="Dr Khan",
    )  # fmt: skip


def policy(scope: str = "institution", **values: Any) -> Policy:
    """A version in force since long ago."""
    number = Policy.objects.filter(scope=scope).count() + 1
    defaults = {"effective_from": date(2020, 1, number), "status": "active", "number": number}
    return Policy.objects.create(scope=scope, **{**defaults, **values})


def correction(of: timetable.Session, student: Any) -> Correction:
    """A pending correction of an absent student of a session."""
    now = clock.now()
    Register.objects.get_or_create(session=of, defaults={"frozen_at": now})
    return Correction.objects.create(
        line=absent_line(of, student),
        wanted="present",
        reason="I was there.",
        requested_by_id=student.person_id,
        requested_at=now,
    )


def eligibility_list(student: Any, status: str = "draft", **values: Any) -> EligibilityList:
    """A list for the group of a student over February."""
    is_frozen = {} if status == "draft" else {"frozen_at": clock.now(), "frozen_by": "Alice"}
    return EligibilityList.objects.create(
        title="Final", first_day=date(2026, 2, 1), last_day=date(2026, 2, 28), status=status,
        audience=[[f"group:{student.group_id}"]], programs=[student.program_id], **is_frozen, **values,
    )  # fmt: skip


def condonation(student: Any) -> Condonation:
    """A condonation asked for, of a student just below the threshold of a frozen list."""
    line = EligibilityLine.objects.create(
        of_list=eligibility_list(student, "frozen"), person_id=student.person_id, student=student,
        policy="institution 1", present=14, late=0, absent=6, excused=0, unmarked=0, percentage=70, threshold=75,
        max_points=5, grants_per_period=1, eligible=False, code="below_threshold",
    )  # fmt: skip
    who = directory.person("Who asked")
    return Condonation.objects.create(
        line=line, shortfall=5, reason="Ill for two weeks.", requested_by=who, requested_at=clock.now()
    )


__all__ = ["Client", "academics", "directory", "run_jobs", "timetable"]
