"""Routes of the request desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile

from maristan.academics.actions import request_papers
from maristan.academics.actions import requests as actions
from maristan.academics.api.request_shapes import (
    AssignIn,
    AttachmentOut,
    RemarkIn,
    RemarkOut,
    RequestFilters,
    RequestIn,
    RequestOut,
    RequestPatch,
    RequestRow,
    ResolveIn,
    UploadOut,
    Wanted,
)
from maristan.academics.api.shapes import Named, VersionedMoveIn, narrowed
from maristan.academics.queries import requests as queries
from maristan.academics.rules.states import Perm
from maristan.kernel import files, papers, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    MoveOut,
    Page,
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
SAID = (
    "id", "title", "priority", "status", "submitted_at", "resolved_at", "description", "data", "resolution_notes",
    "version", "created_at", "updated_at",
)  # fmt: skip


def _listed(request: HttpRequest, filters: RequestFilters) -> Any:
    by = actor(request)
    found = narrowed(
        queries.visible_to(actor=by), filters, type="type", status="status", priority="priority",
        assigned_to="assigned_to", requester="requester", student="student",
    )  # fmt: skip
    if filters.mine is not None:
        found = queries.mine(found, filters.mine, actor=by)
    if filters.is_open is not None:
        found = queries.unfinished(found, filters.is_open)
    return ordered(queries.matching(found, filters.search), filters.ordering or "-submitted_at", queries.ORDERINGS)


def _paper(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "content_type": row.file.content_type, "size": row.file.size,
        "added_by": row.added_by, "created_at": row.created_at,
        "url": f"/api/v1/academics/requests/{row.request_id}/attachments/{row.pk}/",
    }  # fmt: skip


def _one(request: HttpRequest, found: Any, response: HttpResponse) -> Any:
    by, student = actor(request), found.student
    versioned(response, found.version)
    return {
        **{field: getattr(found, field) for field in SAID},
        "type": found.type_id,
        "type_code": found.type.code,
        "type_name": found.type.name,
        "requires_attachment": found.type.requires_attachment,
        "requester": found.requester_id,
        "requester_name": found.requester.name,
        "student": student.pk if student else None,
        "reg_no": student.reg_no if student else None,
        "student_name": student.person.name if student else None,
        "assigned_to": found.assigned_to_id,
        "assigned_to_name": found.assigned_to.name if found.assigned_to else None,
        "attachments": [_paper(each) for each in queries.attachments(found)],
        "remarks": list(queries.remarks(found, actor=by)),
        "is_own": queries.is_own(found, actor=by),
        "is_handler": queries.sees_internal(found, actor=by),
        "is_editable": queries.is_editable(found, actor=by),
        "moves": [each.as_dict() for each in queries.moves(found, actor=by)],
    }


def _found(request: HttpRequest, pk: int) -> Any:
    return rows.one(queries.visible_to(actor=actor(request)), pk)


def _uploads(sent: list[UploadedFile]) -> list[request_papers.Upload]:
    return [(each.name or "", received(each, papers.DOCUMENT_BYTES, document_type)) for each in sent]


@routes.get("/requests/", response=Page[RequestRow], **needs(Perm.REQUEST_VIEW))
def list_requests(request: HttpRequest, filters: Query[RequestFilters]) -> Any:
    """One's own requests and those that one handles, the latest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/requests/export/", response=None, **needs(Perm.REQUEST_VIEW))
def export_requests(request: HttpRequest, filters: Query[RequestFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "id": lambda row: row.pk,
        "type": lambda row: row.type.name,
        "title": lambda row: row.title,
        "requester": lambda row: row.requester.name,
        "reg_no": lambda row: row.student.reg_no if row.student else None,
        "priority": lambda row: row.priority,
        "status": lambda row: row.status,
        "assigned_to": lambda row: row.assigned_to.name if row.assigned_to else None,
        "submitted_at": lambda row: row.submitted_at,
        "resolved_at": lambda row: row.resolved_at,
        "resolution_notes": lambda row: row.resolution_notes,
    }
    return export(_listed(request, filters), wanted, name="requests", columns=columns)


@routes.post("/requests/attachments/", response={201: list[UploadOut]}, **needs(Perm.REQUEST_CREATE))
def upload_papers(request: HttpRequest, file: File[list[UploadedFile]]) -> Any:
    """Upload papers (PDF, JPEG or PNG of at most 3 MB each) for a request that is still being written.

    They wait for a day; the request names them in `attachments`.
    """
    return created(request_papers.upload(uploads=_uploads(file), by=actor(request)))


@routes.post("/requests/", response={201: RequestOut}, **needs(Perm.REQUEST_CREATE))
def create_request(request: HttpRequest, body: RequestIn, response: HttpResponse) -> Any:
    """Hand in a request."""
    return created(_one(request, actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/requests/readiness/", response=MoveOut, **needs(Perm.REQUEST_CREATE))
def get_request_readiness(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """What a request of a type would meet if it were handed in now, and what its handlers should know of."""
    return queries.readiness(kind=wanted.type, student=wanted.student, actor=actor(request))


@routes.get("/requests/{int:pk}/", response=RequestOut, **needs(Perm.REQUEST_VIEW))
def get_request(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One request with its papers, what was said, and the moves that are open."""
    return _one(request, _found(request, pk), response)


@routes.patch("/requests/{int:pk}/", response=RequestOut, **needs(Perm.REQUEST_CREATE))
def update_request(request: HttpRequest, pk: Id, body: RequestPatch, response: HttpResponse) -> Any:
    """Mend one's own request while it is pending."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(request, actions.update(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.get("/requests/{int:pk}/handlers/", response=list[Named], **needs(Perm.REQUEST_HANDLE))
def list_request_handlers(request: HttpRequest, pk: Id) -> Any:
    """To whom the request may be given."""
    found = queries.handlers(queries.handled(pk, actor=actor(request)))
    return [{"id": person, "name": name} for person, name in found.items()]


# --- papers -------------------------------------------------------------------------------------------------------


@routes.get("/requests/{int:pk}/attachments/", response=list[AttachmentOut], **needs(Perm.REQUEST_VIEW))
def list_request_attachments(request: HttpRequest, pk: Id) -> Any:
    """What is attached to a request."""
    return [_paper(each) for each in queries.attachments(_found(request, pk))]


@routes.post("/requests/{int:pk}/attachments/", response={201: RequestOut}, **needs(Perm.REQUEST_CREATE))
def add_request_attachments(
    request: HttpRequest, pk: Id, file: File[list[UploadedFile]], response: HttpResponse
) -> Any:
    """Attach papers (PDF, JPEG or PNG of at most 3 MB each) to one's own pending request."""
    found = request_papers.add(pk=pk, uploads=_uploads(file), by=actor(request))
    return created(_one(request, found, response))


@routes.get("/requests/{int:pk}/attachments/{int:attachment}/", response=None, **needs(Perm.REQUEST_VIEW))
def get_request_attachment(request: HttpRequest, pk: Id, attachment: Id) -> Any:
    """One paper, shown in place."""
    found = queries.attachment(_found(request, pk), attachment).file
    ending = papers.ENDINGS.get(found.content_type, "bin")
    content = files.read(found, of=("request", pk), by=actor(request))
    return file_response(content, found.content_type, f"attachment-{attachment}.{ending}")


@routes.delete("/requests/{int:pk}/attachments/{int:attachment}/", response={204: None}, **needs(Perm.REQUEST_CREATE))
def remove_request_attachment(request: HttpRequest, pk: Id, attachment: Id) -> Any:
    """Take a paper of one's own pending request away."""
    request_papers.remove(pk=pk, attachment=attachment, by=actor(request))
    return no_content()


# --- remarks and timeline -----------------------------------------------------------------------------------------


def _remarks(request: HttpRequest, pk: int) -> Any:
    return queries.remarks(_found(request, pk), actor=actor(request))


@routes.get("/requests/{int:pk}/remarks/", response=Page[RemarkOut], **needs(Perm.REQUEST_VIEW))
def list_request_remarks(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What was said about a request, oldest first."""
    return page_of(request, _remarks(request, pk), paging)


@routes.get("/requests/{int:pk}/remarks/export/", response=None, **needs(Perm.REQUEST_VIEW))
def export_request_remarks(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The remarks as a file."""
    columns = {
        "at": lambda row: row.created_at,
        "author": lambda row: row.author_name,
        "text": lambda row: row.text,
        "is_internal": lambda row: row.is_internal,
    }
    return export(_remarks(request, pk), wanted, name="remarks", columns=columns)


@routes.post("/requests/{int:pk}/remarks/", response={201: RemarkOut}, **needs(Perm.REQUEST_VIEW))
def remark_on_request(request: HttpRequest, pk: Id, body: RemarkIn) -> Any:
    """Say something about a request; only its handlers may say it among themselves."""
    return created(actions.remark(pk=pk, text=body.text, is_internal=body.is_internal, by=actor(request)))


@routes.get("/requests/{int:pk}/timeline/", response=Page[LineOut], **needs(Perm.REQUEST_VIEW))
def get_request_timeline(request: HttpRequest, pk: Id, paging: Query[PlainPaging]) -> Any:
    """What happened to a request, newest first."""
    return page_of(request, queries.timeline(_found(request, pk), actor=actor(request)), paging)


@routes.get("/requests/{int:pk}/timeline/export/", response=None, **needs(Perm.REQUEST_VIEW))
def export_request_timeline(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The timeline as a file."""
    found = queries.timeline(_found(request, pk), actor=actor(request))
    return export(found, wanted, name="timeline", columns=LINE_COLUMNS)


# --- moves --------------------------------------------------------------------------------------------------------


def _moved(
    request: HttpRequest, pk: int, name: str, body: VersionedMoveIn, notes: str | None, response: HttpResponse,
    assigned_to: int | None = None,
) -> Any:  # fmt: skip
    moved = actions.move(
        pk=pk, name=name, version=expected_version(request, body.version), notes=notes, assigned_to=assigned_to,
        by=actor(request),
    )  # fmt: skip
    return _one(request, moved, response)


@routes.post("/requests/{int:pk}/moves/assign/", response=RequestOut, **needs(Perm.REQUEST_HANDLE))
def assign_request(request: HttpRequest, pk: Id, body: AssignIn, response: HttpResponse) -> Any:
    """Give a request to somebody who serves it."""
    return _moved(request, pk, "assign", body, body.reason, response, body.assigned_to)


@routes.post("/requests/{int:pk}/moves/approve/", response=RequestOut, **needs(Perm.REQUEST_HANDLE))
def approve_request(request: HttpRequest, pk: Id, body: ResolveIn, response: HttpResponse) -> Any:
    """Approve a request."""
    return _moved(request, pk, "approve", body, body.said, response)


@routes.post("/requests/{int:pk}/moves/reject/", response=RequestOut, **needs(Perm.REQUEST_HANDLE))
def reject_request(request: HttpRequest, pk: Id, body: ResolveIn, response: HttpResponse) -> Any:
    """Reject a request, with a reason."""
    return _moved(request, pk, "reject", body, body.said, response)


@routes.post("/requests/{int:pk}/moves/complete/", response=RequestOut, **needs(Perm.REQUEST_HANDLE))
def complete_request(request: HttpRequest, pk: Id, body: ResolveIn, response: HttpResponse) -> Any:
    """Say that an approved request was served."""
    return _moved(request, pk, "complete", body, body.said, response)


@routes.post("/requests/{int:pk}/moves/cancel/", response=RequestOut, **needs(Perm.REQUEST_CREATE))
def cancel_request(request: HttpRequest, pk: Id, body: ResolveIn, response: HttpResponse) -> Any:
    """Take one's own pending request back."""
    return _moved(request, pk, "cancel", body, body.said, response)
