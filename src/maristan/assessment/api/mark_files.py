"""Routes of files of marks: the grid taken away, filled, and handed in again in two phases."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Query
from ninja.files import UploadedFile

from maristan.assessment.actions import mark_files as actions
from maristan.assessment.queries import mark_files as queries
from maristan.assessment.queries.mark_files import KIND
from maristan.assessment.rules.states import Perm
from maristan.kernel import imports, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    Page,
    Paging,
    Routes,
    actor,
    created,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.kernel.errors import TooLarge
from maristan.kernel.exports import stream
from maristan.kernel.import_routes import (
    ROW_ORDERINGS,
    RUN_COLUMNS,
    RUN_ORDERINGS,
    CommitIn,
    ImportRowOut,
    ImportRunDetail,
    ImportRunOut,
    RowFilters,
    download,
    error_download,
    row_columns,
)

routes = Routes()
PATH = "/exams/{int:pk}/imports/"
ONE = PATH + "{int:run}/"
BIGGEST = 10 * 2**20


@routes.get("/exams/{int:pk}/grid/export/", response=None, **needs(Perm.RESULT_VIEW))
def export_grid(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
    """The grid as a file that may be handed in again."""
    header, lines = queries.grid_file(pk, actor=actor(request))
    return download(stream(wanted.format, header, lines), "marks", wanted)


@routes.post(PATH, response={201: ImportRunOut}, **needs(Perm.RESULT_ENTER))
def upload_marks(request: HttpRequest, pk: Id, file: Annotated[UploadedFile, File()]) -> Any:
    """Upload a file of marks and start its preview."""
    if file.size and file.size > BIGGEST:
        raise TooLarge(detail="At most 10 MB.")
    return created(actions.upload(exam_id=pk, filename=file.name or "file", content=file.read(), by=actor(request)))


def _runs(request: HttpRequest, pk: int, paging: Paging) -> Any:
    found = imports.matching(queries.visible_to(pk, actor=actor(request)), paging.search)
    return ordered(found, paging.ordering, RUN_ORDERINGS)


def _run(request: HttpRequest, pk: int, run: int) -> Any:
    return rows.one(queries.visible_to(pk, actor=actor(request)), run)


@routes.get(PATH, response=Page[ImportRunOut], **needs(Perm.RESULT_ENTER))
def list_marks_imports(request: HttpRequest, pk: Id, paging: Query[Paging]) -> Any:
    """Files of marks of an exam, newest first."""
    return page_of(request, _runs(request, pk, paging), paging)


@routes.get(f"{PATH}export/", response=None, **needs(Perm.RESULT_ENTER))
def export_marks_imports(request: HttpRequest, pk: Id, paging: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    return export(_runs(request, pk, paging), wanted, name="marks_imports", columns=RUN_COLUMNS)


@routes.get(ONE, response=ImportRunDetail, **needs(Perm.RESULT_ENTER))
def get_marks_import(request: HttpRequest, pk: Id, run: Id) -> Any:
    """One file of marks."""
    found = _run(request, pk, run)
    found.fault_counts = imports.fault_counts(found)
    return found


@routes.post(f"{ONE}commit/", response=ImportRunOut, **needs(Perm.RESULT_ENTER))
def commit_marks(request: HttpRequest, pk: Id, run: Id, body: CommitIn) -> Any:
    """Write the rows of a preview."""
    found = _run(request, pk, run)
    return imports.commit(kind=KIND, pk=found.pk, confirm=body.confirm, partial=body.partial, by=actor(request))


def _rows(request: HttpRequest, pk: int, run: int, wanted: RowFilters) -> Any:
    found = _run(request, pk, run)
    listed = imports.rows_of(found, action=wanted.action or "", code=wanted.code, text=wanted.search)
    return ordered(listed, wanted.ordering, ROW_ORDERINGS)


@routes.get(f"{ONE}rows/", response=Page[ImportRowOut], **needs(Perm.RESULT_ENTER))
def list_marks_rows(request: HttpRequest, pk: Id, run: Id, filters: Query[RowFilters]) -> Any:
    """Rows of a preview."""
    return page_of(request, _rows(request, pk, run, filters), filters)


@routes.get(f"{ONE}rows/export/", response=None, **needs(Perm.RESULT_ENTER))
def export_marks_rows(
    request: HttpRequest, pk: Id, run: Id, filters: Query[RowFilters], wanted: Query[ExportFormat]
) -> Any:
    """The rows as a file: what was read, what a commit would do, and what is wrong."""
    columns = row_columns(queries.columns({"exam": pk}))
    return export(_rows(request, pk, run, filters), wanted, name="marks_rows", columns=columns)


@routes.get(f"{ONE}errors/", response=None, **needs(Perm.RESULT_ENTER, export=True))
def marks_error_file(request: HttpRequest, pk: Id, run: Id, wanted: Query[ExportFormat]) -> Any:
    """The wrong rows as a file to mend and upload again."""
    return error_download(_run(request, pk, run), wanted)
