"""Routes of intakes."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import intakes as actions
from maristan.academics.queries import admissions as queries
from maristan.academics.queries.structure import matching
from maristan.academics.rules.states import Perm
from maristan.kernel import clock, rows
from maristan.kernel.api import (
    FIRST_DAY,
    ExportFormat,
    Id,
    In,
    Instant,
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
EARLIEST = datetime.combine(FIRST_DAY, time.min, UTC)
Seats = Annotated[int, Field(ge=1, le=100_000)]


class IntakeOut(Out):
    """When people may apply for a batch, how many are taken, and how many applied, wait and were admitted."""

    id: int
    program: int = Field(alias="program_id")
    program_name: str = Field(alias="program.name")
    batch: int = Field(alias="batch_id")
    batch_name: str = Field(alias="batch.name")
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    seats: int
    application_count: int
    open_count: int
    approved_count: int
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_is_open(row: Any) -> bool:
        """True while people may apply."""
        return queries.is_open(row, clock.now())


class IntakeIn(In):
    """A new intake of a batch; the program is the batch's."""

    program: Id | None = None
    batch: Id
    opens_at: Instant
    closes_at: Instant
    seats: Seats


class IntakePatch(In):
    """The fields to change."""

    opens_at: Instant = EARLIEST
    closes_at: Instant = EARLIEST
    seats: Seats = 1


class IntakeFilters(Paging):
    """Filters of the list; `is_open` means now."""

    program: Id | None = None
    batch: Id | None = None
    is_open: bool | None = None


def _listed(request: HttpRequest, filters: IntakeFilters) -> Any:
    found = matching(queries.intakes(actor=actor(request)), filters.search, "program__name", "batch__name")
    for field in ("program", "batch"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.is_open is not None:
        found = queries.open_at(found, clock.now(), filters.is_open)
    allowed = ("opens_at", "closes_at", "program__name", "batch__name", "id")
    return ordered(found, filters.ordering or "-opens_at", allowed)


def _one(intake: Any, response: HttpResponse) -> Any:
    versioned(response, intake.version)
    return intake


@routes.get("/intakes/", response=Page[IntakeOut], **needs(Perm.INTAKE_VIEW))
def list_intakes(request: HttpRequest, filters: Query[IntakeFilters]) -> Any:
    """Intakes, the latest first."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/intakes/export/", response=None, **needs(Perm.INTAKE_VIEW))
def export_intakes(request: HttpRequest, filters: Query[IntakeFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "program_name": lambda row: row.program.name,
        "batch_name": lambda row: row.batch.name,
        "opens_at": lambda row: row.opens_at,
        "closes_at": lambda row: row.closes_at,
        "seats": lambda row: row.seats,
        "application_count": lambda row: row.application_count,
        "approved_count": lambda row: row.approved_count,
    }
    return export(_listed(request, filters), wanted, name="intakes", columns=columns)


@routes.post("/intakes/", response={201: IntakeOut}, **needs(Perm.INTAKE_MANAGE))
def create_intake(request: HttpRequest, body: IntakeIn, response: HttpResponse) -> Any:
    """Enter the time in which people may apply for a batch."""
    return created(_one(actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/intakes/{int:pk}/", response=IntakeOut, **needs(Perm.INTAKE_VIEW))
def get_intake(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One intake."""
    return _one(rows.one(queries.intakes(actor=actor(request)), pk), response)


@routes.patch("/intakes/{int:pk}/", response=IntakeOut, **needs(Perm.INTAKE_MANAGE))
def update_intake(request: HttpRequest, pk: Id, body: IntakePatch, response: HttpResponse) -> Any:
    """Change an intake."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.delete("/intakes/{int:pk}/", response={204: None}, **needs(Perm.INTAKE_MANAGE))
def delete_intake(request: HttpRequest, pk: Id) -> Any:
    """Delete an intake for which nobody applied."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()
