"""Routes of the tree of academic periods."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import periods as actions
from maristan.academics.api.shapes import (
    Kind,
    Level,
    PeriodState,
    Position,
    StudentState,
    VersionedMoveIn,
    WithMoves,
    narrowed,
    with_moves,
)
from maristan.academics.api.students import COLUMNS, StudentOut
from maristan.academics.queries import structure as queries
from maristan.academics.queries import students
from maristan.academics.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
)

routes = Routes()
PeriodName = Annotated[str, Field(min_length=1, max_length=120)]
Days = Annotated[int, Field(ge=0, le=5000)]
Length = Annotated[int, Field(ge=1, le=5000)]


class PeriodOut(Out):
    """One node of the tree; without batch and dates it is a template."""

    id: int
    program: int = Field(alias="program_id")
    program_name: str = Field(alias="program.name")
    batch: int | None = Field(alias="batch_id")
    batch_name: str | None = None
    parent: int | None = Field(alias="parent_id")
    parent_name: str | None = None
    kind: str
    name: str
    position: int
    level_no: int | None
    start_date: date | None
    end_date: date | None
    offset_days: int | None
    length_days: int | None
    status: str
    is_enrollment_open: bool
    is_template: bool
    template: int | None = Field(alias="template_id")
    track: int | None = Field(alias="track_id")
    track_name: str | None = None
    primary_department: int | None = Field(alias="primary_department_id")
    primary_department_name: str | None = None
    sub_department: int | None = Field(alias="sub_department_id")
    sub_department_name: str | None = None
    version: int
    created_at: datetime
    updated_at: datetime
    children: "list[PeriodOut] | None" = Field(None, alias="below")

    @staticmethod
    def resolve_is_template(row: Any) -> bool:
        """Neither batch nor dates."""
        return row.batch_id is None and row.start_date is None

    @staticmethod
    def resolve_batch_name(row: Any) -> str | None:
        """None for a node shared by all batches."""
        return row.batch.name if row.batch_id else None

    @staticmethod
    def resolve_parent_name(row: Any) -> str | None:
        """None for a root."""
        return row.parent.name if row.parent_id else None

    @staticmethod
    def resolve_track_name(row: Any) -> str | None:
        """None for what stands on no track."""
        return row.track.name if row.track_id else None

    @staticmethod
    def resolve_primary_department_name(row: Any) -> str | None:
        """Of rotations."""
        return row.primary_department.name if row.primary_department_id else None

    @staticmethod
    def resolve_sub_department_name(row: Any) -> str | None:
        """Of rotations."""
        return row.sub_department.name if row.sub_department_id else None


class PeriodDetail(PeriodOut, WithMoves):
    """One node with its moves."""


class PeriodIn(In):
    """A new node; without a position it is the last among its siblings."""

    program: Id
    batch: Id | None = None
    parent: Id | None = None
    kind: Kind
    name: PeriodName
    position: Position | None = None
    level_no: Level | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    offset_days: Days | None = None
    length_days: Length | None = None
    track: Id | None = None
    primary_department: Id | None = None
    sub_department: Id | None = None


class PeriodPatch(In):
    """The fields to change; a node keeps its program, batch and kind."""

    parent: Id | None = None
    name: PeriodName = ""
    position: Position = 1
    level_no: Level | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    offset_days: Days | None = None
    length_days: Length | None = None
    track: Id | None = None
    primary_department: Id | None = None
    sub_department: Id | None = None
    is_enrollment_open: bool = False


class PeriodFilters(Paging):
    """Filters of the list; `tree` gives roots with those below them instead of a page."""

    tree: bool = False
    program: Id | None = None
    batch: Id | None = None
    parent: Id | None = None
    track: Id | None = None
    status: PeriodState | None = None
    kind: Kind | None = None
    is_template: bool | None = None
    is_enrollment_open: bool | None = None


class PeriodStudentFilters(Paging):
    """Filters of the students of a period."""

    status: StudentState | None = None


def _periods(request: HttpRequest, filters: PeriodFilters) -> Any:
    found = narrowed(
        queries.periods(actor=actor(request)), filters, program="program_id", batch="batch_id", parent="parent_id",
        track="track_id", status="status", kind="kind", is_enrollment_open="is_enrollment_open",
    )  # fmt: skip
    if filters.is_template is not None:
        found = queries.templates(found, filters.is_template)
    found = queries.matching(found, filters.search, "name")
    allowed = ("position", "name", "start_date", "end_date", "status", "kind", "program", "batch", "id")
    return ordered(found, filters.ordering or "program,batch,position", allowed)


@routes.get("/academic-periods/", response=Page[PeriodOut], **needs(Perm.PERIOD_VIEW))
def list_periods(request: HttpRequest, filters: Query[PeriodFilters]) -> Any:
    """Nodes of the period trees."""
    found = _periods(request, filters)
    return rows.tree(found) if filters.tree else page_of(request, found, filters)


@routes.get("/academic-periods/export/", response=None, **needs(Perm.PERIOD_VIEW))
def export_periods(request: HttpRequest, filters: Query[PeriodFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "program": lambda row: row.program.name,
        "batch": lambda row: row.batch.name if row.batch_id else None,
        "parent": lambda row: row.parent.name if row.parent_id else None,
        "kind": lambda row: row.kind,
        "name": lambda row: row.name,
        "start_date": lambda row: row.start_date,
        "end_date": lambda row: row.end_date,
        "status": lambda row: row.status,
    }
    return export(_periods(request, filters), wanted, name="academic_periods", columns=columns)


@routes.post("/academic-periods/", response={201: PeriodDetail}, **needs(Perm.PERIOD_MANAGE))
def create_period(request: HttpRequest, body: PeriodIn, response: HttpResponse) -> Any:
    """Enter a node of the tree."""
    made = actions.create(values=body.dict(), by=actor(request))
    return created(with_moves(made, queries.period_moves(made, actor=actor(request)), response))


@routes.get("/academic-periods/default/", response=PeriodDetail, **needs(Perm.PERIOD_VIEW))
def get_default_period(request: HttpRequest, response: HttpResponse) -> Any:
    """The period that screens and generation preselect."""
    found = queries.default_period(actor=actor(request))
    return with_moves(found, queries.period_moves(found, actor=actor(request)), response)


@routes.get("/academic-periods/{int:pk}/", response=PeriodDetail, **needs(Perm.PERIOD_VIEW))
def get_period(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One node with its moves."""
    found = rows.one(queries.periods(actor=actor(request)), pk)
    return with_moves(found, queries.period_moves(found, actor=actor(request)), response)


@routes.patch("/academic-periods/{int:pk}/", response=PeriodDetail, **needs(Perm.PERIOD_MANAGE))
def update_period(request: HttpRequest, pk: Id, body: PeriodPatch, response: HttpResponse) -> Any:
    """Change a node."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    return with_moves(found, queries.period_moves(found, actor=actor(request)), response)


@routes.delete("/academic-periods/{int:pk}/", response={204: None}, **needs(Perm.PERIOD_MANAGE))
def delete_period(request: HttpRequest, pk: Id) -> Any:
    """Delete a node that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


@routes.post("/academic-periods/{int:pk}/moves/{name}/", response=PeriodDetail, **needs(Perm.PERIOD_OPEN))
def move_period(request: HttpRequest, pk: Id, name: str, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Open or close a period."""
    version = expected_version(request, body.version)
    found = actions.move(pk=pk, name=name, version=version, reason=body.reason, by=actor(request))
    return with_moves(found, queries.period_moves(found, actor=actor(request)), response)


@routes.get("/academic-periods/{int:pk}/students/", response=Page[StudentOut], **needs(Perm.STUDENT_VIEW))
def list_period_students(request: HttpRequest, pk: Id, filters: Query[PeriodStudentFilters]) -> Any:
    """Students whom the period is for: those of its batch, else of its program and year of study."""
    return page_of(request, _period_students(request, pk, filters), filters)


@routes.get("/academic-periods/{int:pk}/students/export/", response=None, **needs(Perm.STUDENT_VIEW))
def export_period_students(
    request: HttpRequest, pk: Id, filters: Query[PeriodStudentFilters], wanted: Query[ExportFormat]
) -> Any:
    """The students of a period as a file."""
    return export(_period_students(request, pk, filters), wanted, name="students", columns=COLUMNS)


def _period_students(request: HttpRequest, pk: int, filters: PeriodStudentFilters) -> Any:
    period = rows.one(queries.periods(actor=actor(request)), pk)
    found = narrowed(students.of_period(period, actor=actor(request)), filters, status="status")
    found = students.matching(found, filters.search)
    return ordered(found, filters.ordering or "reg_no", students.ORDERINGS)
