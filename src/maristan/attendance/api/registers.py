"""Routes of the register of one session."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from maristan.attendance.actions import marks, registers, rosters, visitors
from maristan.attendance.api.shapes import CountsOut, RegisterMoved, RegisterOut
from maristan.attendance.queries import printed
from maristan.attendance.queries import registers as queries
from maristan.attendance.rules.marking import Named
from maristan.attendance.rules.states import Perm
from maristan.kernel import clock
from maristan.kernel.api import (
    Id,
    In,
    Instant,
    MoveIn,
    Out,
    Routes,
    actor,
    expected_version,
    file_response,
    needs,
    versioned,
)

routes = Routes()
AT_MOST = 2000


class MarkIn(In):
    """One mark; the line, the registration number or the student names whose it is."""

    line: Id | None = None
    reg_no: Annotated[str, Field(max_length=80)] = ""
    student_id: Id | None = None
    status: Annotated[str, Field(max_length=40)]
    check_in_at: Instant | None = None
    remarks: Annotated[str, Field(max_length=300)] | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    def asked(self) -> marks.MarkAsked:
        """As the action takes it."""
        named = Named(self.line, self.reg_no, self.student_id)
        return marks.MarkAsked(named, self.status, self.check_in_at, self.remarks, self.version)


class MarksIn(In):
    """Marks, and one for everybody expected who is left unmarked."""

    marks: Annotated[list[MarkIn], Field(max_length=AT_MOST)] = []
    rest: Annotated[str, Field(max_length=40)] | None = None
    reason: str | None = None


class Marked(Out):
    """What marking did."""

    changed: int
    unchanged: int
    counts: CountsOut


class SomebodyIn(In):
    """Who is added, by registration number or as a person."""

    reg_no: Annotated[str, Field(max_length=80)] = ""
    person: Id | None = None

    def asked(self) -> visitors.Somebody:
        """As the action takes it."""
        return visitors.Somebody(self.reg_no, self.person)


class RosterIn(In):
    """People to add, expected or as visitors, and lines to expect no more."""

    add: Annotated[list[SomebodyIn], Field(max_length=AT_MOST)] = []
    remove: Annotated[list[Id], Field(max_length=AT_MOST)] = []
    expected: bool = True
    reason: str | None = None


def _page(request: HttpRequest, session: int, response: HttpResponse) -> Any:
    found = queries.page(session, actor=actor(request), now=clock.now())
    versioned(response, found["version"])
    return found


@routes.get("/sessions/{int:pk}/register/", response=RegisterOut, **needs(Perm.VIEW))
def get_register(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """Who is expected in a session and how each is marked; whoever reads first fixes the roster."""
    rosters.ensure(session=pk, by=actor(request))
    return _page(request, pk, response)


@routes.get("/sessions/{int:pk}/sheet.pdf", response=None, **needs(Perm.VIEW))
def get_sheet(request: HttpRequest, pk: Id) -> HttpResponse:
    """The register on paper, to be marked and signed; whoever prints first fixes the roster."""
    rosters.ensure(session=pk, by=actor(request))
    made = printed.sheet(pk, actor=actor(request), now=clock.now())
    return file_response(made.content, made.content_type, made.filename, inline=True)


@routes.post("/sessions/{int:pk}/mark/", response=Marked, **needs(Perm.MARK))
def mark(request: HttpRequest, pk: Id, body: MarksIn) -> Any:
    """Mark people of a session, all of it or nothing."""
    asked = [each.asked() for each in body.marks]
    return marks.mark(session=pk, marks=asked, rest=body.rest, reason=body.reason, by=actor(request))


@routes.post("/sessions/{int:pk}/roster/", response=RegisterOut, **needs(Perm.MARK))
def change_roster(request: HttpRequest, pk: Id, body: RosterIn, response: HttpResponse) -> Any:
    """Add people to a register or expect them no more."""
    visitors.change(
        session=pk, add=[each.asked() for each in body.add], remove=body.remove, expected=body.expected,
        reason=body.reason, by=actor(request),
    )  # fmt: skip
    return _page(request, pk, response)


@routes.post("/sessions/{int:pk}/register/moves/{name}/", response=RegisterMoved, **needs(Perm.VIEW))
def move_register(request: HttpRequest, pk: Id, name: str, body: MoveIn, response: HttpResponse) -> Any:
    """Submit, reopen or unlock a register, or say that the session was not held."""
    warnings = registers.move(
        session=pk, name=name, reason=body.reason, version=expected_version(request), by=actor(request)
    )
    return {**_page(request, pk, response), "warnings": [each.as_dict() for each in warnings]}
