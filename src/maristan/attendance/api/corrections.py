"""Routes of corrections of marks."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from maristan.attendance.actions import corrections as actions
from maristan.attendance.queries import correction_files
from maristan.attendance.queries import corrections as queries
from maristan.attendance.rules.states import CorrectionStatus, Perm
from maristan.kernel import clock, files, papers, rows
from maristan.kernel.api import (
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
NOT_TAKEN = "file_type_not_allowed"


class MarkCorrectionOut(Out):
    """A correction that somebody asked for."""

    id: int
    line_id: int
    person: int
    full_name: str
    reg_no: str
    session: int
    title: str
    starts_at: datetime
    present_status: str | None
    wanted: str
    reason: str
    status: str
    requested_at: datetime
    requested_by_name: str
    decided_at: datetime | None
    decided_by_name: str | None
    answer: str
    filename: str
    may_open: bool
    may_attach: bool
    version: int
    moves: list[MoveOut]


class MarkCorrectionIn(In):
    """Which line, which mark, and why."""

    line: Id
    wanted: Annotated[str, Field(max_length=40)]
    reason: Annotated[str, Field(min_length=10, max_length=1000)]


class CorrectionFileOut(Out):
    """Where the file of a correction is read; the address holds for five minutes and for the asker alone."""

    url: str
    valid_until: datetime


class MarkCorrectionFilters(Paging):
    """Filters of the list."""

    status: Annotated[CorrectionStatus, any_case] | None = None
    session: Id | None = None


def _listed(request: HttpRequest, filters: MarkCorrectionFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    wanted = {"status": filters.status, "line__session_id": filters.session}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return ordered(found, filters.ordering or "-requested_at", queries.ORDERINGS)


def _page(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    versioned(response, found.version)
    return queries.shown(found, actor=actor(request), now=clock.now())


@routes.get("/corrections/", response=Page[MarkCorrectionOut], **needs(Perm.VIEW))
def list_corrections(request: HttpRequest, filters: Query[MarkCorrectionFilters]) -> Any:
    """Corrections that the reader may see."""
    page = page_of(request, _listed(request, filters), filters)
    shown = [queries.shown(row, actor=actor(request), now=clock.now()) for row in page["results"]]
    return {**page, "results": shown}


COLUMNS: dict[str, Any] = {
    name: lambda row, name=name: getattr(row, name)
    for name in ("reg_no", "full_name", "of_title", "of_starts_at", "wanted", "reason", "status", "requested_by_name",
                 "requested_at", "decided_by_name", "decided_at", "answer")
}  # fmt: skip


@routes.get("/corrections/export/", response=None, **needs(Perm.VIEW))
def export_corrections(request: HttpRequest, filters: Query[MarkCorrectionFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {name.removeprefix("of_"): value for name, value in COLUMNS.items()}
    return export(_listed(request, filters), wanted, name="corrections", columns=columns)


@routes.post("/corrections/", response={201: MarkCorrectionOut}, **needs(Perm.CORRECT))
def request_correction(request: HttpRequest, body: MarkCorrectionIn, response: HttpResponse) -> Any:
    """Ask for a mark to be corrected."""
    made = actions.request(**body.dict(), by=actor(request))
    return created(_page(request, made.pk, response))


@routes.get("/corrections/{int:pk}/", response=MarkCorrectionOut, **needs(Perm.VIEW))
def get_correction(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One correction."""
    return _page(request, pk, response)


@routes.post("/corrections/{int:pk}/file/", response=MarkCorrectionOut, **needs(Perm.CORRECT))
def attach_to_correction(request: HttpRequest, pk: Id, file: File[UploadedFile], response: HttpResponse) -> Any:
    """Give an open request of one's own a file, in place of the one before."""
    content = received(file, papers.DOCUMENT_BYTES, document_type, NOT_TAKEN)
    actions.attach(pk=pk, name=file.name or "", content=content, by=actor(request))
    return _page(request, pk, response)


@routes.post("/corrections/{int:pk}/open/", response=CorrectionFileOut, **needs(Perm.VIEW))
def open_correction_file(request: HttpRequest, pk: Id) -> Any:
    """Tell where the file of a correction is read."""
    url, until = correction_files.link(pk, actor=actor(request), now=clock.now())
    return {"url": url, "valid_until": until}


@routes.get("/corrections/{int:pk}/file/", response=None, **needs(Perm.VIEW, secret=True))
def get_correction_file(request: HttpRequest, pk: Id, token: Annotated[str, Field(max_length=500)]) -> Any:
    """The file behind an address that `open/` gave."""
    found = correction_files.by_link(pk, token, actor=actor(request), now=clock.now())
    content = files.read(found, of=("mark_correction", pk), by=actor(request))
    return file_response(content, found.content_type, found.name)


@routes.post("/corrections/{int:pk}/moves/{name}/", response=MarkCorrectionOut, **needs(Perm.VIEW))
def move_correction(request: HttpRequest, pk: Id, name: str, body: MoveIn, response: HttpResponse) -> Any:
    """Accept, decline or withdraw a correction."""
    actions.move(pk=pk, name=name, reason=body.reason, version=expected_version(request), by=actor(request))
    return _page(request, pk, response)
