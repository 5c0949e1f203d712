"""Routes of documents: a week as PDF, workbook and calendar, one's own calendar, and the print desk."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.responses import Status
from pydantic import ConfigDict, Field

from maristan.kernel import clock
from maristan.kernel.api import Day, Id, In, Out, Routes, actor, file_response, needs
from maristan.kernel.reports import Document
from maristan.timetable.actions import printing
from maristan.timetable.queries import weeks
from maristan.timetable.queries.documents import files, packs
from maristan.timetable.queries.documents.packs import Subject
from maristan.timetable.rules.states import Perm

routes = Routes()
Ids = Annotated[list[Id], Field(min_length=1, max_length=packs.SUBJECTS_AT_MOST)]


class PrintQuery(In):
    """Whose timetables, from one day to another; every week that starts in between is a page."""

    model_config = ConfigDict(populate_by_name=True)

    by: Subject
    id: Ids
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class PrintJobOut(Out):
    """A pack in the making: its progress is at `jobs/{id}/`."""

    id: int
    kind: str
    status: str
    done: int
    total: int


def _send(made: Document) -> HttpResponse:
    return file_response(made.content, made.content_type, made.filename)


@routes.get("/weeks/{int:pk}/pdf/", response=None, **needs(Perm.WEEK_VIEW))
def week_pdf(request: HttpRequest, pk: Id) -> HttpResponse:
    """The week's grid on A4 landscape."""
    return _send(files.week_pdf(weeks.get(pk, actor=actor(request)), actor=actor(request), now=clock.now()))


@routes.get("/weeks/{int:pk}/xlsx/", response=None, **needs(Perm.WEEK_VIEW))
def week_xlsx(request: HttpRequest, pk: Id) -> HttpResponse:
    """The week as a workbook: a grid and a list."""
    return _send(files.week_xlsx(weeks.get(pk, actor=actor(request)), actor=actor(request), now=clock.now()))


@routes.get("/weeks/{int:pk}/ics/", response=None, **needs(Perm.WEEK_VIEW))
def week_ics(request: HttpRequest, pk: Id) -> HttpResponse:
    """The week's sessions for calendar programs."""
    return _send(files.week_ics(weeks.get(pk, actor=actor(request)), actor=actor(request), now=clock.now()))


@routes.get("/my-timetable/ics/", response=None, **needs(Perm.SESSION_VIEW))
def own_ics(request: HttpRequest) -> HttpResponse:
    """Everything that the signed-in person teaches or attends in the open periods, for calendar programs."""
    return _send(files.own_ics(actor=actor(request)))


@routes.get("/print/", response=None, **needs(Perm.WEEK_PRINT))
def print_pack(request: HttpRequest, asked: Query[PrintQuery]) -> HttpResponse:
    """One PDF of many timetables, up to 40 pages; more are made by `print/jobs/`."""
    return _send(packs.at_once(by=asked.by, ids=asked.id, first=asked.first, last=asked.last, actor=actor(request)))


@routes.post("/print/jobs/", response={202: PrintJobOut}, **needs(Perm.WEEK_PRINT))
def start_print(request: HttpRequest, body: PrintQuery) -> Any:
    """Have a pack of any size made; its file is at `print/jobs/{id}/file/` once the job has succeeded."""
    job = printing.start(subject=body.by, ids=body.id, first=body.first, last=body.last, by=actor(request))
    return Status(202, job)


@routes.get("/print/jobs/{int:pk}/file/", response=None, **needs(Perm.WEEK_PRINT))
def printed_file(request: HttpRequest, pk: Id) -> HttpResponse:
    """The PDF that one's own job made."""
    return _send(packs.printed(pk, actor=actor(request)))
