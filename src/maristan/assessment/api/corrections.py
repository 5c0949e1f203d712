"""Routes of corrections of results."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import corrections as actions
from maristan.assessment.queries import corrections as queries
from maristan.assessment.rules.states import CorrectionStatus, EntryState, Perm
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    MoveIn,
    MoveOut,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
PATH = "/corrections/"


class CorrectedCell(Out):
    """What stands in a cell, or shall stand there."""

    state: str
    marks: Decimal | None


class CorrectedEntry(Out):
    """A component that a correction changes."""

    component: int
    name: str
    before: CorrectedCell
    after: CorrectedCell


class ResultCorrectionOut(Out):
    """A correction of a result with what it changes and what may be done with it now."""

    id: int
    result: int
    revision: int
    exam: int
    exam_title: str
    course_code: str
    person: int
    full_name: str
    reg_no: str
    entries: list[CorrectedEntry]
    reason: str
    status: str
    created_at: datetime
    requested_by_name: str
    decided_at: datetime | None
    decided_by_name: str | None
    answer: str
    version: int
    moves: list[MoveOut]


class CorrectedCellIn(In):
    """What a component shall say; marks where it is marked."""

    component: Id
    state: Annotated[EntryState, any_case] = EntryState.MARKED
    marks: Any = None


class ResultCorrectionIn(In):
    """Which result, what it shall say, and why."""

    result: Id
    entries: Annotated[list[CorrectedCellIn], Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(min_length=10, max_length=1000)]


class ResultCorrectionFilters(Paging):
    """Filters of the list."""

    status: Annotated[CorrectionStatus, any_case] | None = None
    exam: Id | None = None
    result: Id | None = None


def _listed(request: HttpRequest, filters: ResultCorrectionFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    wanted = {"status": filters.status, "result__exam_id": filters.exam, "result_id": filters.result}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-id", queries.ORDERINGS)


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    versioned(response, found.version)
    return queries.shown([found], actor=actor(request), now=clock.now())[0]


@routes.get(PATH, response=Page[ResultCorrectionOut], **needs(Perm.RESULT_VIEW_DECIDED))
def list_result_corrections(request: HttpRequest, filters: Query[ResultCorrectionFilters]) -> Any:
    """Corrections of results, the latest first."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(page["results"], actor=actor(request), now=clock.now())}


@routes.get(f"{PATH}export/", response=None, **needs(Perm.RESULT_VIEW_DECIDED))
def export_result_corrections(
    request: HttpRequest, filters: Query[ResultCorrectionFilters], wanted: Query[ExportFormat]
) -> Any:
    """The list as a file."""
    names = ("exam_title", "course_code", "full_name", "revision", "reason", "status", "requested_by_name",
             "created_at", "decided_by_name", "decided_at", "answer")  # fmt: skip
    columns: dict[str, Any] = {name: lambda row, name=name: getattr(row, name) for name in names}
    return export(_listed(request, filters), wanted, name="result_corrections", columns=columns)


@routes.post(PATH, response={201: ResultCorrectionOut}, **needs(Perm.RESULT_PROPOSE))
def propose_result_correction(request: HttpRequest, body: ResultCorrectionIn, response: HttpResponse) -> Any:
    """Propose to correct a published result."""
    cells = [actions.Proposed(each.component, each.state, each.marks) for each in body.entries]
    made = actions.propose(result=body.result, cells=cells, reason=body.reason, by=actor(request))
    return created(_page(request, made.pk, response))


@routes.get(PATH + "{int:pk}/", response=ResultCorrectionOut, **needs(Perm.RESULT_VIEW_DECIDED))
def get_result_correction(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One correction."""
    return _page(request, pk, response)


@routes.post(PATH + "{int:pk}/moves/{name}/", response=ResultCorrectionOut, **needs(Perm.RESULT_VIEW_DECIDED))
def move_result_correction(request: HttpRequest, pk: Id, name: str, body: MoveIn, response: HttpResponse) -> Any:
    """Approve, reject or withdraw a correction."""
    actions.move(pk=pk, name=name, reason=body.reason, version=expected_version(request), by=actor(request))
    return _page(request, pk, response)
