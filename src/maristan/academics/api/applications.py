"""Routes of the applications desk."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from maristan.academics.actions import applications as actions
from maristan.academics.api.application_shapes import SAID, ApplicationState, Fields, Said
from maristan.academics.api.shapes import Level, VersionedMoveIn
from maristan.academics.queries import admissions as queries
from maristan.academics.queries import application_summary
from maristan.academics.rules.admissions import masked_email, masked_phone
from maristan.academics.rules.states import Perm
from maristan.kernel import clock, files, papers, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Out,
    Page,
    Paging,
    PlainPaging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    file_response,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)
from maristan.kernel.timelines import LINE_COLUMNS, LineOut
from maristan.kernel.uploads import received

routes = Routes()
BatchYear = Annotated[int, Field(ge=2000, le=2100)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
Notes = Annotated[str, Field(max_length=5000)]


class ApplicationRow(Out):
    """One application in the queue; number and address of the applicant are masked."""

    id: int
    number: str | None
    status: str
    full_name: str
    father_name: str
    mobile: str
    email: str
    intake: int = Field(alias="intake_id")
    program: int = Field(alias="intake.program_id")
    program_name: str = Field(alias="intake.program.name")
    batch: int = Field(alias="intake.batch_id")
    batch_name: str = Field(alias="intake.batch.name")
    merit_number: int | None
    merit_percentage: Decimal | None
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int
    created_at: datetime

    @staticmethod
    def resolve_mobile(row: Any) -> str:
        """Enough to recognise it."""
        return masked_phone(row.mobile)

    @staticmethod
    def resolve_email(row: Any) -> str:
        """Enough to recognise it."""
        return masked_email(row.email)


class DuplicateOut(Out):
    """Somebody of the same identity or address; `person` may be chosen when the applicant is that one."""

    kind: Literal["application", "student", "person"]
    id: int
    name: str
    number: str
    status: str
    shared: list[str]
    person: int | None


class ApplicationOut(Said):
    """An application as staff see it."""

    intake: int
    program: int
    program_name: str
    batch: int
    batch_name: str
    current_year: int
    staff_notes: str
    decided_by: str
    student: int | None
    created_at: datetime
    updated_at: datetime
    duplicates: list[DuplicateOut]


class ApplicationIn(Fields):
    """An application entered from paper."""

    intake: Id
    email: Email


class ApplicationPatch(Fields):
    """What staff correct or note."""

    email: Email = ""
    batch_year: BatchYear = 2000
    current_year: Level = 1
    staff_notes: Notes = ""


class ApproveIn(VersionedMoveIn):
    """Where the student is placed; `person` is the one known already, `override` passes over duplicates."""

    group: Id | None = None
    person: Id | None = None
    override: bool = False


class ApplicationFilters(Paging):
    """Filters of the queue; drafts are listed when asked for."""

    intake: Id | None = None
    program: Id | None = None
    batch: Id | None = None
    status: ApplicationState | None = None


def _listed(request: HttpRequest, filters: ApplicationFilters) -> Any:
    found = queries.matching(queries.applications(actor=actor(request)), filters.search)
    for field, path in (("intake", "intake"), ("program", "intake__program"), ("batch", "intake__batch")):
        if getattr(filters, field) is not None:
            found = found.filter(**{path: getattr(filters, field)})
    found = queries.in_status(found, filters.status)
    allowed = ("submitted_at", "full_name", "number", "merit_number", "merit_percentage", "status", "id")
    return ordered(found, filters.ordering or "-submitted_at", allowed)


def _one(request: HttpRequest, application: Any, response: HttpResponse) -> Any:
    by, intake = actor(request), application.intake
    versioned(response, application.version)
    found = queries.duplicates(application)
    return {
        **{field: getattr(application, field) for field in SAID},
        "intake": intake.pk,
        "program": intake.program_id,
        "program_name": intake.program.name,
        "batch": intake.batch_id,
        "batch_name": intake.batch.name,
        "current_year": application.current_year,
        "staff_notes": application.staff_notes,
        "decided_by": application.decided_by,
        "student": application.student_id,
        "created_at": application.created_at,
        "updated_at": application.updated_at,
        "duplicates": found,
        "papers": queries.papers(application),
        "moves": [each.as_dict() for each in queries.moves(application, found, actor=by, names=actions.STAFF_MOVES)],
    }


@routes.get("/applications/", response=Page[ApplicationRow], **needs(Perm.APPLICATION_REVIEW))
def list_applications(request: HttpRequest, filters: Query[ApplicationFilters]) -> Any:
    """The queue, the latest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/applications/export/", response=None, **needs(Perm.APPLICATION_REVIEW))
def export_applications(request: HttpRequest, filters: Query[ApplicationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "number": lambda row: row.number,
        "full_name": lambda row: row.full_name,
        "father_name": lambda row: row.father_name,
        "program_name": lambda row: row.intake.program.name,
        "batch_name": lambda row: row.intake.batch.name,
        "status": lambda row: row.status,
        "merit_number": lambda row: row.merit_number,
        "merit_percentage": lambda row: row.merit_percentage,
        "mobile": lambda row: masked_phone(row.mobile),
        "email": lambda row: masked_email(row.email),
        "submitted_at": lambda row: row.submitted_at,
    }
    return export(_listed(request, filters), wanted, name="applications", columns=columns)


@routes.post("/applications/", response={201: ApplicationOut}, **needs(Perm.APPLICATION_SUBMIT))
def create_application(request: HttpRequest, body: ApplicationIn, response: HttpResponse) -> Any:
    """Enter an application from paper, as a draft."""
    return created(_one(request, actions.create(values=body.given(), by=actor(request)), response))


@routes.get("/applications/{int:pk}/", response=ApplicationOut, **needs(Perm.APPLICATION_REVIEW))
def get_application(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One application, with those it resembles and the moves that are open."""
    return _one(request, rows.one(queries.applications(actor=actor(request)), pk), response)


@routes.patch("/applications/{int:pk}/", response=ApplicationOut, **needs(Perm.APPLICATION_REVIEW))
def update_application(request: HttpRequest, pk: Id, body: ApplicationPatch, response: HttpResponse) -> Any:
    """Correct an application that is not decided, or write a note."""
    version, by = expected_version(request), actor(request)
    return _one(request, actions.update(pk=pk, version=version, values=body.given(), by=by), response)


@routes.get("/applications/{int:pk}/pdf/", response=None, **needs(Perm.APPLICATION_REVIEW))
def print_application(request: HttpRequest, pk: Id) -> Any:
    """The application on paper."""
    made = application_summary.document(rows.one(queries.applications(actor=actor(request)), pk), now=clock.now())
    return file_response(made.content, made.content_type, made.filename, inline=True)


@routes.get("/applications/{int:pk}/timeline/", response=Page[LineOut], **needs(Perm.APPLICATION_REVIEW))
def get_application_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to an application, newest first."""
    found = rows.one(queries.applications(actor=actor(request)), pk)
    return page_of(request, queries.timeline(found), paging)


@routes.get("/applications/{int:pk}/timeline/export/", response=None, **needs(Perm.APPLICATION_REVIEW))
def export_application_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    found = rows.one(queries.applications(actor=actor(request)), pk)
    return export(queries.timeline(found), wanted, name="timeline", columns=LINE_COLUMNS)


@routes.get("/applications/{int:pk}/papers/{kind}/", response=None, **needs(Perm.APPLICATION_REVIEW))
def get_application_paper(request: HttpRequest, pk: Id, kind: str) -> Any:
    """One paper, shown in place."""
    found = queries.paper(rows.one(queries.applications(actor=actor(request)), pk), kind)
    content = files.read(found, of=("application", pk), by=actor(request))
    return file_response(content, found.content_type, found.name)


@routes.post("/applications/{int:pk}/papers/{kind}/", response={204: None}, **needs(Perm.APPLICATION_REVIEW))
def put_application_paper(request: HttpRequest, pk: Id, kind: str, file: File[UploadedFile]) -> Any:
    """Attach a paper handed in by hand: a photo of at most 1 MB, or a document of at most 3 MB."""
    content = received(file, papers.DOCUMENT_BYTES, papers.judge(is_picture=kind == queries.PHOTO))
    actions.put_paper(pk=pk, kind=kind, content=content, by=actor(request))
    return no_content()


@routes.delete("/applications/{int:pk}/papers/{kind}/", response={204: None}, **needs(Perm.APPLICATION_REVIEW))
def remove_application_paper(request: HttpRequest, pk: Id, kind: str) -> Any:
    """Take a paper away."""
    actions.remove_paper(pk=pk, kind=kind, by=actor(request))
    return no_content()


@routes.post("/applications/{int:pk}/moves/submit/", response=ApplicationOut, **needs(Perm.APPLICATION_SUBMIT))
def submit_application(request: HttpRequest, pk: Id, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Hand in a draft on the applicant's behalf."""
    version = expected_version(request, body.version)
    return _one(request, actions.submit(pk=pk, version=version, by=actor(request)), response)


@routes.post("/applications/{int:pk}/moves/review/", response=ApplicationOut, **needs(Perm.APPLICATION_REVIEW))
def review_application(request: HttpRequest, pk: Id, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Set an application aside for review."""
    return _moved(request, pk, "review", body, response)


@routes.post("/applications/{int:pk}/moves/reject/", response=ApplicationOut, **needs(Perm.APPLICATION_DECIDE))
def reject_application(request: HttpRequest, pk: Id, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Reject an application, with a reason."""
    return _moved(request, pk, "reject", body, response)


@routes.post("/applications/{int:pk}/moves/approve/", response=ApplicationOut, **needs(Perm.APPLICATION_DECIDE))
def approve_application(request: HttpRequest, pk: Id, body: ApproveIn, response: HttpResponse) -> Any:
    """Admit an applicant as a student."""
    version, by = expected_version(request, body.version), actor(request)
    moved = actions.approve(
        pk=pk, version=version, group=body.group, person=body.person, override=body.override, reason=body.reason, by=by
    )
    return _one(request, moved, response)


def _moved(request: HttpRequest, pk: int, name: str, body: VersionedMoveIn, response: HttpResponse) -> Any:
    version, by = expected_version(request, body.version), actor(request)
    return _one(request, actions.move(pk=pk, name=name, version=version, reason=body.reason, by=by), response)
