"""Routes of programs and their tracks."""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import layout
from maristan.academics.actions import programs as actions
from maristan.academics.api.shapes import (
    Name,
    ProgramState,
    ShortName,
    Structure,
    VersionedMoveIn,
    WithMoves,
    narrowed,
    with_moves,
)
from maristan.academics.queries import structure as queries
from maristan.academics.rules.states import Perm, ProgramStructure
from maristan.kernel import rows
from maristan.kernel.api import (
    Day,
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
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
Code = Annotated[str, Field(min_length=1, max_length=16)]
Months = Annotated[int, Field(ge=1, le=120)]
Total = Annotated[int, Field(ge=1, le=60)]
Description = Annotated[str, Field(max_length=5000)]


class ProgramOut(Out):
    """One program."""

    id: int
    name: str
    code: str
    description: str
    structure_type: str
    period_length_months: int | None
    total_periods: int
    status: str
    batch_count: int = 0
    version: int
    created_at: datetime
    updated_at: datetime


class ProgramDetail(ProgramOut, WithMoves):
    """One program with its moves."""


class ProgramIn(In):
    """A new program; without `total_periods` a yearly one has 5, one of semesters 10."""

    name: Name
    code: Code
    description: Description = ""
    structure_type: Structure = ProgramStructure.YEARLY
    period_length_months: Months | None = None
    total_periods: Total | None = None


class ProgramPatch(In):
    """The fields to change."""

    name: Name = ""
    code: Code = ""
    description: Description = ""
    structure_type: Structure = ProgramStructure.YEARLY
    period_length_months: Months | None = None
    total_periods: Total = 1


class ProgramFilters(Paging):
    """Filters of the list."""

    status: ProgramState | None = None
    structure_type: Structure | None = None


class GeneratedOut(Out):
    """How many periods were created, and how many stood there."""

    created_count: int
    existing_count: int


class LayOutIn(In):
    """For which batch, from which day; `preview` writes nothing."""

    batch: Id
    start_date: Day
    preview: bool = False


class LaidOutPeriod(Out):
    """One period laid out, by the template it copies."""

    template: int
    parent_template: int | None
    kind: str
    name: str
    start_date: date | None
    end_date: date | None


class LaidOut(Out):
    """What was added for the batch, or would be."""

    created_count: int
    existing_count: int
    is_preview: bool
    periods: list[LaidOutPeriod]


class TrackOut(Out):
    """One track of a program."""

    id: int
    program: int = Field(alias="program_id")
    program_name: str = Field(alias="program.name")
    name: str
    version: int


class TrackIn(In):
    """A new track."""

    program: Id
    name: ShortName


class TrackPatch(In):
    """The track's new name."""

    name: ShortName


class TrackFilters(Paging):
    """Filters of the list."""

    program: Id | None = None


def _programs(request: HttpRequest, filters: ProgramFilters) -> Any:
    found = narrowed(queries.programs(actor=actor(request)), filters, status="status", structure_type="structure_type")
    return ordered(
        queries.matching(found, filters.search), filters.ordering or "name", ("name", "code", "status", "id")
    )


@routes.get("/programs/", response=Page[ProgramOut], **needs(Perm.PROGRAM_VIEW))
def list_programs(request: HttpRequest, filters: Query[ProgramFilters]) -> Any:
    """Programs of the institution."""
    return page_of(request, _programs(request, filters), filters)


@routes.get("/programs/export/", response=None, **needs(Perm.PROGRAM_VIEW))
def export_programs(request: HttpRequest, filters: Query[ProgramFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    names = ("code", "name", "structure_type", "period_length_months", "total_periods", "status")
    columns: dict[str, Callable[[Any], Any]] = {name: attrgetter(name) for name in names}
    return export(_programs(request, filters), wanted, name="programs", columns=columns)


@routes.post("/programs/", response={201: ProgramDetail}, **needs(Perm.PROGRAM_MANAGE))
def create_program(request: HttpRequest, body: ProgramIn, response: HttpResponse) -> Any:
    """Enter a program as a draft."""
    made = actions.create(values=body.dict(), by=actor(request))
    return created(with_moves(made, queries.program_moves(made, actor=actor(request)), response))


@routes.get("/programs/{int:pk}/", response=ProgramDetail, **needs(Perm.PROGRAM_VIEW))
def get_program(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One program with its moves."""
    found = rows.one(queries.programs(actor=actor(request)), pk)
    return with_moves(found, queries.program_moves(found, actor=actor(request)), response)


@routes.patch("/programs/{int:pk}/", response=ProgramDetail, **needs(Perm.PROGRAM_MANAGE))
def update_program(request: HttpRequest, pk: Id, body: ProgramPatch, response: HttpResponse) -> Any:
    """Change a program."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    return with_moves(found, queries.program_moves(found, actor=actor(request)), response)


@routes.delete("/programs/{int:pk}/", response={204: None}, **needs(Perm.PROGRAM_MANAGE))
def delete_program(request: HttpRequest, pk: Id) -> Any:
    """Delete a program that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


@routes.post("/programs/{int:pk}/moves/{name}/", response=ProgramDetail, **needs(Perm.PROGRAM_FINALIZE))
def move_program(request: HttpRequest, pk: Id, name: str, body: VersionedMoveIn, response: HttpResponse) -> Any:
    """Finalize or retire a program."""
    version = expected_version(request, body.version)
    found = actions.move(pk=pk, name=name, version=version, reason=body.reason, by=actor(request))
    return with_moves(found, queries.program_moves(found, actor=actor(request)), response)


@routes.post("/programs/{int:pk}/generate-periods/", response=GeneratedOut, **needs(Perm.PERIOD_MANAGE))
def generate_periods(request: HttpRequest, pk: Id) -> Any:
    """Create the years, semesters or periods that are missing in the template."""
    return layout.generate_periods(pk=pk, by=actor(request))


@routes.post("/programs/{int:pk}/lay-out/", response=LaidOut, **needs(Perm.PERIOD_MANAGE))
def lay_out(request: HttpRequest, pk: Id, body: LayOutIn) -> Any:
    """Copy the template for a batch with dates."""
    return layout.lay_out(pk=pk, batch=body.batch, start_date=body.start_date, preview=body.preview, by=actor(request))


def _tracks(request: HttpRequest, filters: TrackFilters) -> Any:
    found = narrowed(queries.tracks(actor=actor(request)), filters, program="program_id")
    return ordered(
        queries.matching(found, filters.search, "name"), filters.ordering or "name", ("name", "program", "id")
    )


@routes.get("/tracks/", response=Page[TrackOut], **needs(Perm.PERIOD_VIEW))
def list_tracks(request: HttpRequest, filters: Query[TrackFilters]) -> Any:
    """Tracks on which learning blocks follow one another."""
    return page_of(request, _tracks(request, filters), filters)


@routes.get("/tracks/export/", response=None, **needs(Perm.PERIOD_VIEW))
def export_tracks(request: HttpRequest, filters: Query[TrackFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {"program": lambda row: row.program.name, "name": lambda row: row.name}
    return export(_tracks(request, filters), wanted, name="tracks", columns=columns)


@routes.post("/tracks/", response={201: TrackOut}, **needs(Perm.PERIOD_MANAGE))
def create_track(request: HttpRequest, body: TrackIn, response: HttpResponse) -> Any:
    """Enter a track of a program."""
    made = actions.create_track(program=body.program, name=body.name, by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/tracks/{int:pk}/", response=TrackOut, **needs(Perm.PERIOD_VIEW))
def get_track(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One track."""
    found = rows.one(queries.tracks(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/tracks/{int:pk}/", response=TrackOut, **needs(Perm.PERIOD_MANAGE))
def update_track(request: HttpRequest, pk: Id, body: TrackPatch, response: HttpResponse) -> Any:
    """Rename a track."""
    version = expected_version(request)
    found = actions.update_track(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/tracks/{int:pk}/", response={204: None}, **needs(Perm.PERIOD_MANAGE))
def delete_track(request: HttpRequest, pk: Id) -> Any:
    """Delete a track that no block stands on."""
    actions.delete_track(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()
