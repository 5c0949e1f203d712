"""Routes of enrolments."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import enrollments as actions
from maristan.academics.api.shapes import EnrollmentState, VersionedMoveIn, WithMoves, narrowed, with_moves
from maristan.academics.queries import students as queries
from maristan.academics.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.api import (
    SIGNED_IN,
    ExportFormat,
    Id,
    In,
    Missing,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    ordered,
    page_of,
)

routes = Routes()
RegNo = Annotated[str, Field(min_length=1, max_length=32)]


class EnrollmentOut(Out):
    """One seat of a student in a section."""

    id: int
    student: int = Field(alias="student_id")
    student_name: str
    reg_no: str
    section: int = Field(alias="section_id")
    section_name: str
    course: int = Field(alias="course_id")
    course_code: str
    course_name: str
    academic_period: int = Field(alias="academic_period_id")
    academic_period_name: str
    status: str
    enrolled_at: datetime
    enrolled_by: str
    dropped_at: datetime | None
    drop_reason: str
    version: int


class EnrollmentDetail(EnrollmentOut, WithMoves):
    """One enrolment with its moves."""


class EnrollmentMade(EnrollmentDetail):
    """A seat that was given, and the warnings that came with it."""

    warnings: list[Missing]


class EnrollmentIn(In):
    """Who takes a seat, and where; a student names nobody else."""

    student: Id | None = None
    section: Id


class BulkIn(In):
    """Students by id or by registration number."""

    section: Id
    students: Annotated[list[Id], Field(max_length=1000)] = []
    reg_nos: Annotated[list[RegNo], Field(max_length=1000)] = []


class BulkLine(Out):
    """What became of one student: `enrolled` with its warnings, or the code of why not."""

    position: int
    reg_no: str | None
    student: int | None
    outcome: str
    detail: str
    enrollment: int | None
    warnings: list[Missing]


class BulkOut(Out):
    """The lines in the order in which they were asked for."""

    enrolled_count: int
    refused_count: int
    lines: list[BulkLine]


class EnrollmentFilters(Paging):
    """Filters of the list."""

    student: Id | None = None
    section: Id | None = None
    course: Id | None = None
    academic_period: Id | None = None
    program: Id | None = None
    batch: Id | None = None
    group: Id | None = None
    status: EnrollmentState | None = None


class OwnFilters(Paging):
    """Filters of one student's enrolments."""

    status: EnrollmentState | None = None
    academic_period: Id | None = None


ORDERINGS = ("enrolled_at", "status", "student__reg_no", "section__course__code", "id")


COLUMNS: dict[str, Callable[[Any], Any]] = {
    "reg_no": lambda row: row.reg_no,
    "name": lambda row: row.student_name,
    "course_code": lambda row: row.course_code,
    "section": lambda row: row.section_name,
    "academic_period": lambda row: row.academic_period_name,
    "status": lambda row: row.status,
    "enrolled_at": lambda row: row.enrolled_at,
    "enrolled_by": lambda row: row.enrolled_by,
}


def _enrollments(request: HttpRequest, filters: EnrollmentFilters) -> Any:
    found = narrowed(
        queries.enrollments(actor=actor(request)), filters, student="student_id", section="section_id",
        course="section__course_id", academic_period="section__academic_period_id", program="student__program_id",
        batch="student__batch_id", group="student__group_id", status="status",
    )  # fmt: skip
    return ordered(queries.matching_enrollments(found, filters.search), filters.ordering or "-id", ORDERINGS)


@routes.get("/enrollments/", response=Page[EnrollmentOut], **needs(Perm.ENROLLMENT_VIEW))
def list_enrollments(request: HttpRequest, filters: Query[EnrollmentFilters]) -> Any:
    """Enrolments that one may see, newest first."""
    return page_of(request, _enrollments(request, filters), filters)


@routes.get("/enrollments/export/", response=None, **needs(Perm.ENROLLMENT_VIEW))
def export_enrollments(request: HttpRequest, filters: Query[EnrollmentFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(_enrollments(request, filters), wanted, name="enrollments", columns=COLUMNS)


@routes.post("/enrollments/", response={201: EnrollmentMade}, **needs(SIGNED_IN, lent=True))
def enroll(request: HttpRequest, body: EnrollmentIn, response: HttpResponse) -> Any:
    """Give a student a seat (`enrollment.manage`), or take one oneself (`enrollment.self`)."""
    made, warnings = actions.enroll(student=body.student, section=body.section, by=actor(request))
    shown = with_moves(made, queries.enrollment_moves(made, actor=actor(request)), response)
    shown.warnings = [each.as_dict() for each in warnings]
    return created(shown)


@routes.post("/enrollments/bulk/", response=BulkOut, **needs(Perm.ENROLLMENT_MANAGE))
def enroll_many(request: HttpRequest, body: BulkIn) -> Any:
    """Enrol many students, each with its own outcome."""
    return actions.enroll_many(section=body.section, students=body.students, reg_nos=body.reg_nos, by=actor(request))


@routes.get("/enrollments/{int:pk}/", response=EnrollmentDetail, **needs(Perm.ENROLLMENT_VIEW))
def get_enrollment(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One enrolment with its moves."""
    found = rows.one(queries.enrollments(actor=actor(request)), pk)
    return with_moves(found, queries.enrollment_moves(found, actor=actor(request)), response)


@routes.post("/enrollments/{int:pk}/moves/{name}/", response=EnrollmentDetail, **needs(Perm.ENROLLMENT_MANAGE))
def move_enrollment(request: HttpRequest, pk: Id, name: str, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Drop or withdraw an enrolment."""
    version = expected_version(request, body.version)
    found = actions.move(pk=pk, name=name, version=version, reason=body.reason, by=actor(request))
    return with_moves(found, queries.enrollment_moves(found, actor=actor(request)), response)


@routes.get("/students/{int:pk}/enrollments/", response=Page[EnrollmentOut], **needs(Perm.ENROLLMENT_VIEW))
def list_student_enrollments(request: HttpRequest, pk: Id, filters: Query[OwnFilters]) -> Any:
    """One student's enrolments, newest first."""
    return page_of(request, _of_student(request, pk, filters), filters)


@routes.get("/students/{int:pk}/enrollments/export/", response=None, **needs(Perm.ENROLLMENT_VIEW))
def export_student_enrollments(
    request: HttpRequest, pk: Id, filters: Query[OwnFilters], wanted: Query[ExportFormat]
) -> Any:
    """One student's enrolments as a file."""
    return export(_of_student(request, pk, filters), wanted, name="enrollments", columns=COLUMNS)


def _of_student(request: HttpRequest, pk: int, filters: OwnFilters) -> Any:
    student = queries.get(pk, actor=actor(request))
    found = queries.enrollments(actor=actor(request)).filter(student=student)
    found = narrowed(found, filters, status="status", academic_period="section__academic_period_id")
    found = queries.matching_enrollments(found, filters.search)
    return ordered(found, filters.ordering or "-id", ORDERINGS)
