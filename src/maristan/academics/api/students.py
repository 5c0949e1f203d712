"""Routes of students."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import students as actions
from maristan.academics.api.shapes import (
    Gender,
    Level,
    Name,
    StudentState,
    VersionedMoveIn,
    WithMoves,
    Year,
    narrowed,
    with_moves,
)
from maristan.academics.queries import students as queries
from maristan.academics.rules.programs import batch_code
from maristan.academics.rules.states import Perm
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    PlainPaging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.kernel.timelines import LINE_COLUMNS, LineOut

routes = Routes()
aliases = Routes()
RegNo = Annotated[str, Field(min_length=1, max_length=32)]
NationalId = Annotated[str, Field(min_length=1, max_length=40)]
Contact = Annotated[str, Field(min_length=1, max_length=254)]


class StudentOut(Out):
    """One student; contacts and birth are null for a teacher, who sees name, photo and registration number."""

    id: int
    person: int = Field(alias="person_id")
    reg_no: str
    name: str = Field(alias="person_name")
    father_name: str | None = None
    email: str | None = None
    phone: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    photo: str | None = None
    has_account: bool | None = None
    program: int = Field(alias="program_id")
    program_name: str
    batch: int = Field(alias="batch_id")
    batch_name: str
    batch_year: int = Field(alias="graduation_year")
    batch_code: str
    group: int = Field(alias="group_id")
    group_name: str
    status: str
    current_year: int
    enrollment_year: int | None
    expected_graduation_year: int | None
    actual_graduation_year: int | None
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_batch_code(row: Any) -> str:
        """Such as `b31`."""
        return batch_code(row.graduation_year)

    @staticmethod
    def resolve_photo(row: Any) -> str | None:
        """Where the photo is fetched."""
        return f"/api/v1/directory/persons/{row.person_id}/photo/" if row.photo_id else None


class StudentDetail(StudentOut, WithMoves):
    """One student with the moves of the status."""


class StudentIn(In):
    """A new student: the person, and where they belong."""

    reg_no: RegNo
    name: Name
    batch: Id
    group: Id
    email: Contact | None = None
    phone: Contact | None = None
    date_of_birth: Day | None = None
    father_name: Annotated[str, Field(max_length=255)] = ""
    gender: Gender = "undisclosed"
    national_id: NationalId | None = None
    current_year: Level = 1
    enrollment_year: Year | None = None
    expected_graduation_year: Year | None = None


class StudentPatch(In):
    """The fields to change; batch, group and status have their own ways."""

    name: Name = ""
    email: Contact = ""
    phone: Contact = ""
    date_of_birth: Day | None = None
    father_name: Annotated[str, Field(max_length=255)] = ""
    gender: Gender = "undisclosed"
    national_id: NationalId | None = None
    current_year: Level = 1
    enrollment_year: Year | None = None
    expected_graduation_year: Year | None = None


class StudentFilters(Paging):
    """Filters of the list."""

    program: Id | None = None
    batch: Id | None = None
    group: Id | None = None
    status: StudentState | None = None
    current_year: Level | None = None
    section: Id | None = None
    has_account: bool | None = None
    import_run: Id | None = None
    without_placement: bool | None = None


class StudentMoveIn(VersionedMoveIn):
    """A move; `actual_graduation_year` belongs to graduating."""

    actual_graduation_year: Year | None = None


class PlacementIn(In):
    """Where the student belongs from a day on, by default today."""

    batch: Id
    group: Id
    from_date: Day | None = None
    reason: Annotated[str, Field(max_length=500)] = ""
    version: int | None = None


class PlacementOut(Out):
    """Where a student belonged from one date to another."""

    id: int
    program: int = Field(alias="batch.program_id")
    program_name: str = Field(alias="batch.program.name")
    batch: int = Field(alias="batch_id")
    batch_name: str = Field(alias="batch.name")
    group: int = Field(alias="group_id")
    group_name: str = Field(alias="group.name")
    from_date: date
    to_date: date | None
    reason: str


COLUMNS: dict[str, Callable[[Any], Any]] = {
    "reg_no": lambda row: row.reg_no,
    "name": lambda row: row.person_name,
    "program_name": lambda row: row.program_name,
    "batch_name": lambda row: row.batch_name,
    "group_name": lambda row: row.group_name,
    "status": lambda row: row.status,
    "email": lambda row: row.email,
    "phone": lambda row: row.phone,
    "date_of_birth": lambda row: row.date_of_birth,
    "current_year": lambda row: row.current_year,
}


def _students(request: HttpRequest, filters: StudentFilters) -> Any:
    found = narrowed(
        queries.students(actor=actor(request)), filters, program="program_id", batch="batch_id", group="group_id",
        status="status", current_year="current_year",
    )  # fmt: skip
    if filters.section is not None:
        found = queries.enrolled_in(found, filters.section)
    if filters.has_account is not None:
        found = queries.with_account(found, filters.has_account)
    if filters.import_run is not None:
        found = queries.entered_by(found, filters.import_run, actor=actor(request))
    if filters.without_placement is not None:
        found = queries.without_placement(found, filters.without_placement)
    return ordered(queries.matching(found, filters.search), filters.ordering or "reg_no", queries.ORDERINGS)


def _detail(request: HttpRequest, student: Any, response: HttpResponse) -> Any:
    return with_moves(student, queries.moves(student, actor=actor(request)), response)


@aliases.get("/", response=Page[StudentOut], operation_id="list_students_alias", **needs(Perm.STUDENT_VIEW))
@routes.get("/students/", response=Page[StudentOut], **needs(Perm.STUDENT_VIEW))
def list_students(request: HttpRequest, filters: Query[StudentFilters]) -> Any:
    """Students whom one may see."""
    return page_of(request, _students(request, filters), filters)


@aliases.get("/export/", response=None, operation_id="export_students_alias", **needs(Perm.STUDENT_VIEW))
@routes.get("/students/export/", response=None, **needs(Perm.STUDENT_VIEW))
def export_students(request: HttpRequest, filters: Query[StudentFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(_students(request, filters), wanted, name="students", columns=COLUMNS)


@aliases.post("/", response={201: StudentDetail}, operation_id="create_student_alias", **needs(Perm.STUDENT_EDIT))
@routes.post("/students/", response={201: StudentDetail}, **needs(Perm.STUDENT_EDIT))
def create_student(request: HttpRequest, body: StudentIn, response: HttpResponse) -> Any:
    """Enter a student with contacts, role and first placement."""
    return created(_detail(request, actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/students/me/", response=StudentDetail, **needs(Perm.STUDENT_VIEW))
def get_own_student(request: HttpRequest, response: HttpResponse) -> Any:
    """The student that one is."""
    return _detail(request, queries.own(actor=actor(request)), response)


@aliases.get("/{int:pk}/", response=StudentDetail, operation_id="get_student_alias", **needs(Perm.STUDENT_VIEW))
@routes.get("/students/{int:pk}/", response=StudentDetail, **needs(Perm.STUDENT_VIEW))
def get_student(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One student with the moves of the status."""
    return _detail(request, queries.get(pk, actor=actor(request)), response)


@aliases.patch("/{int:pk}/", response=StudentDetail, operation_id="update_student_alias", **needs(Perm.STUDENT_EDIT))
@routes.patch("/students/{int:pk}/", response=StudentDetail, **needs(Perm.STUDENT_EDIT))
def update_student(request: HttpRequest, pk: Id, body: StudentPatch, response: HttpResponse) -> Any:
    """Change a student's years, contacts and record."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    return _detail(request, found, response)


@routes.post("/students/{int:pk}/moves/{name}/", response=StudentDetail, **needs(Perm.STUDENT_STATUS))
def move_student(request: HttpRequest, pk: Id, name: str, body: StudentMoveIn, response: HttpResponse) -> Any:
    """Suspend, reinstate, deactivate or graduate a student."""
    found = actions.move(
        pk=pk, name=name, version=expected_version(request, body.version), reason=body.reason,
        actual_graduation_year=body.actual_graduation_year, by=actor(request),
    )  # fmt: skip
    return _detail(request, found, response)


@routes.patch("/students/{int:pk}/placement/", response=StudentDetail, **needs(Perm.STUDENT_PLACE))
def place_student(request: HttpRequest, pk: Id, body: PlacementIn, response: HttpResponse) -> Any:
    """Move a student to a batch and group from a day on."""
    version = expected_version(request, body.version)
    values = body.dict(exclude={"version"})
    return _detail(request, actions.place(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.get("/students/{int:pk}/placements/", response=Page[PlacementOut], **needs(Perm.STUDENT_VIEW))
def list_placements(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """Where a student has belonged, latest first."""
    return page_of(request, queries.placements(queries.get(pk, actor=actor(request))), paging)


@routes.get("/students/{int:pk}/placements/export/", response=None, **needs(Perm.STUDENT_VIEW))
def export_placements(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The placements as a file."""
    columns: dict[str, Callable[[Any], Any]] = {
        "program_name": lambda row: row.batch.program.name,
        "batch_name": lambda row: row.batch.name,
        "group_name": lambda row: row.group.name,
        "from_date": lambda row: row.from_date,
        "to_date": lambda row: row.to_date,
        "reason": lambda row: row.reason,
    }
    found = queries.placements(queries.get(pk, actor=actor(request)))
    return export(found, wanted, name="placements", columns=columns)


def _timeline(request: HttpRequest, pk: int) -> Any:
    by = actor(request)
    return queries.timeline(queries.get(pk, actor=by), actor=by)


@routes.get("/students/{int:pk}/timeline/", response=Page[LineOut], **needs(Perm.STUDENT_VIEW))
def student_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to a student, newest first."""
    return page_of(request, _timeline(request, pk), paging)


@routes.get("/students/{int:pk}/timeline/export/", response=None, **needs(Perm.STUDENT_VIEW))
def export_student_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    return export(_timeline(request, pk), wanted, name="timeline", columns=LINE_COLUMNS)
