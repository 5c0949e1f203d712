"""Routes of exams."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import exam_moves
from maristan.assessment.actions import exams as actions
from maristan.assessment.api.shapes import NotNegative, Percent, ReasonIn
from maristan.assessment.queries import exams as queries
from maristan.assessment.rules.states import ExamStatus, ExamType, PassingMode, Perm
from maristan.kernel import clock
from maristan.kernel.answers import Shaped
from maristan.kernel.api import (
    Audience,
    Day,
    ExportFormat,
    Id,
    In,
    Instant,
    Missing,
    MoveOut,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
PATH = "/exams/"
UNSET = datetime(1, 1, 1, tzinfo=UTC)  # a default that is never read: only what was sent is
Title = Annotated[str, Field(min_length=1, max_length=200)]
Type = Annotated[ExamType, any_case]
Mode = Annotated[PassingMode, any_case]
Minutes = Annotated[int, Field(ge=1, le=10_080)]


class ExamOut(Shaped):
    """An exam with the names that screens show; `funnel` counts its results by status."""

    id: int
    title: str
    exam_type: str
    scheduled_at: datetime
    ends_at: datetime
    duration_minutes: int
    academic_period: int | None
    academic_period_name: str
    department: int | None
    department_name: str
    course: int | None
    course_code: str
    course_name: str
    section: int | None
    section_name: str
    place: int | None
    place_name: str
    passing_mode: str
    pass_total_marks: Decimal | None
    pass_total_percent: Decimal | None
    fail_if_any_component_fail: bool
    requires_eligibility: bool
    grade_scheme: int | None
    grade_scheme_name: str
    status: str
    publish_at: datetime | None
    publish_by_name: str
    show_statistics: bool
    cancel_reason: str
    candidate_count: int
    funnel: dict[str, int]
    version: int
    created_at: datetime
    updated_at: datetime


class ExamPage(ExamOut):
    """An exam with what may be done with it now."""

    audience: list[list[str]]
    moves: list[MoveOut]
    may_edit: bool
    may_set_rules: bool
    may_amend: bool


class ExamMoved(ExamPage):
    """An exam after a move, and the warnings that came with it."""

    warnings: list[Missing]


class ExamIn(In):
    """An exam to be drafted."""

    title: Title
    exam_type: Type = ExamType.THEORY
    scheduled_at: Instant
    duration_minutes: Minutes
    academic_period: Id | None = None
    department: Id | None = None
    course: Id | None = None
    section: Id | None = None
    place: Id | None = None
    passing_mode: Mode = PassingMode.TOTAL_ONLY
    pass_total_marks: NotNegative | None = None
    pass_total_percent: Percent | None = None
    fail_if_any_component_fail: bool = False
    requires_eligibility: bool = False
    grade_scheme: Id | None = None
    audience: Audience = []
    show_statistics: bool = False


class ExamPatch(In):
    """The fields to change; an amendment while the exam is marked gives a reason."""

    title: Title = ""
    exam_type: Type = ExamType.THEORY
    scheduled_at: Instant = UNSET
    duration_minutes: Minutes = 1
    academic_period: Id | None = None
    department: Id | None = None
    course: Id | None = None
    section: Id | None = None
    place: Id | None = None
    passing_mode: Mode = PassingMode.TOTAL_ONLY
    pass_total_marks: NotNegative | None = None
    pass_total_percent: Percent | None = None
    fail_if_any_component_fail: bool = False
    requires_eligibility: bool = False
    grade_scheme: Id | None = None
    audience: Audience = []
    publish_at: Instant | None = None
    show_statistics: bool = False
    reason: Annotated[str, Field(max_length=1000)] | None = None


class ExamFilters(Paging):
    """Filters of the list; dates are local days."""

    status: Annotated[ExamStatus, any_case] | None = None
    exam_type: Type | None = None
    academic_period: Id | None = None
    department: Id | None = None
    course: Id | None = None
    section: Id | None = None
    place: Id | None = None
    start_date: Day | None = None
    end_date: Day | None = None


SAME = ("status", "exam_type", "academic_period", "department", "course", "section", "place")


def _listed(request: HttpRequest, filters: ExamFilters) -> Any:
    wanted = {name: getattr(filters, name) for name in SAME}
    found = queries.visible_to(actor=actor(request))
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    found = queries.between(queries.matching(found, filters.search), filters.start_date, filters.end_date)
    return ordered(queries.with_names(found), filters.ordering or "-scheduled_at", queries.ORDERINGS)


@routes.get(PATH, response=Page[ExamOut], **needs(Perm.EXAM_VIEW))
def list_exams(request: HttpRequest, filters: Query[ExamFilters]) -> Any:
    """Exams that the reader may see."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": [queries.shown(row) for row in page["results"]]}


def _column(name: str, row: Any) -> Any:
    return queries.shown(row)[name]


@routes.get(f"{PATH}export/", response=None, **needs(Perm.EXAM_VIEW))
def export_exams(request: HttpRequest, filters: Query[ExamFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = (
        "title", "exam_type", "scheduled_at", "duration_minutes", "academic_period_name", "department_name",
        "course_code", "course_name", "section_name", "place_name", "status", "candidate_count",
    )  # fmt: skip
    return export(
        _listed(request, filters), wanted, name="exams", columns={name: partial(_column, name) for name in names}
    )


@routes.post(PATH, response={201: ExamPage}, **needs(Perm.EXAM_EDIT))
def create_exam(request: HttpRequest, body: ExamIn, response: HttpResponse) -> Any:
    """Draft an exam."""
    return created(_page(request, actions.create(values=body.dict(), by=actor(request)).pk, response))


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = queries.page(pk, actor=actor(request), now=clock.now())
    versioned(response, found["version"])
    return found


@routes.get(PATH + "{int:pk}/", response=ExamPage, **needs(Perm.EXAM_VIEW))
def get_exam(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One exam."""
    return _page(request, pk, response)


@routes.patch(PATH + "{int:pk}/", response=ExamPage, **needs(Perm.EXAM_EDIT))
def update_exam(request: HttpRequest, pk: Id, body: ExamPatch, response: HttpResponse) -> Any:
    """Change an exam."""
    values = body.dict(exclude_unset=True)
    reason = values.pop("reason", None)
    actions.update(pk=pk, version=expected_version(request), values=values, reason=reason, by=actor(request))
    return _page(request, pk, response)


@routes.delete(PATH + "{int:pk}/", response={204: None}, **needs(Perm.EXAM_EDIT))
def delete_exam(request: HttpRequest, pk: Id) -> Any:
    """Delete the draft of an exam."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


ExamMove = Literal["announce", "revise", "start_marking", "complete", "cancel"]


@routes.post(PATH + "{int:pk}/moves/{name}/", response=ExamMoved, **needs(Perm.EXAM_ANNOUNCE))
def move_exam(request: HttpRequest, pk: Id, name: ExamMove, body: ReasonIn, response: HttpResponse) -> Any:
    """One move of an exam."""
    _, warnings = exam_moves.move(
        pk=pk, name=name, version=expected_version(request), reason=body.reason, by=actor(request)
    )
    return {**_page(request, pk, response), "warnings": [each.as_dict() for each in warnings]}
