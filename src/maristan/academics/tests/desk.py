"""A request desk with people around it, for tests."""

from typing import Any

from maristan.academics.models import Request, RequestType
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

TYPES, REQUESTS = "/api/v1/academics/request-types/", "/api/v1/academics/requests/"
UPLOADS = f"{REQUESTS}attachments/"
SECRET = "His fees are a scandal."
MORNING = "2026-03-01T08:00:00+00:00"


class Desk:
    """Sara studies medicine and Omar dentistry; Ruth is the registrar, Ed the exam cell, Cora keeps medicine."""

    def __init__(self, code: str = "fmu") -> None:
        directory.institution(code)
        self.group = make.group(make.batch(make.program("Medicine")))
        self.student = make.student_with_account("Sara", self.group)
        self.other = make.student_with_account("Omar")
        self.sara, self.omar = Client(self.student.person), Client(self.other.person)
        self.ruths, self.eds = directory.member("Ruth", "registrar"), directory.member("Ed", "exam_cell")
        self.coras = directory.member("Cora", "coordinator", scope=("program", self.group.batch.program_id))
        self.ruth, self.ed, self.cora = Client(self.ruths), Client(self.eds), Client(self.coras)
        self.letter = make.request_type("bonafide", name="Bonafide", handler_role="registrar")
        self.transcript = make.request_type("transcript", name="Transcript", handler_role="exam_cell")
        self.plan = make.request_type("plan", name="Study plan", handler_role="coordinator")

    def asked(self, kind: RequestType | None = None, **values: Any) -> Request:
        """Something Sara asked for."""
        given = {"student": self.student, **values}
        return make.request(self.student.person, type=kind or self.letter, **given)


def url(request: Any, rest: str = "") -> str:
    return f"{REQUESTS}{request.pk}/{rest}"


def move(client: Client, request: Any, name: str, **body: Any) -> Answer:
    return client.post(url(request, f"moves/{name}/"), body)


def ids(answer: Answer) -> list[int]:
    return [each["id"] for each in answer.json["results"]]


def lines(kind: str) -> int:
    return JournalLine.objects.filter(kind=kind).count()


def upload(client: Client, name: str = "cnic.pdf", content: bytes = PDF) -> int:
    answer = client.upload(UPLOADS, name, content)
    assert answer.status == 201, answer.json
    return int(answer.json[0]["id"])
