"""Routes of what is attached to leave."""

from typing import Any

from django.http import HttpRequest
from ninja import File
from ninja.files import UploadedFile

from maristan.directory.actions import leave_attachments as actions
from maristan.directory.queries import leaves as queries
from maristan.directory.queries import settings
from maristan.directory.rules.states import Perm
from maristan.kernel import files, papers, rows
from maristan.kernel.api import Id, Routes, actor, file_response, needs, no_content
from maristan.kernel.pictures import document_type
from maristan.kernel.uploads import received

routes = Routes()


@routes.get("/leaves/{int:pk}/attachment/", response=None, **needs(Perm.LEAVE_VIEW))
def get_attachment(request: HttpRequest, pk: Id) -> Any:
    """What is attached to a leave."""
    visible = queries.visible_to(actor=actor(request), day=settings.local_today())
    found = queries.attachment(rows.one(visible, pk))
    content = files.read(found, of=("leave", pk), by=actor(request))
    return file_response(content, found.content_type, found.name)


@routes.post("/leaves/{int:pk}/attachment/", response={204: None}, **needs(Perm.LEAVE_REQUEST))
def put_attachment(request: HttpRequest, pk: Id, file: File[UploadedFile]) -> Any:
    """Attach a PDF, JPEG or PNG of at most 3 MB to a leave that is not yet decided."""
    actions.put(pk=pk, content=received(file, papers.DOCUMENT_BYTES, document_type), by=actor(request))
    return no_content()


@routes.delete("/leaves/{int:pk}/attachment/", response={204: None}, **needs(Perm.LEAVE_REQUEST))
def remove_attachment(request: HttpRequest, pk: Id) -> Any:
    """Take the attachment of an undecided leave away."""
    actions.remove(pk=pk, by=actor(request))
    return no_content()
