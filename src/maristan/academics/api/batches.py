"""Routes of batches and groups."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import batches as actions
from maristan.academics.api.shapes import Level, Position, ShortName, Year, narrowed
from maristan.academics.queries import group_list
from maristan.academics.queries import structure as queries
from maristan.academics.rules.programs import batch_code
from maristan.academics.rules.states import Perm
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
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

routes = Routes()
Seats = Annotated[int, Field(ge=1, le=5000)]


class BatchOut(Out):
    """One batch; `code` is its short code, such as `b31`."""

    id: int
    program: int = Field(alias="program_id")
    program_name: str = Field(alias="program.name")
    name: str
    code: str
    intake_year: int
    graduation_year: int
    is_active: bool
    group_count: int = 0
    student_count: int = 0
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_code(row: Any) -> str:
        """Made from the year of graduation."""
        return batch_code(row.graduation_year)


class BatchIn(In):
    """A new batch."""

    program: Id
    name: ShortName
    intake_year: Year
    graduation_year: Year
    is_active: bool = True


class BatchPatch(In):
    """The fields to change."""

    name: ShortName = ""
    intake_year: Year = 1900
    graduation_year: Year = 1900
    is_active: bool = True


class BatchFilters(Paging):
    """Filters of the list."""

    program: Id | None = None
    graduation_year: Year | None = None
    is_active: bool | None = None


class PromoteIn(In):
    """The year of study that the batch enters."""

    to_year: Level


class PromotedOut(Out):
    """How many students were raised, and how many stay as they are."""

    promoted_count: int
    unchanged_count: int


class GroupOut(Out):
    """One group of a batch."""

    id: int
    batch: int = Field(alias="batch_id")
    batch_name: str = Field(alias="batch.name")
    program: int = Field(alias="batch.program_id")
    program_name: str = Field(alias="batch.program.name")
    name: str
    capacity: int | None
    position: int
    student_count: int = 0
    version: int


class GroupIn(In):
    """A new group; without a position it is the last of its batch."""

    batch: Id
    name: ShortName
    capacity: Seats | None = None
    position: Position | None = None


class GroupPatch(In):
    """The fields to change."""

    name: ShortName = ""
    capacity: Seats | None = None
    position: Position = 1


class GroupFilters(Paging):
    """Filters of the list."""

    batch: Id | None = None
    program: Id | None = None


def _batches(request: HttpRequest, filters: BatchFilters) -> Any:
    found = narrowed(
        queries.batches(actor=actor(request)), filters, program="program_id", graduation_year="graduation_year",
        is_active="is_active",
    )  # fmt: skip
    allowed = ("name", "graduation_year", "intake_year", "program", "id")
    return ordered(
        queries.matching(found, filters.search, "name"), filters.ordering or "-graduation_year,name", allowed
    )


@routes.get("/batches/", response=Page[BatchOut], **needs(Perm.BATCH_VIEW))
def list_batches(request: HttpRequest, filters: Query[BatchFilters]) -> Any:
    """Batches of the programs."""
    return page_of(request, _batches(request, filters), filters)


@routes.get("/batches/export/", response=None, **needs(Perm.BATCH_VIEW))
def export_batches(request: HttpRequest, filters: Query[BatchFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "program": lambda row: row.program.name,
        "name": lambda row: row.name,
        "intake_year": lambda row: row.intake_year,
        "graduation_year": lambda row: row.graduation_year,
        "is_active": lambda row: row.is_active,
        "students": lambda row: row.student_count,
    }
    return export(_batches(request, filters), wanted, name="batches", columns=columns)


@routes.post("/batches/", response={201: BatchOut}, **needs(Perm.BATCH_MANAGE))
def create_batch(request: HttpRequest, body: BatchIn, response: HttpResponse) -> Any:
    """Enter a batch of a program."""
    made = actions.create(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/batches/{int:pk}/", response=BatchOut, **needs(Perm.BATCH_VIEW))
def get_batch(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One batch."""
    found = rows.one(queries.batches(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/batches/{int:pk}/", response=BatchOut, **needs(Perm.BATCH_MANAGE))
def update_batch(request: HttpRequest, pk: Id, body: BatchPatch, response: HttpResponse) -> Any:
    """Change a batch."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/batches/{int:pk}/", response={204: None}, **needs(Perm.BATCH_MANAGE))
def delete_batch(request: HttpRequest, pk: Id) -> Any:
    """Delete a batch that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


@routes.post("/batches/{int:pk}/promote/", response=PromotedOut, **needs(Perm.BATCH_MANAGE))
def promote_batch(request: HttpRequest, pk: Id, body: PromoteIn) -> Any:
    """Raise the active students of a batch to a year of study."""
    return actions.promote(pk=pk, to_year=body.to_year, by=actor(request))


def _groups(request: HttpRequest, filters: GroupFilters) -> Any:
    found = narrowed(queries.groups(actor=actor(request)), filters, batch="batch_id", program="batch__program_id")
    allowed = ("batch", "position", "name", "id")
    return ordered(queries.matching(found, filters.search, "name"), filters.ordering or "batch,position", allowed)


@routes.get("/groups/", response=Page[GroupOut], **needs(Perm.BATCH_VIEW))
def list_groups(request: HttpRequest, filters: Query[GroupFilters]) -> Any:
    """Groups of the batches."""
    return page_of(request, _groups(request, filters), filters)


@routes.get("/groups/export/", response=None, **needs(Perm.BATCH_VIEW))
def export_groups(request: HttpRequest, filters: Query[GroupFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "program": lambda row: row.batch.program.name,
        "batch": lambda row: row.batch.name,
        "name": lambda row: row.name,
        "capacity": lambda row: row.capacity,
        "students": lambda row: row.student_count,
    }
    return export(_groups(request, filters), wanted, name="groups", columns=columns)


@routes.post("/groups/", response={201: GroupOut}, **needs(Perm.BATCH_MANAGE))
def create_group(request: HttpRequest, body: GroupIn, response: HttpResponse) -> Any:
    """Enter a group of a batch."""
    made = actions.create_group(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/groups/{int:pk}/", response=GroupOut, **needs(Perm.BATCH_VIEW))
def get_group(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One group."""
    found = rows.one(queries.groups(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.get("/groups/{int:pk}/pdf/", response=None, **needs(Perm.STUDENT_VIEW, export=True))
def group_list_pdf(request: HttpRequest, pk: Id) -> HttpResponse:
    """The group's students on paper, with room for signatures."""
    by = actor(request)
    made = group_list.document(rows.one(queries.groups(actor=by), pk), actor=by, now=clock.now())
    return file_response(made.content, made.content_type, made.filename)


@routes.patch("/groups/{int:pk}/", response=GroupOut, **needs(Perm.BATCH_MANAGE))
def update_group(request: HttpRequest, pk: Id, body: GroupPatch, response: HttpResponse) -> Any:
    """Change a group."""
    version = expected_version(request)
    found = actions.update_group(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/groups/{int:pk}/", response={204: None}, **needs(Perm.BATCH_MANAGE))
def delete_group(request: HttpRequest, pk: Id) -> Any:
    """Delete a group that nothing refers to."""
    actions.delete_group(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()
