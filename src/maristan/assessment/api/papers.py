"""Routes of the papers of an exam."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema

from maristan.assessment.queries import exam_papers as queries
from maristan.assessment.rules.states import Perm
from maristan.kernel import clock
from maristan.kernel.api import Id, Routes, actor, file_response, needs
from maristan.kernel.reports import Document

routes = Routes()


class SheetOptions(Schema):
    """Whether the sheet shows what was entered, or has room to write."""

    filled: bool = False


@routes.get("/exams/{int:pk}/marks-sheet/pdf/", response=None, **needs(Perm.RESULT_VIEW, export=True))
def marks_sheet_pdf(request: HttpRequest, pk: Id, wanted: Query[SheetOptions]) -> Any:
    """The candidates with a column for each component, to be filled in by hand or as entered."""
    return _file(queries.marks_sheet(pk, is_filled=wanted.filled, actor=actor(request), now=clock.now()))


@routes.get("/exams/{int:pk}/gazette/pdf/", response=None, **needs(Perm.RESULT_VIEW_DECIDED, export=True))
def gazette_pdf(request: HttpRequest, pk: Id) -> Any:
    """The published results with how many passed and failed."""
    return _file(queries.gazette(pk, actor=actor(request), now=clock.now()))


def _file(made: Document) -> Any:
    return file_response(made.content, made.content_type, made.filename)
