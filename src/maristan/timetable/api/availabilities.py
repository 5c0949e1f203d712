"""Routes of availabilities."""

from datetime import date, time
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.kernel import rows
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
    export,
    needs,
    no_content,
    ordered,
    page_of,
)
from maristan.timetable.actions import availabilities as actions
from maristan.timetable.queries import availabilities as queries
from maristan.timetable.rules.states import AvailabilityLevel, AvailabilitySubject, Perm

routes = Routes()


class AvailabilityOut(Out):
    """A weekly time of somebody or something."""

    id: int
    subject_kind: str
    subject_id: int
    day_of_week: int
    start_time: time
    end_time: time
    level: str
    from_date: date
    to_date: date | None
    version: int


class AvailabilityIn(In):
    """A weekly time to be declared; 0 = Monday."""

    subject_kind: AvailabilitySubject
    subject_id: Id
    day_of_week: Annotated[int, Field(ge=0, le=6)]
    start_time: time
    end_time: time
    level: AvailabilityLevel
    from_date: date
    to_date: date | None = None


class AvailabilityFilters(Paging):
    """Filters of the list."""

    subject_kind: AvailabilitySubject | None = None
    subject_id: Id | None = None


def _listed(request: HttpRequest, filters: AvailabilityFilters) -> Any:
    found = queries.visible_to(actor=actor(request))
    for field in ("subject_kind", "subject_id"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    return ordered(found, filters.ordering or "day_of_week,start_time", ("day_of_week", "start_time", "level", "id"))


@routes.get("/availabilities/", response=Page[AvailabilityOut], **needs(Perm.AVAILABILITY_VIEW))
def list_availabilities(request: HttpRequest, filters: Query[AvailabilityFilters]) -> Any:
    """Weekly times declared."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/availabilities/export/", response=None, **needs(Perm.AVAILABILITY_VIEW))
def export_availabilities(
    request: HttpRequest, filters: Query[AvailabilityFilters], wanted: Query[ExportFormat]
) -> Any:
    """The list as a file."""
    columns = {
        "subject_kind": lambda row: row.subject_kind,
        "subject_id": lambda row: row.subject_id,
        "day_of_week": lambda row: row.day_of_week,
        "start_time": lambda row: row.start_time,
        "end_time": lambda row: row.end_time,
        "level": lambda row: row.level,
    }
    return export(_listed(request, filters), wanted, name="availabilities", columns=columns)


@routes.post("/availabilities/", response={201: AvailabilityOut}, **needs(Perm.AVAILABILITY_MANAGE))
def declare_availability(request: HttpRequest, body: AvailabilityIn) -> Any:
    """Declare a weekly time."""
    return created(actions.declare(values=body.dict(), by=actor(request)))


@routes.get("/availabilities/{int:pk}/", response=AvailabilityOut, **needs(Perm.AVAILABILITY_VIEW))
def get_availability(request: HttpRequest, pk: Id) -> Any:
    """One weekly time."""
    return rows.one(queries.visible_to(actor=actor(request)), pk)


@routes.delete("/availabilities/{int:pk}/", response={204: None}, **needs(Perm.AVAILABILITY_MANAGE))
def withdraw_availability(request: HttpRequest, pk: Id) -> Any:
    """Take a declaration back."""
    actions.withdraw(pk=pk, by=actor(request))
    return no_content()
