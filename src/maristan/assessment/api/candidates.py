"""Routes of the candidates of an exam."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import candidates as actions
from maristan.assessment.api.shapes import ReasonIn
from maristan.assessment.queries import candidates as queries
from maristan.assessment.rules.states import Admission, Perm
from maristan.kernel.answers import Shaped
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
)

routes = Routes()
PATH = "/exams/{int:pk}/candidates/"


class CandidateOut(Shaped):
    """A learner who is to sit an exam."""

    id: int
    person: int
    student: int | None
    full_name: str
    reg_no: str
    seat_no: str
    admission: str
    code: str
    version: int


class CandidatesIn(In):
    """Whom to enter."""

    persons: Annotated[list[Id], Field(min_length=1, max_length=2000)]


class SeatPatch(In):
    """A seat, or none."""

    seat_no: Annotated[str, Field(max_length=20)] | None


class Entered(Out):
    """How many were entered."""

    entered: int


class CandidateFilters(Paging):
    """Filters of the list."""

    admission: Annotated[Admission, any_case] | None = None


def _listed(request: HttpRequest, pk: int, filters: CandidateFilters) -> Any:
    found = queries.matching(queries.of_exam(pk, actor=actor(request)), filters.search)
    if filters.admission:
        found = found.filter(admission=filters.admission)
    return ordered(found, filters.ordering or "reg_no", queries.ORDERINGS)


@routes.get(PATH, response=Page[CandidateOut], **needs(Perm.EXAM_VIEW))
def list_candidates(request: HttpRequest, pk: Id, filters: Query[CandidateFilters]) -> Any:
    """The candidates of an exam; a candidate sees the own line."""
    page = page_of(request, _listed(request, pk, filters), filters)
    return {**page, "results": queries.shown(page["results"])}


@routes.get(f"{PATH}export/", response=None, **needs(Perm.EXAM_VIEW))
def export_candidates(
    request: HttpRequest, pk: Id, filters: Query[CandidateFilters], wanted: Query[ExportFormat]
) -> Any:
    """The list as a file."""
    columns = {
        "reg_no": lambda row: row.reg_no or "",
        "full_name": lambda row: row.full_name,
        "seat_no": lambda row: row.seat_no or "",
        "admission": lambda row: row.admission,
        "code": lambda row: row.code,
    }
    return export(_listed(request, pk, filters), wanted, name="candidates", columns=columns)


@routes.post(PATH, response=Entered, **needs(Perm.EXAM_EDIT))
def enter_candidates(request: HttpRequest, pk: Id, body: CandidatesIn) -> Any:
    """Enter learners by name."""
    return {"entered": len(actions.enter(exam_id=pk, persons=body.persons, by=actor(request)))}


@routes.post(f"{PATH}gather/", response=Entered, **needs(Perm.EXAM_EDIT))
def gather_candidates(request: HttpRequest, pk: Id) -> Any:
    """Enter whoever joined the exam's audience."""
    return {"entered": len(actions.gather(exam_id=pk, by=actor(request)))}


@routes.patch(PATH + "{int:candidate}/", response=CandidateOut, **needs(Perm.EXAM_EDIT))
def seat_candidate(request: HttpRequest, pk: Id, candidate: Id, body: SeatPatch) -> Any:
    """Give a candidate a seat."""
    actions.seat(
        pk=candidate, exam_id=pk, version=expected_version(request), seat_no=body.seat_no, by=actor(request)
    )  # fmt: skip
    return queries.one(pk, candidate, actor=actor(request))


@routes.delete(PATH + "{int:candidate}/", response={204: None}, **needs(Perm.EXAM_EDIT))
def remove_candidate(request: HttpRequest, pk: Id, candidate: Id) -> Any:
    """Take a candidate off a draft."""
    actions.remove(pk=candidate, exam_id=pk, by=actor(request))
    return no_content()


@routes.post(PATH + "{int:candidate}/moves/withdraw/", response=CandidateOut, **needs(Perm.EXAM_EDIT))
def withdraw_candidate(request: HttpRequest, pk: Id, candidate: Id, body: ReasonIn) -> Any:
    """Withdraw a candidate with a reason."""
    actions.withdraw(pk=candidate, exam_id=pk, reason=body.reason, by=actor(request))
    return queries.one(pk, candidate, actor=actor(request))


@routes.post(PATH + "{int:candidate}/moves/restore/", response=CandidateOut, **needs(Perm.EXAM_EDIT))
def restore_candidate(request: HttpRequest, pk: Id, candidate: Id, body: ReasonIn) -> Any:
    """Enter a withdrawn candidate again."""
    actions.restore(pk=candidate, exam_id=pk, reason=body.reason, by=actor(request))
    return queries.one(pk, candidate, actor=actor(request))
