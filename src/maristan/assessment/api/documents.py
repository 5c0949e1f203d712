"""Routes of transcripts and other documents: asked for, listed, drawn, revoked, and verified by strangers."""

from datetime import date, datetime
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from maristan.assessment.actions import document_batches, documents
from maristan.assessment.queries import documents as queries
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage, DocumentStatus
from maristan.assessment.rules.states import Perm
from maristan.kernel import files, rows, throttle
from maristan.kernel.api import (
    Audience,
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
    public,
    versioned,
)
from maristan.kernel.errors import NotFound, NotNow

routes = Routes()
Kind = Annotated[CertificateKind, any_case]
State = Annotated[DocumentStatus, any_case]
Spoken = Annotated[DocumentLanguage, any_case]
Code = Annotated[str, Field(max_length=60)]
PDF = "application/pdf"
A_MINUTE, LOOKS = 60, 30


class IssuedOut(Out):
    """A document as it was issued."""

    id: int
    kind: CertificateKind
    number: str
    person: int
    full_name: str
    reg_no: str
    language: DocumentLanguage
    content_hash: str
    printed_hash: str
    file_sha256: str
    code: str
    verify_url: str
    status: DocumentStatus
    is_ready: bool
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None
    revoked_by_name: str | None
    reason: str
    replaced_by: str | None
    version: int
    moves: list[MoveOut]


class IssuedFilters(Paging):
    """Filters of the list."""

    kind: Kind | None = None
    status: State | None = None
    person: Id | None = None


class EnqueueIn(In):
    """Whose transcript: a student, or a learner without a student record; the registered address unless named."""

    student_id: Id | None = None
    person_id: Id | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    new: bool = False
    language: Spoken = DocumentLanguage.ENGLISH


class CertificateIn(In):
    """What is certified of whom; the text is all that a certificate of no other kind says."""

    kind: Kind = CertificateKind.OTHER
    student_id: Id | None = None
    person_id: Id | None = None
    purpose: Annotated[str, Field(max_length=1000)] = ""
    email: Annotated[str, Field(max_length=254)] | None = None
    new: bool = False
    language: Spoken = DocumentLanguage.ENGLISH


class Learner(Schema):
    """Whose transcript; oneself where nobody is named."""

    student_id: Id | None = None
    person_id: Id | None = None


class EnqueuedOut(Out):
    """Where to look how far it has come; its result names the document."""

    message: str
    job_id: int
    student_id: int | None
    person_id: int
    status_url: str


class TranscriptBatchIn(In):
    """Transcripts for an audience, mailed or only put into one archive."""

    audience: Audience
    email: bool = False
    language: Spoken = DocumentLanguage.ENGLISH


class TranscriptBatchOut(Out):
    """A batch with its progress in numbers."""

    id: int
    audience: list[list[str]]
    language: DocumentLanguage
    sends_email: bool
    asked_by_name: str
    created_at: datetime
    finished_at: datetime | None
    job_id: int | None
    status_url: str | None
    has_file: bool
    total: int
    issued: int
    skipped: int


class TranscriptBatchLineOut(Out):
    """One learner of a batch: the number of the document, or why there is none."""

    id: int
    person: int
    full_name: str
    number: str | None
    is_done: bool
    code: str
    detail: str


class VerifiedOut(Out):
    """What a stranger is told of a document."""

    valid: bool
    status: DocumentStatus
    reason: str
    institution: str
    kind: CertificateKind
    number: str
    programme: str
    issued_on: date
    content_hash: str
    file_sha256: str
    name: str


def _listed(request: HttpRequest, filters: IssuedFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    wanted = {"kind": filters.kind, "status": filters.status, "person": filters.person}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-id", queries.ORDERINGS)


@routes.get("/", response=Page[IssuedOut], **needs(Perm.DOCUMENT_VIEW))
def list_documents(request: HttpRequest, filters: Query[IssuedFilters]) -> Any:
    """Transcripts and other documents, the latest first; learners find their own."""
    page, by = page_of(request, _listed(request, filters), filters), actor(request)
    return {**page, "results": [queries.shown(row, actor=by) for row in page["results"]]}


@routes.get("/export/", response=None, **needs(Perm.DOCUMENT_VIEW))
def export_documents(request: HttpRequest, filters: Query[IssuedFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "number": lambda row: row.number,
        "kind": lambda row: row.kind,
        "full_name": lambda row: row.full_name,
        "reg_no": lambda row: row.snapshot.get("reg_no", ""),
        "status": lambda row: row.status,
        "issued_at": lambda row: row.issued_at,
        "issued_by": lambda row: row.issued_by,
        "content_hash": lambda row: row.content_hash,
        "replaced_by": lambda row: row.replaced_by,
        "revoked_at": lambda row: row.revoked_at,
        "reason": lambda row: row.reason,
    }
    return export(_listed(request, filters), wanted, name="documents", columns=columns)


@routes.post("/enqueue/", response={202: EnqueuedOut}, **needs(Perm.DOCUMENT_ISSUE))
def enqueue_transcript(request: HttpRequest, body: EnqueueIn) -> Any:
    """Have a transcript issued and mailed; the one that still says the same is sent again unless a new one is asked."""
    job, person = documents.ask(wanted=body.dict(), by=actor(request))
    return Status(202, {
        "message": "The transcript is being prepared.", "job_id": job.pk, "student_id": body.student_id,
        "person_id": person, "status_url": f"/api/v1/jobs/{job.pk}/",
    })  # fmt: skip


class Wanted(Learner):
    """Which document of whom."""

    kind: Kind = CertificateKind.TRANSCRIPT


@routes.get("/readiness/", response=MoveOut, **needs(Perm.DOCUMENT_ISSUE))
def get_readiness(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """Whether a document could be issued now, what blocks it, and what whoever issues it should know."""
    return queries.readiness(student=wanted.student_id, person=wanted.person_id, kind=wanted.kind, actor=actor(request))


@routes.post("/certificates/", response={201: IssuedOut}, **needs(Perm.DOCUMENT_ISSUE))
def issue_certificate(request: HttpRequest, body: CertificateIn, response: HttpResponse) -> Any:
    """Issue a certificate; it is drawn and mailed in the background."""
    made = documents.certify(wanted=body.dict(), by=actor(request))
    return created(_one(request, made.pk, response))


# --- whole audiences ----------------------------------------------------------------------------------------------


def _batch(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "audience": row.audience, "language": row.language, "sends_email": row.sends_email,
        "asked_by_name": row.asked_by_name, "created_at": row.created_at, "finished_at": row.finished_at,
        "job_id": row.job_id, "status_url": f"/api/v1/jobs/{row.job_id}/" if row.job_id else None,
        "has_file": row.file_id is not None, **queries.batch_counts(row.pk),
    }  # fmt: skip


@routes.post("/batch/", response={202: TranscriptBatchOut}, **needs(Perm.DOCUMENT_ISSUE))
def start_batch(request: HttpRequest, body: TranscriptBatchIn) -> Any:
    """Have the transcripts of everybody of an audience issued, with one archive of them at the end."""
    return Status(202, _batch(document_batches.start(values=body.dict(), by=actor(request))))


@routes.get("/batch/{int:pk}/", response=TranscriptBatchOut, **needs(Perm.DOCUMENT_ISSUE))
def get_batch(request: HttpRequest, pk: Id) -> Any:
    """How far a batch has come."""
    return _batch(rows.one(queries.batches(actor=actor(request)), pk))


def _lines(request: HttpRequest, pk: int, filters: Paging) -> Any:
    by = actor(request)
    rows.one(queries.batches(actor=by), pk)
    found = queries.batch_lines(pk, actor=by)
    if filters.search:
        found = found.filter(full_name__icontains=" ".join(filters.search.split()))
    return ordered(found, filters.ordering or "id", ("full_name", "code", "id"))


@routes.get("/batch/{int:pk}/lines/", response=Page[TranscriptBatchLineOut], **needs(Perm.DOCUMENT_ISSUE))
def list_batch_lines(request: HttpRequest, pk: Id, filters: Query[Paging]) -> Any:
    """The learners of a batch, each with the document or why there is none."""
    page = page_of(request, _lines(request, pk, filters), filters)
    names = ("full_name", "number", "is_done", "code", "detail")
    shown = [
        {"id": row.pk, "person": row.person_id, **{name: getattr(row, name) for name in names}}
        for row in page["results"]
    ]
    return {**page, "results": shown}


@routes.get("/batch/{int:pk}/lines/export/", response=None, **needs(Perm.DOCUMENT_ISSUE))
def export_batch_lines(request: HttpRequest, pk: Id, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The learners of a batch as a file, the skipped ones with their reason."""
    columns = {
        "full_name": lambda row: row.full_name,
        "number": lambda row: row.number,
        "code": lambda row: row.code,
        "detail": lambda row: row.detail,
    }
    return export(_lines(request, pk, filters), wanted, name="transcripts", columns=columns)


@routes.get("/batch/{int:pk}/file/", response=None, **needs(Perm.DOCUMENT_ISSUE, export=True))
def get_batch_file(request: HttpRequest, pk: Id) -> Any:
    """The archive of a finished batch."""
    row = rows.one(queries.batches(actor=actor(request)), pk)
    if row.file is None:
        raise NotNow("not_ready", "The archive is not there yet, or its thirty days are over.")
    return file_response(files.content(row.file), "application/zip", row.file.name)


# --- strangers ----------------------------------------------------------------------------------------------------


def count_look(request: HttpRequest) -> None:
    """Let an address look thirty times a minute; raises `TooMany`."""
    throttle.count("verify", get_adapter(request).get_client_ip(request), limit=LOOKS, seconds=A_MINUTE)


@routes.get(
    "/verify/{code}/",
    response=VerifiedOut,
    **public("whoever holds the paper may know whether it is genuine"),
)
def verify_document(request: HttpRequest, code: Code, response: HttpResponse) -> Any:
    """Whether a document is genuine and still holds, for anybody."""
    count_look(request)
    response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
    found = queries.verified(code)
    if found is None:
        raise NotFound("unknown", "No document carries this code.", valid=False, reason="unknown")
    return found


@routes.get("/signed/", response=None, **public("the signed token in the address is the key"))
def get_signed_document(request: HttpRequest, token: Annotated[str, Field(max_length=500)]) -> Any:
    """A document behind an address that was mailed, for seven days."""
    count_look(request)
    found = queries.by_link(token)
    assert found.file is not None
    return file_response(files.content(found.file), PDF, f"{found.number}.pdf")


# --- one document -------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> Any:
    return rows.one(queries.visible_to(actor=actor(request)), pk)


def _one(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    row = _found(request, pk)
    versioned(response, row.version)
    return queries.shown(row, actor=actor(request))


@routes.get("/{int:pk}/", response=IssuedOut, **needs(Perm.DOCUMENT_VIEW))
def get_document(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One document."""
    return _one(request, pk, response)


@routes.get("/{int:pk}/file/", response=None, **needs(Perm.DOCUMENT_VIEW))
def get_document_file(request: HttpRequest, pk: Id) -> Any:
    """The document as PDF."""
    row = _found(request, pk)
    if row.file is None:
        raise NotNow("not_ready", "The document is being drawn.")
    return file_response(files.content(row.file), PDF, f"{row.number}.pdf", inline=True)


@routes.post("/{int:pk}/moves/revoke/", response=IssuedOut, **needs(Perm.DOCUMENT_REVOKE))
def revoke_document(request: HttpRequest, pk: Id, body: MoveIn, response: HttpResponse) -> Any:
    """Declare a document void, with a reason."""
    documents.revoke(pk=pk, reason=body.reason, version=expected_version(request), by=actor(request))
    return _one(request, pk, response)
