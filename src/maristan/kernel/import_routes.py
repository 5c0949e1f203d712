"""The routes of a bulk file, mounted by the app whose file it is."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import Field

from maristan.kernel import exports, imports, tenancy
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    export,
    needs,
    ordered,
    page_of,
)
from maristan.kernel.errors import TooLarge
from maristan.kernel.models import ImportRun
from maristan.kernel.tables.outcomes import ImportMode, RowAction


class JobBrief(Out):
    """Progress of the preview or commit."""

    id: int
    status: str
    done: int
    total: int
    message: str
    error: str


class ImportRunOut(Out):
    """One bulk file."""

    id: int
    kind: str
    filename: str
    mode: str
    status: str
    options: dict[str, Any]
    summary: dict[str, Any]
    warnings: list[dict[str, Any]]
    user_name: str
    created_at: datetime
    committed_at: datetime | None
    job: JobBrief


class ImportRunDetail(ImportRunOut):
    """One bulk file with how often each fault occurs."""

    fault_counts: dict[str, int]


class ImportRowOut(Out):
    """One row of a preview."""

    row: int
    action: str
    cells: dict[str, str]
    faults: list[dict[str, str]]
    notes: list[dict[str, str]]


class ImportForm(In):
    """How the file is to be read."""

    mode: Annotated[ImportMode, any_case] = ImportMode.CREATE_ONLY
    auto_create: bool = False
    date_order: Annotated[str, any_case, Field(pattern="^(dmy|mdy)?$")] = ""


class RowFilters(Paging):
    """Filters of the rows of a preview."""

    page_size: Annotated[int, Field(ge=1, le=200)] = 50
    action: Annotated[RowAction | None, any_case] = None
    code: Annotated[str, Field(max_length=40)] = ""


class CommitIn(In):
    """The commit of a preview."""

    confirm: bool = False
    partial: bool = False


def mount(routes: Routes, path: str, kind: str, permission: str) -> None:
    """Add upload, lists with exports, page, errors file and commit of `kind` below `path` (`/students/imports`)."""
    _mount_writes(routes, path, kind, permission)
    _mount_reads(routes, path, kind, permission)
    _mount_rows(routes, path, kind, permission)
    _mount_files(routes, path, kind, permission)


def _mount_writes(routes: Routes, path: str, kind: str, permission: str) -> None:
    @routes.post(f"{path}/", response={201: ImportRunOut}, operation_id=f"upload_{kind}", **needs(permission))
    def upload(request: HttpRequest, file: File[UploadedFile], form: Form[ImportForm]) -> Any:
        """Upload a file and start its preview."""
        if file.size and file.size > 10 * 2**20:
            raise TooLarge(detail="At most 10 MB.")
        options = {"auto_create": form.auto_create, "date_order": form.date_order}
        run = imports.upload(
            kind=kind, filename=file.name or "file", content=file.read(), mode=form.mode, options=options,
            by=actor(request),
        )  # fmt: skip
        return created(run)

    @routes.post(
        f"{path}/{{int:pk}}/commit/", response=ImportRunOut, operation_id=f"commit_{kind}", **needs(permission)
    )
    def commit(request: HttpRequest, pk: Id, body: CommitIn) -> Any:
        """Write the rows of a preview."""
        return imports.commit(kind=kind, pk=pk, confirm=body.confirm, partial=body.partial, by=actor(request))


RUN_ORDERINGS = ("id", "created_at", "filename", "status", "user_name")
ROW_ORDERINGS = ("row", "action")
RUN_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "id": lambda run: run.pk,
    "filename": lambda run: run.filename,
    "mode": lambda run: run.mode,
    "status": lambda run: run.status,
    **{name: lambda run, name=name: run.summary.get(name) for name in (*RowAction, "total")},  # type: ignore[misc]
    "user_name": lambda run: run.user_name,
    "created_at": lambda run: run.created_at,
    "committed_at": lambda run: run.committed_at,
}


def _mount_reads(routes: Routes, path: str, kind: str, permission: str) -> None:
    def listed(request: HttpRequest, wanted: Paging) -> Any:
        found = imports.matching(imports.visible_to(kind, actor=actor(request)), wanted.search)
        return ordered(found, wanted.ordering, RUN_ORDERINGS)

    @routes.get(f"{path}/", response=Page[ImportRunOut], operation_id=f"list_{kind}_imports", **needs(permission))
    def runs(request: HttpRequest, paging: Query[Paging]) -> Any:
        """Uploaded files, newest first."""
        return page_of(request, listed(request, paging), paging)

    @routes.get(f"{path}/export/", response=None, operation_id=f"export_{kind}_imports", **needs(permission))
    def export_runs(request: HttpRequest, paging: Query[Paging], wanted: Query[ExportFormat]) -> Any:
        """The list as a file."""
        return export(listed(request, paging), wanted, name=f"{kind}_imports", columns=RUN_COLUMNS)

    @routes.get(f"{path}/{{int:pk}}/", response=ImportRunDetail, operation_id=f"get_{kind}_import", **needs(permission))
    def run(request: HttpRequest, pk: Id) -> Any:
        """One uploaded file."""
        found = imports.get(kind, pk, actor=actor(request))
        found.fault_counts = imports.fault_counts(found)  # type: ignore[attr-defined]
        return found


def _mount_rows(routes: Routes, path: str, kind: str, permission: str) -> None:
    def listed(request: HttpRequest, pk: int, wanted: RowFilters) -> Any:
        run = imports.get(kind, pk, actor=actor(request))
        found = imports.rows_of(run, action=wanted.action or "", code=wanted.code, text=wanted.search)
        return ordered(found, wanted.ordering, ROW_ORDERINGS)

    @routes.get(
        f"{path}/{{int:pk}}/rows/", response=Page[ImportRowOut], operation_id=f"list_{kind}_rows", **needs(permission)
    )
    def rows(request: HttpRequest, pk: Id, filters: Query[RowFilters]) -> Any:
        """Rows of a preview."""
        return page_of(request, listed(request, pk, filters), filters)

    @routes.get(
        f"{path}/{{int:pk}}/rows/export/", response=None, operation_id=f"export_{kind}_rows", **needs(permission)
    )
    def export_rows(request: HttpRequest, pk: Id, filters: Query[RowFilters], wanted: Query[ExportFormat]) -> Any:
        """The rows as a file: what was read, what a commit would do, and what is wrong."""
        known = imports.importer(kind).known
        return export(listed(request, pk, filters), wanted, name=f"{kind}_rows", columns=row_columns(known))


def row_columns(known: Iterable[str]) -> dict[str, Callable[[Any], Any]]:
    """Columns of the export of a preview whose file may have these."""
    cells = {name: lambda row, name=name: row.cells.get(name) for name in known}
    return {
        "row": lambda row: row.row,
        "action": lambda row: row.action,
        **cells,
        "faults": lambda row: "; ".join(fault["detail"] for fault in row.faults),
        "notes": lambda row: "; ".join(note["detail"] for note in row.notes),
    }


def _mount_files(routes: Routes, path: str, kind: str, permission: str) -> None:
    @routes.get(f"{path}/template/", response=None, operation_id=f"{kind}_import_template", **needs(permission))
    def template(request: HttpRequest, wanted: Query[ExportFormat]) -> Any:
        """A file to begin with, which passes its own preview."""
        content = imports.template_file(kind, wanted.format, actor=actor(request))
        return download(content, f"{kind}_import_template", wanted)

    @routes.get(
        f"{path}/{{int:pk}}/errors/", response=None, operation_id=f"{kind}_error_file", **needs(permission, export=True)
    )
    def errors(request: HttpRequest, pk: Id, wanted: Query[ExportFormat]) -> Any:
        """The wrong rows as a file to mend and upload again."""
        return error_download(imports.get(kind, pk, actor=actor(request)), wanted)


def error_download(run: ImportRun, wanted: ExportFormat) -> StreamingHttpResponse:
    """The wrong rows of a run as a download."""
    institution_id = tenancy.current()

    def content() -> Any:
        with tenancy.acting_in(institution_id):
            yield from imports.error_file(run, wanted.format)

    return download(content(), "errors", wanted)


def download(content: Iterable[bytes], name: str, wanted: ExportFormat) -> StreamingHttpResponse:
    """Bytes of a table as a download."""
    response = StreamingHttpResponse(content, content_type=exports.CONTENT_TYPES[wanted.format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{wanted.format}"'
    return response
