"""Routes of identity documents."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from maristan.directory.actions import identity_documents as actions
from maristan.directory.api.shapes import DocumentKind, DocumentStatus, Named
from maristan.directory.queries import identity_documents as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import files, papers, rows
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    MoveIn,
    MoveOut,
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
from maristan.kernel.pictures import document_type
from maristan.kernel.timelines import LINE_COLUMNS, LineOut
from maristan.kernel.uploads import received

routes = Routes()
Number = Annotated[str, Field(min_length=1, max_length=40)]
Authority = Annotated[str, Field(max_length=120)]


class DocumentOut(Out):
    """A paper that proves who somebody is, with the moves that are open; `file` is the address of its copy."""

    id: int
    person: Named
    kind: str
    number: str
    issue_date: date | None
    expiry_date: date | None
    issuing_authority: str
    file: str | None
    status: str
    verified_at: datetime | None
    verified_by: Named | None
    version: int
    created_at: datetime
    updated_at: datetime
    moves: list[MoveOut]


class DocumentIn(In):
    """A document to be entered."""

    person: Id
    kind: DocumentKind
    number: Number
    issue_date: Day | None = None
    expiry_date: Day | None = None
    issuing_authority: Authority = ""


class DocumentPatch(In):
    """The fields to change; another number is no longer verified."""

    number: Number = ""
    issue_date: Day | None = None
    expiry_date: Day | None = None
    issuing_authority: Authority = ""


class DocumentFilters(Paging):
    """Filters of the list."""

    person: Id | None = None
    kind: DocumentKind | None = None
    status: DocumentStatus | None = None


def _listed(request: HttpRequest, filters: DocumentFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    for field in ("person", "kind"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.status is not None:
        found = queries.with_status(found, filters.status)
    return ordered(found, filters.ordering or "-id", ("person__name", "kind", "expiry_date", "id"))


def _one(request: HttpRequest, document: Any, response: HttpResponse) -> Any:
    versioned(response, document.version)
    return queries.shown([document], actor=actor(request))[0]


def _moved(request: HttpRequest, pk: int, name: str, body: MoveIn, response: HttpResponse) -> Any:
    version, by = expected_version(request), actor(request)
    moved = actions.move(pk=pk, name=name, reason=body.reason, version=version, by=by)
    return _one(request, moved, response)


@routes.get("/identity-documents/", response=Page[DocumentOut], **needs(Perm.IDENTITY_VIEW))
def list_documents(request: HttpRequest, filters: Query[DocumentFilters]) -> Any:
    """Identity documents, everybody's or one's own."""
    page = page_of(request, _listed(request, filters), filters)
    return {**page, "results": queries.shown(page["results"], actor=actor(request))}


@routes.get("/identity-documents/export/", response=None, **needs(Perm.IDENTITY_VIEW))
def export_documents(request: HttpRequest, filters: Query[DocumentFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "kind": lambda row: row.kind,
        "number": lambda row: row.number,
        "issue_date": lambda row: row.issue_date,
        "expiry_date": lambda row: row.expiry_date,
        "issuing_authority": lambda row: row.issuing_authority,
        "verified_at": lambda row: row.verified_at,
    }
    return export(_listed(request, filters), wanted, name="identity-documents", columns=columns)


@routes.post("/identity-documents/", response={201: DocumentOut}, **needs(Perm.IDENTITY_EDIT))
def create_document(request: HttpRequest, body: DocumentIn, response: HttpResponse) -> Any:
    """Enter a document."""
    return created(_one(request, actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/identity-documents/{int:pk}/", response=DocumentOut, **needs(Perm.IDENTITY_VIEW))
def get_document(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One document."""
    return _one(request, rows.one(queries.visible_to(actor=actor(request)), pk), response)


@routes.patch("/identity-documents/{int:pk}/", response=DocumentOut, **needs(Perm.IDENTITY_EDIT))
def update_document(request: HttpRequest, pk: Id, body: DocumentPatch, response: HttpResponse) -> Any:
    """Change a document."""
    values, by = body.dict(exclude_unset=True), actor(request)
    return _one(request, actions.update(pk=pk, values=values, version=expected_version(request), by=by), response)


@routes.delete("/identity-documents/{int:pk}/", response={204: None}, **needs(Perm.IDENTITY_EDIT))
def delete_document(request: HttpRequest, pk: Id) -> Any:
    """Delete a document."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


@routes.get("/identity-documents/{int:pk}/file/", response=None, **needs(Perm.IDENTITY_VIEW))
def get_document_file(request: HttpRequest, pk: Id) -> Any:
    """The copy of a document."""
    found = queries.file(rows.one(queries.visible_to(actor=actor(request)), pk))
    content = files.read(found, of=("identity_document", pk), by=actor(request))
    return file_response(content, found.content_type, found.name)


@routes.post("/identity-documents/{int:pk}/file/", response={204: None}, **needs(Perm.IDENTITY_EDIT))
def put_document_file(request: HttpRequest, pk: Id, file: File[UploadedFile]) -> Any:
    """Attach a copy, a PDF, JPEG or PNG of at most 3 MB."""
    content, version = received(file, papers.DOCUMENT_BYTES, document_type), expected_version(request)
    actions.put_file(pk=pk, content=content, version=version, by=actor(request))
    return no_content()


@routes.delete("/identity-documents/{int:pk}/file/", response={204: None}, **needs(Perm.IDENTITY_EDIT))
def remove_document_file(request: HttpRequest, pk: Id) -> Any:
    """Take the copy of a document away."""
    actions.remove_file(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


@routes.get("/identity-documents/{int:pk}/timeline/", response=Page[LineOut], **needs(Perm.IDENTITY_VIEW))
def get_document_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to a document, newest first."""
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    return page_of(request, queries.timeline(found), paging)


@routes.get("/identity-documents/{int:pk}/timeline/export/", response=None, **needs(Perm.IDENTITY_VIEW))
def export_document_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    return export(queries.timeline(found), wanted, name="timeline", columns=LINE_COLUMNS)


@routes.post("/identity-documents/{int:pk}/moves/verify/", response=DocumentOut, **needs(Perm.IDENTITY_VERIFY))
def verify_document(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Say that the document was compared with the person and is genuine."""
    return _moved(request, pk, "verify", body, response)


@routes.post("/identity-documents/{int:pk}/moves/unverify/", response=DocumentOut, **needs(Perm.IDENTITY_VERIFY))
def unverify_document(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Take the verification back, with a reason."""
    return _moved(request, pk, "unverify", body, response)
