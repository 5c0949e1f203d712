"""Routes of what people owe: said by the registry, handed in by people, verified."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from maristan.academics.actions import obligations as actions
from maristan.academics.queries import obligations as queries
from maristan.academics.rules.obligations import EVIDENCE_BYTES, LEAD_AT_MOST
from maristan.academics.rules.states import LockPoint, ObligationStatus, Perm, ProfileField, RequirementKind
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, files, papers, rows
from maristan.kernel.api import (
    Audience,
    Day,
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
    file_response,
    needs,
    ordered,
    page_of,
    versioned,
)
from maristan.kernel.pictures import document_type
from maristan.kernel.uploads import received

routes = Routes()
Kind = Annotated[RequirementKind, any_case]
ProfilePart = Annotated[ProfileField, any_case]
Point = Annotated[LockPoint, any_case]
State = Annotated[ObligationStatus, any_case]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=2000)]
Days = Annotated[int, Field(ge=0, le=3650)]
Hours = Annotated[int, Field(ge=0, le=LEAD_AT_MOST)]
Points = Annotated[list[Point], Field(max_length=len(LockPoint))]


class RequirementOut(Out):
    """What everybody of an audience owes."""

    id: int
    title: str
    description: str
    kind: RequirementKind
    field: ProfileField | None
    audience: list[list[str]]
    due_on: date | None
    due_after_days: int | None
    lock_lead_hours: int
    locks: list[LockPoint]
    mid_session: bool
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class RequirementIn(In):
    """What is owed, by whom and until when; it closes the points in `locks` that many hours before its end."""

    title: Title
    description: Description = ""
    kind: Kind
    field: ProfilePart | None = None
    audience: Audience
    due_on: Day | None = None
    due_after_days: Days | None = None
    lock_lead_hours: Hours = 72
    locks: Points = []
    mid_session: bool = False


class RequirementPatch(In):
    """The fields to change; what it asks for stays."""

    title: Title = ""
    description: Description = ""
    audience: Audience = []
    due_on: Day | None = None
    due_after_days: Days | None = None
    lock_lead_hours: Hours = 72
    locks: Points = []
    mid_session: bool = False
    is_active: bool = True


class ObligationOut(Out):
    """What somebody owes; `locked_since` is set while it closes what it locks."""

    id: int
    requirement: int
    title: str
    description: str
    kind: RequirementKind
    field: ProfileField | None
    person: int
    full_name: str
    reg_no: str
    due_on: date | None
    due_at: datetime | None
    status: ObligationStatus
    is_late: bool
    locks: list[LockPoint]
    lock_lead_hours: int
    locked_since: datetime | None
    submitted_at: datetime | None
    completed_at: datetime | None
    note: str
    version: int


class SubmissionOut(Out):
    """What was handed in."""

    id: int
    filename: str
    url: str | None
    value: str
    by: str
    at: datetime


class ObligationPage(ObligationOut):
    """With what was handed in and what may be done now."""

    is_own: bool
    submissions: list[SubmissionOut]
    moves: list[MoveOut]


class RequirementFilters(Paging):
    """Filters of what is owed."""

    is_active: bool | None = None


class ObligationFilters(Paging):
    """Filters of obligations; `mine` are one's own."""

    status: State | None = None
    requirement: Id | None = None
    person: Id | None = None
    mine: bool | None = None


class SubmitForm(Schema):
    """A value for the record."""

    value: Annotated[str, Field(max_length=255)] = ""


# --- what is owed -------------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, filters: RequirementFilters) -> Any:
    found = queries.requirements(actor=actor(request))
    if filters.is_active is not None:
        found = found.filter(is_active=filters.is_active)
    if filters.search:
        found = found.filter(title__icontains=" ".join(filters.search.split()))
    return ordered(found, filters.ordering or "-id", ("title", "due_on", "id"))


def _requirement(row: Any, response: HttpResponse) -> Any:
    versioned(response, row.version)
    return row


@routes.get("/requirements/", response=Page[RequirementOut], **needs(Perm.OBLIGATION_DEFINE))
def list_requirements(request: HttpRequest, filters: Query[RequirementFilters]) -> Any:
    """What people owe, the newest first."""
    return page_of(request, _asked(request, filters), filters)


@routes.get("/requirements/export/", response=None, **needs(Perm.OBLIGATION_DEFINE))
def export_requirements(request: HttpRequest, filters: Query[RequirementFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "title": lambda row: row.title,
        "kind": lambda row: row.kind,
        "field": lambda row: row.field,
        "due_on": lambda row: row.due_on,
        "due_after_days": lambda row: row.due_after_days,
        "locks": lambda row: ", ".join(row.locks),
        "is_active": lambda row: row.is_active,
    }
    return export(_asked(request, filters), wanted, name="requirements", columns=columns)


@routes.post("/requirements/", response={201: RequirementOut}, **needs(Perm.OBLIGATION_DEFINE))
def create_requirement(request: HttpRequest, body: RequirementIn, response: HttpResponse) -> Any:
    """Say what an audience owes; everybody in it is asked in the background."""
    return created(_requirement(actions.create_requirement(values=body.dict(), by=actor(request)), response))


@routes.get("/requirements/{int:pk}/", response=RequirementOut, **needs(Perm.OBLIGATION_DEFINE))
def get_requirement(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One of them."""
    return _requirement(rows.one(queries.requirements(actor=actor(request)), pk), response)


@routes.patch("/requirements/{int:pk}/", response=RequirementOut, **needs(Perm.OBLIGATION_DEFINE))
def update_requirement(request: HttpRequest, pk: Id, body: RequirementPatch, response: HttpResponse) -> Any:
    """Change what is owed; one that is not active is asked of nobody else."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    found = actions.update_requirement(pk=pk, version=version, values=values, by=actor(request))
    return _requirement(found, response)


# --- who owes it --------------------------------------------------------------------------------------------------


def _owed(request: HttpRequest, filters: ObligationFilters) -> Any:
    by = actor(request)
    found = queries.matching(queries.visible_to(actor=by), filters.search)
    wanted = {"status": filters.status, "requirement": filters.requirement, "person": filters.person}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if filters.mine is not None:
        own = {"person": by.person_id or 0}
        found = found.filter(**own) if filters.mine else found.exclude(**own)
    return ordered(found, filters.ordering or "due_at", queries.ORDERINGS)


def _shown(request: HttpRequest, page: dict[str, Any]) -> dict[str, Any]:
    now, zone = clock.now(), institution().time_zone
    return {**page, "results": [queries.shown(row, now=now, zone=zone) for row in page["results"]]}


def _submission(row: Any) -> dict[str, Any]:
    path = f"/api/v1/academics/obligations/{row.obligation_id}/submissions/{row.pk}/"
    url = path if row.file_id else None
    return {"id": row.pk, "filename": row.filename, "url": url, "value": row.value, "by": row.by, "at": row.at}


def _one(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    by = actor(request)
    row = rows.one(queries.visible_to(actor=by), pk)
    versioned(response, row.version)
    return {
        **queries.shown(row, now=clock.now(), zone=institution().time_zone),
        "is_own": row.person_id == by.person_id,
        "submissions": [_submission(each) for each in queries.submissions(row)],
        "moves": queries.moves(row, actor=by),
    }


@routes.get("/obligations/", response=Page[ObligationOut], **needs(Perm.OBLIGATION_VIEW))
def list_obligations(request: HttpRequest, filters: Query[ObligationFilters]) -> Any:
    """What one owes, and what people in reach owe; the next due first."""
    return _shown(request, page_of(request, _owed(request, filters), filters))


@routes.get("/obligations/export/", response=None, **needs(Perm.OBLIGATION_VIEW))
def export_obligations(request: HttpRequest, filters: Query[ObligationFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "title": lambda row: row.requirement.title,
        "full_name": lambda row: row.full_name,
        "reg_no": lambda row: row.reg_no,
        "due_at": lambda row: row.due_at,
        "status": lambda row: row.status,
        "submitted_at": lambda row: row.submitted_at,
        "completed_at": lambda row: row.completed_at,
        "note": lambda row: row.note,
    }
    return export(_owed(request, filters), wanted, name="obligations", columns=columns)


@routes.get("/obligations/{int:pk}/", response=ObligationPage, **needs(Perm.OBLIGATION_VIEW))
def get_obligation(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One obligation with what was handed in and the moves that are open."""
    return _one(request, pk, response)


def _evidence(file: UploadedFile) -> bytes:
    return received(file, EVIDENCE_BYTES, document_type, "file_type_not_allowed")


@routes.post("/obligations/{int:pk}/submit/", response=ObligationPage, **needs(Perm.OBLIGATION_SUBMIT))
def submit_obligation(
    request: HttpRequest,
    pk: Id,
    form: Form[SubmitForm],
    response: HttpResponse,
    file: File[UploadedFile] = None,  # type: ignore[assignment]
) -> Any:
    """Hand in what one owes: a PDF, JPEG or PNG of at most 3 MB, or a value for one's record; never too late."""
    content, name = (None, "") if file is None else (_evidence(file), file.name or "")
    actions.submit(pk=pk, name=name, content=content, value=form.value, by=actor(request))
    return _one(request, pk, response)


@routes.get("/obligations/{int:pk}/submissions/{int:submission}/", response=None, **needs(Perm.OBLIGATION_VIEW))
def get_submission_file(request: HttpRequest, pk: Id, submission: Id) -> Any:
    """A paper that was handed in, shown in place."""
    owed = rows.one(queries.visible_to(actor=actor(request)), pk)
    found = rows.one(queries.submissions(owed).filter(file__isnull=False), submission)
    assert found.file is not None
    ending = papers.ENDINGS.get(found.file.content_type, "bin")
    name = f"evidence-{submission}.{ending}"
    content = files.read(found.file, of=("obligation", pk), by=actor(request))
    return file_response(content, found.file.content_type, name)


def _moved(request: HttpRequest, pk: int, name: str, body: MoveIn, response: HttpResponse) -> Any:
    actions.move(pk=pk, name=name, reason=body.reason, version=expected_version(request), by=actor(request))
    return _one(request, pk, response)


@routes.post("/obligations/{int:pk}/moves/verify/", response=ObligationPage, **needs(Perm.OBLIGATION_VERIFY))
def verify_obligation(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Say that what was handed in is right; a value goes on the record."""
    return _moved(request, pk, "verify", body, response)


@routes.post("/obligations/{int:pk}/moves/reject/", response=ObligationPage, **needs(Perm.OBLIGATION_VERIFY))
def reject_obligation(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Send it back with a reason."""
    return _moved(request, pk, "reject", body, response)


@routes.post("/obligations/{int:pk}/moves/waive/", response=ObligationPage, **needs(Perm.OBLIGATION_VERIFY))
def waive_obligation(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Free somebody of it, with a reason."""
    return _moved(request, pk, "waive", body, response)
