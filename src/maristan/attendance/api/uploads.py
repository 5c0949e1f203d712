"""Routes of files of marks: the exact path of the contract, and imports in two phases."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from maristan.attendance.actions import uploads as actions
from maristan.attendance.rules import uploads as rules
from maristan.attendance.rules.states import Perm
from maristan.attendance.rules.words import FALSE, TRUE, word
from maristan.kernel.api import Id, In, Out, Routes, actor, created, needs
from maristan.kernel.errors import TooLarge
from maristan.kernel.import_routes import ImportRunOut, mount

routes = Routes()
BIGGEST = 10 * 2**20
Word = Annotated[str, Field(max_length=100)]


class UploadForm(Schema):
    """How the file is to be taken; truth words as in the file."""

    session_id: Word = ""
    partial: Word = ""
    add: Word = ""


class SessionFileForm(In):
    """Whether people who are not on the roster are taken in."""

    auto_create: bool = False


class UploadedOut(Out):
    """What an upload did."""

    message: str
    success_count: int
    error_count: int | None = None
    errors: list[str] | None = None
    error_rows: list[dict[str, Any]] | None = None
    error_file: dict[str, str] | None = None


def _truth(text: str, name: str) -> bool:
    said = word(text)
    if said and said not in TRUE | FALSE:
        raise rules.refused("bad_value", f"{name} is true or false.")
    return said in TRUE


@routes.post("/upload/", response={201: UploadedOut}, exclude_none=True, **needs(Perm.UPLOAD))
def upload(request: HttpRequest, form: Form[UploadForm], file: File[UploadedFile] = None) -> Any:  # type: ignore[assignment]
    """Write the marks of a file, all of it or, when `partial`, the good rows alone."""
    if file is not None and (file.size or 0) > BIGGEST:
        raise rules.refused("file_too_large", "At most 10 MB.")
    content, name = (None, "") if file is None else (file.read(), file.name or "file")
    done = actions.upload(
        filename=name, content=content, session=form.session_id, partial=_truth(form.partial, "partial"),
        add=_truth(form.add, "add"), by=actor(request),
    )  # fmt: skip
    return created(done)


@routes.post("/sessions/{int:pk}/imports/", response={201: ImportRunOut}, **needs(Perm.UPLOAD))
def upload_for_session(request: HttpRequest, pk: Id, file: File[UploadedFile], form: Form[SessionFileForm]) -> Any:
    """Upload a file of marks of one session and start its preview; it goes on as any other import."""
    if file.size and file.size > BIGGEST:
        raise TooLarge(detail="At most 10 MB.")
    return created(
        actions.begin(
            session=pk, filename=file.name or "file", content=file.read(), add=form.auto_create, by=actor(request)
        )
    )


mount(routes, "/imports", actions.KIND, Perm.UPLOAD)
