"""Messages that follow from leave, imports, placements and enrolments; and what waits because of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maristan.academics.actions import enrollments, students
from maristan.academics.tests import factories as academics
from maristan.directory.actions import leaves
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/api/v1/comms/notifications/"
INBOX = "/api/v1/work/inbox-items/"
IMPORTS = "/api/v1/directory/faculty/imports/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at("2026-03-01T20:30:00+00:00"):
        yield


def told(who: Any) -> list[dict[str, Any]]:
    """What a person was told, oldest first, once all jobs have run."""
    run_jobs()
    return list(reversed(Client(who).get(NOTIFICATIONS).json["results"]))


def titles(who: Any) -> list[str]:
    return [each["title"] for each in told(who)]


def waiting(who: Any) -> list[str]:
    run_jobs()
    return [each["title"] for each in Client(who).get(INBOX).json["results"]]


def ask(who: Any, first: str = "2026-03-09", last: str | None = "2026-03-10", **values: Any) -> Any:
    given = {"kind": "annual", "start_date": date.fromisoformat(first), "reason": "Wedding", **values}
    return leaves.request(values={**given, "end_date": date.fromisoformat(last) if last else None}, by=make.actor(who))


class Ward:
    """A department with its head, a teacher, and heads of elsewhere."""

    def __init__(self) -> None:
        make.institution()
        self.department = make.department("Pathology")
        self.bob = make.member("Bob", "department_head", scope=("department", self.department.pk))
        self.khan = make.member("Dr Khan", "faculty", scope=("department", self.department.pk))
        other = make.department("Surgery")
        self.dina = make.member("Dina", "department_head", scope=("department", other.pk))
        self.rida = make.member("Rida", "registrar")


def test_asked_leave_is_told_to_those_who_decide_and_waits_for_them() -> None:
    ward = Ward()
    ask(ward.khan)
    said = "Dr Khan asks for leave from 9 March to 10 March"
    (message,) = told(ward.bob)
    assert (message["event"], message["title"], message["body"]) == ("leave.requested", said, "Wedding")
    assert titles(ward.rida) == [said]
    assert (told(ward.dina), told(ward.khan)) == ([], [])
    assert (waiting(ward.bob), waiting(ward.dina), waiting(ward.khan)) == ([said], [], [])


@pytest.mark.parametrize(
    ("move", "reason", "body"), [("approve", None, "By Bob."), ("reject", "Exams", "By Bob. Reason: Exams")]
)
def test_decided_leave_is_told_to_who_asked_and_waits_no_longer(move: str, reason: str | None, body: str) -> None:
    ward = Ward()
    leave = ask(ward.khan, last="2026-03-09")
    assert len(waiting(ward.bob)) == 1
    leaves.move(pk=leave.pk, name=move, reason=reason, by=make.actor(ward.bob))
    (message,) = told(ward.khan)
    done = {"approve": "approved", "reject": "rejected"}[move]
    assert (message["title"], message["body"]) == (f"Leave of Dr Khan on 9 March was {done}", body)
    assert (waiting(ward.bob), waiting(ward.rida)) == ([], [])


def test_who_asks_for_leave_is_not_told_to_decide_it() -> None:
    ward = Ward()
    ask(ward.bob)
    ask(ward.rida, person=ward.khan.pk)
    assert (titles(ward.rida), titles(ward.bob)) == (
        ["Bob asks for leave from 9 March to 10 March"], ["Dr Khan asks for leave from 9 March to 10 March"],
    )  # fmt: skip


def test_leave_taken_back_waits_no_longer_whoever_took_it_back() -> None:
    ward = Ward()
    leave = ask(ward.khan, last=None)
    assert waiting(ward.bob) == ["Dr Khan asks for leave from 9 March"]
    leaves.move(pk=leave.pk, name="cancel", reason=None, by=make.actor(ward.khan))
    assert (waiting(ward.bob), titles(ward.khan)) == ([], [])


def test_leave_of_a_student_goes_to_the_coordinator_of_the_program() -> None:
    make.institution()
    group = academics.group()
    alice = make.member("Alice", "coordinator", scope=("program", group.batch.program_id))
    carl = make.member("Carl", "coordinator", scope=("program", group.batch.program_id + 999))
    sara = academics.student_with_account("Sara", group)
    ask(sara.person, kind="medical")
    assert (len(titles(alice)), len(waiting(alice))) == (1, 1)
    assert (titles(carl), waiting(carl)) == ([], [])


def committed(who: Any, content: str) -> dict[str, Any]:
    """An imported file of teachers."""
    client = Client(who)
    run = client.upload(IMPORTS, "faculty.csv", content.encode())
    assert run.status == 201, run.json
    run_jobs()
    done = client.post(f"{IMPORTS}{run.json['id']}/commit/", {"confirm": True, "partial": True})
    assert done.status == 200, done.json
    run_jobs()
    return dict(client.get(f"{IMPORTS}{run.json['id']}/").json)


def test_a_finished_import_is_told_to_who_imported_and_failed_rows_wait_for_them() -> None:
    make.institution()
    make.department("Pathology")
    anna, rida = make.member("Anna", "admin"), make.member("Rida", "registrar")
    head = "name,department_name,email\n"
    run = committed(anna, head + "Dr Khan,Pathology,khan@example.org\nDr Noor,Nowhere,noor@example.org\n")
    (message,) = told(anna)
    assert (message["event"], message["title"], message["body"]) == (
        "import.committed", "Import of teachers finished", "Created: 1. With faults: 1.",
    )  # fmt: skip
    assert (message["params"]["run"], message["params"]["error"]) == (run["id"], 1)
    assert waiting(anna) == ["1 row of an import of teachers failed"]
    assert (told(rida), waiting(rida)) == ([], [])
    committed(rida, head + "Dr Aziz,Pathology,aziz@example.org\n")
    assert waiting(anna) == ["1 row of an import of teachers failed"]
    committed(anna, head + "Dr Noor,Pathology,noor@example.org\n")
    assert waiting(anna) == []
    assert told(anna)[-1]["body"] == "Created: 1."


def test_a_student_placed_elsewhere_is_told_where() -> None:
    make.institution()
    group = academics.group(name="A")
    other = academics.group(group.batch, "B")
    sara = academics.student_with_account("Sara", group)
    rida = make.member("Rida", "registrar")
    values = {"batch": other.batch_id, "group": other.pk, "reason": "Balanced groups"}
    students.place(pk=sara.pk, version=None, values=values, by=make.actor(rida))
    (message,) = told(sara.person)
    assert (message["event"], message["title"]) == (
        "student.placed", f"You are now in {group.batch.name}, group B",
    )  # fmt: skip
    assert message["body"] == "Reason: Balanced groups"
    assert told(rida) == []


def test_a_student_enrolled_by_staff_is_told_and_one_who_enrols_oneself_is_not() -> None:
    make.institution()
    sara, omar = academics.student_with_account("Sara"), academics.student_with_account("Omar")
    course = academics.course(name="Pathology")
    section = academics.section(course, name="S1", self_enrollment=True)
    rida = make.member("Rida", "registrar")
    enrollments.enroll(student=sara.pk, section=section.pk, by=make.actor(rida))
    enrollments.enroll(student=omar.pk, section=section.pk, by=make.actor(omar.person))
    (message,) = told(sara.person)
    assert (message["event"], message["title"], message["body"]) == (
        "enrolment.created", "You were enrolled in Pathology, section S1", "By Rida.",
    )  # fmt: skip
    assert told(omar.person) == []


def test_another_institution_hears_and_sees_nothing() -> None:
    make.institution("other")
    zara = make.member("Zara", "admin")
    ward = Ward()
    ask(ward.khan)
    assert len(told(ward.bob)) == 1
    assert (told(zara), waiting(zara)) == ([], [])
