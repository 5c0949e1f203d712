"""The smallest valid exams, for tests."""

from dataclasses import dataclass
from typing import Any

from maristan.academics.tests import factories as academics
from maristan.assessment.actions import schemes
from maristan.assessment.models import Exam
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.tests.client import Answer, Client

EXAMS = "/api/v1/assessment/exams/"
CLOCK = "2026-03-01T20:30:00+00:00"  # Monday 2 March 01:30 in Karachi
BEFORE, STARTS, AFTER = "2026-03-09T08:00:00+05:00", "2026-03-09T09:00:00+05:00", "2026-03-09T09:00:00+05:00"
LATER = "2026-03-10T10:00:00+05:00"


@dataclass
class College:
    """An institution with a section of a course, its teacher, its learners, and the people around exams."""

    batch: Any
    group: Any
    period: Any
    course: Any
    section: Any
    department: Any
    room: Any
    students: list[Any]
    khan: Client  # teaches the section
    khan_person: Any
    cora: Client  # coordinates the program
    eve: Client  # works in the exam cell
    otto: Client  # assists in the office
    sara: Client  # the first of the learners
    bilal: Client  # the second


def college(code: str = "fmu", learners: int = 3) -> College:
    """An institution in Asia/Karachi with so many learners in one section; the first two can sign in."""
    here = directory.institution(code)
    schemes.begin(by=platform(here.pk))
    program = academics.program()
    batch = academics.batch(program)
    group = academics.group(batch, "A")
    department = directory.department("Pathology")
    khan = directory.member("Dr Khan", "faculty", scope=("department", department.pk))
    period = academics.period(program)
    course = academics.course("PATH", program, department=department, name="Pathology")
    section = academics.section(course, academic_period=period, faculty=khan, name="A", capacity=5000)
    names = ["Sara", "Bilal", *(f"Learner {at:04}" for at in range(2, learners))][:learners]
    people = [directory.member(name, "student") if at < 2 else directory.person(name) for at, name in enumerate(names)]
    students = [academics.student(group, person=each, reg_no=f"P-{at:04}") for at, each in enumerate(people)]
    for each in students:
        academics.enrollment(each, section)
    return College(
        batch=batch, group=group, period=period, course=course, section=section, department=department,
        room=directory.room("Hall 1"), students=students, khan=Client(khan), khan_person=khan,
        cora=Client(directory.member("Cora", "coordinator", scope=("program", program.pk))),
        eve=Client(directory.member("Eve", "exam_cell")), otto=Client(directory.member("Otto", "office_assistant")),
        sara=Client(people[0]), bilal=Client(people[1]),
    )  # fmt: skip


def body(of: College, **values: Any) -> dict[str, Any]:
    """An exam of the section in a week, passed at half of the marks."""
    return {
        "title": "Pathology final", "section": of.section.pk, "scheduled_at": STARTS, "duration_minutes": 120,
        "audience": [[f"section:{of.section.pk}"]], "pass_total_percent": "50", **values,
    }  # fmt: skip


def draft(of: College, **values: Any) -> int:
    """A draft with Theory of 60 (pass 30, mandatory) and Viva of 40 (pass 20); gives its id."""
    answer = of.eve.post(EXAMS, body(of, **values))
    assert answer.status == 201, answer.json
    pk = int(answer.json["id"])
    for part in (
        {"name": "Theory", "max_marks": "60", "pass_marks": "30", "is_mandatory_to_pass": True},
        {"name": "Viva", "max_marks": "40", "pass_marks": "20"},
    ):
        made = of.eve.post(f"{EXAMS}{pk}/components/", part)
        assert made.status == 201, made.json
    return pk


def move(client: Client, pk: int, name: str, **values: Any) -> Answer:
    """One move of an exam."""
    return client.post(f"{EXAMS}{pk}/moves/{name}/", values)


def announced(of: College, **values: Any) -> int:
    """An announced exam; gives its id."""
    pk = draft(of, **values)
    answer = move(of.eve, pk, "announce")
    assert answer.status == 200, answer.json
    return pk


def exam(pk: int) -> Exam:
    """The row of an exam."""
    return Exam.objects.get(pk=pk)


def components(pk: int) -> list[int]:
    """The ids of the components of an exam in their order."""
    return list(exam(pk).components.values_list("pk", flat=True))


def marking(of: College, **values: Any) -> int:
    """An exam that has begun, Dr Khan teaching its section; gives its id. The clock stands at LATER."""
    pk = announced(of, **values)
    with clock.stopped_at(LATER):
        answer = move(of.eve, pk, "start_marking")
        assert answer.status == 200, answer.json
    return pk


def candidates(pk: int) -> list[int]:
    """The ids of the candidates of an exam in the order of their learners."""
    return list(exam(pk).candidates.order_by("student__reg_no").values_list("pk", flat=True))


def cell(candidate: int, component: int, value: Any, version: int | None = None) -> dict[str, Any]:
    """A cell: marks, `AB`, `EX`, or nothing."""
    state = {"AB": "absent", "EX": "exempt", None: None}.get(value if isinstance(value, str | None) else "", "marked")
    marks = value if state == "marked" else None
    return {"candidate": candidate, "component": component, "state": state, "marks": marks, "version": version}


def enter(client: Client, pk: int, *cells: dict[str, Any]) -> Answer:
    """Write cells of an exam."""
    return client.patch(f"{EXAMS}{pk}/marks/", {"entries": list(cells)})


def filled(of: College, pk: int, theory: Any = "45", viva: Any = "30") -> None:
    """Dr Khan enters the same for everybody."""
    parts = components(pk)
    cells = [
        cell(who, part, value) for who in candidates(pk) for part, value in zip(parts, (theory, viva), strict=True)
    ]
    answer = enter(of.khan, pk, *cells)
    assert answer.status == 200, answer.json


def move_all(client: Client, pk: int, name: str, **values: Any) -> Answer:
    """One move over the results of an exam."""
    return client.post(f"{EXAMS}{pk}/results/moves/{name}/", values)


def published(of: College, **values: Any) -> int:
    """An exam whose results are published: 45 of 60 and 30 of 40; gives its id."""
    pk = marking(of, **values)
    with clock.stopped_at(LATER):
        filled(of, pk)
        for name in ("verify", "publish"):
            answer = move_all(of.eve, pk, name)
            assert answer.status == 200, answer.json
    return pk
