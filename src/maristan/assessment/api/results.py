"""Routes of results: lists, revisions, moves, and the learner's own."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import result_moves as actions
from maristan.assessment.api.shapes import ReasonIn
from maristan.assessment.queries import results as queries
from maristan.assessment.rules.states import Outcome, Perm, ResultStatus
from maristan.kernel import clock
from maristan.kernel.answers import Shaped
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    MoveOut,
    Out,
    Page,
    Paging,
    PlainPaging,
    Routes,
    actor,
    any_case,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
PATH, MINE = "/results/", "/my/results/"
OF_EXAM = "/exams/{int:pk}/results/moves/"


class ResultOut(Shaped):
    """A result with the names that screens show."""

    id: int
    exam: int
    exam_title: str
    exam_scheduled_at: datetime
    person: int
    full_name: str
    reg_no: str
    course_code: str
    course_name: str
    academic_period_name: str
    revision: int
    is_current: bool
    total_obtained: Decimal
    total_max: Decimal
    percentage: Decimal | None
    letter: str
    point: Decimal | None
    final_outcome: str
    status: str
    verified_at: datetime | None
    published_at: datetime | None
    frozen_at: datetime | None
    version: int


class ResultCell(Shaped):
    """What stands in a cell of a result."""

    component: int
    name: str
    state: str
    marks: Decimal | None
    outcome: str
    version: int
    entered_at: datetime
    entered_by_name: str


class ResultPage(ResultOut):
    """A result with its cells, and what may be done with it now."""

    cells: list[ResultCell]
    moves: list[MoveOut]
    may_propose: bool


class ResultFilters(Paging):
    """Filters of the list."""

    exam: Id | None = None
    person: Id | None = None
    status: Annotated[ResultStatus, any_case] | None = None
    final_outcome: Annotated[Outcome, any_case] | None = None


class MoveAllIn(In):
    """All or what is possible, and why where a reason is needed."""

    mode: Annotated[Literal["all", "possible"], any_case] = "all"
    reason: Annotated[str, Field(max_length=1000)] | None = None


class RefusedResult(Out):
    """A result that did not move."""

    result: int
    reg_no: str
    missing: list[dict[str, Any]]


class MovedResults(Out):
    """How many results moved, and which did not."""

    moved: int
    refused: list[RefusedResult]


def _listed(request: HttpRequest, filters: ResultFilters) -> Any:
    wanted = {name: getattr(filters, name) for name in ("exam", "person", "status", "final_outcome")}
    found = queries.matching(queries.current(actor=actor(request)), filters.search)
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-exam_scheduled_at,full_name", queries.ORDERINGS)


def _columns() -> dict[str, Any]:
    names = (
        "exam_title", "course_code", "full_name", "total_obtained", "total_max", "percentage", "letter",
        "final_outcome", "status",
    )  # fmt: skip
    return {name: partial(_value, name) for name in names}


def _value(name: str, row: Any) -> Any:
    return getattr(row, name)


@routes.get(PATH, response=Page[ResultOut], **needs(Perm.RESULT_VIEW))
def list_results(request: HttpRequest, filters: Query[ResultFilters]) -> Any:
    """The present revisions that the reader may see."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(page["results"])}


@routes.get(f"{PATH}export/", response=None, **needs(Perm.RESULT_VIEW))
def export_results(request: HttpRequest, filters: Query[ResultFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(_listed(request, filters), wanted, name="results", columns=_columns())


@routes.get(MINE, response=Page[ResultOut], **needs(Perm.RESULT_VIEW))
def my_results(request: HttpRequest, paging: Query[PlainPaging]) -> Any:
    """One's own results, from publication on."""
    page = page_of(request, queries.mine(actor=actor(request)), paging)
    return {**page, "results": queries.shown(page["results"])}


@routes.get(f"{MINE}export/", response=None, **needs(Perm.RESULT_VIEW))
def export_my_results(request: HttpRequest, wanted: Query[ExportFormat]) -> Any:
    """One's own results as a file."""
    return export(queries.mine(actor=actor(request)), wanted, name="my_results", columns=_columns())


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = queries.page(pk, actor=actor(request), now=clock.now())
    versioned(response, found["version"])
    return found


@routes.get(PATH + "{int:pk}/", response=ResultPage, **needs(Perm.RESULT_VIEW))
def get_result(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One result with its cells."""
    return _page(request, pk, response)


@routes.get(PATH + "{int:pk}/revisions/", response=Page[ResultOut], **needs(Perm.RESULT_VIEW))
def list_revisions(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """Every revision of a result, for staff."""
    page = page_of(request, queries.revisions(pk, actor=actor(request)), paging)
    return {**page, "results": queries.shown(page["results"])}


@routes.get(PATH + "{int:pk}/revisions/export/", response=None, **needs(Perm.RESULT_VIEW))
def export_revisions(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The revisions as a file."""
    columns = {"revision": partial(_value, "revision"), **_columns()}
    return export(queries.revisions(pk, actor=actor(request)), wanted, name="revisions", columns=columns)


def _mount(name: str, permission: Perm) -> None:
    """The move of one result, and the same move over an exam."""

    @routes.post(
        PATH + f"{{int:pk}}/moves/{name}/", response=ResultPage, operation_id=f"{name}_result", **needs(permission)
    )
    def one(request: HttpRequest, pk: Id, body: ReasonIn, response: HttpResponse) -> Any:
        """Move one result."""
        actions.move(pk=pk, name=name, version=expected_version(request), reason=body.reason, by=actor(request))
        return _page(request, pk, response)

    @routes.post(OF_EXAM + f"{name}/", response=MovedResults, operation_id=f"{name}_results", **needs(permission))
    def many(request: HttpRequest, pk: Id, body: MoveAllIn) -> Any:
        """Move the results of an exam: all, or those that may."""
        return actions.move_all(
            exam_id=pk, name=name, possible=body.mode == "possible", reason=body.reason, by=actor(request)
        )


for _name, _permission in (
    ("verify", Perm.RESULT_VERIFY),
    ("return", Perm.RESULT_VERIFY),
    ("publish", Perm.RESULT_PUBLISH),
    ("freeze", Perm.RESULT_FREEZE),
):
    _mount(_name, _permission)
