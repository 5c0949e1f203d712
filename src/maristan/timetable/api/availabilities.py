"""Routes of availabilities."""

from datetime import date, time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.kernel.answers import Shaped
from maristan.kernel.api import (
    FIRST_DAY,
    Day,
    ExportFormat,
    Id,
    In,
    LocalTime,
    Page,
    Paging,
    Routes,
    actor,
    any_case,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)
from maristan.timetable.actions import availabilities as actions
from maristan.timetable.queries import availabilities as queries
from maristan.timetable.rules.states import AvailabilityLevel, AvailabilitySubject, Perm

routes = Routes()


class AvailabilityOut(Shaped):
    """A weekly time of somebody or something."""

    id: int
    subject_kind: str
    subject_id: int
    subject_name: str
    day_of_week: int
    start_time: time
    end_time: time
    level: str
    from_date: date
    to_date: date | None
    version: int
    can_edit: bool


Subject = Annotated[AvailabilitySubject, any_case]
Level = Annotated[AvailabilityLevel, any_case]
DayOfWeek = Annotated[int, Field(ge=0, le=6)]


class AvailabilityPatch(In):
    """The fields to change; whose it is stays."""

    day_of_week: DayOfWeek = 0
    start_time: LocalTime = time.min
    end_time: LocalTime = time.min
    level: Level = AvailabilityLevel.AVOID
    from_date: Day = FIRST_DAY
    to_date: Day | None = None


class AvailabilityIn(In):
    """A weekly time to be declared; 0 = Monday."""

    subject_kind: Subject
    subject_id: Id
    day_of_week: DayOfWeek
    start_time: LocalTime
    end_time: LocalTime
    level: Level
    from_date: Day
    to_date: Day | None = None


class AvailabilityFilters(Paging):
    """Filters of the list."""

    subject_kind: Subject | None = None
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
    page = page_of(request, queries.with_names(_listed(request, filters)), filters)
    return {**page, "results": [queries.shown(row, actor(request)) for row in page["results"]]}


@routes.get("/availabilities/export/", response=None, **needs(Perm.AVAILABILITY_VIEW))
def export_availabilities(
    request: HttpRequest, filters: Query[AvailabilityFilters], wanted: Query[ExportFormat]
) -> Any:
    """The list as a file."""
    columns = {
        "subject_kind": lambda row: row.subject_kind,
        "subject_id": lambda row: row.subject_id,
        "subject_name": lambda row: row.subject_name,
        "day_of_week": lambda row: row.day_of_week,
        "start_time": lambda row: row.start_time,
        "end_time": lambda row: row.end_time,
        "level": lambda row: row.level,
    }
    return export(queries.with_names(_listed(request, filters)), wanted, name="availabilities", columns=columns)


@routes.post("/availabilities/", response={201: AvailabilityOut}, **needs(Perm.AVAILABILITY_MANAGE))
def declare_availability(request: HttpRequest, body: AvailabilityIn) -> Any:
    """Declare a weekly time."""
    made = actions.declare(values=body.dict(), by=actor(request))
    return created(queries.page(made.pk, actor=actor(request)))


@routes.get("/availabilities/{int:pk}/", response=AvailabilityOut, **needs(Perm.AVAILABILITY_VIEW))
def get_availability(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One weekly time."""
    found = queries.page(pk, actor=actor(request))
    versioned(response, found["version"])
    return found


@routes.patch("/availabilities/{int:pk}/", response=AvailabilityOut, **needs(Perm.AVAILABILITY_MANAGE))
def change_availability(request: HttpRequest, pk: Id, body: AvailabilityPatch, response: HttpResponse) -> Any:
    """Change a weekly time."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    changed = actions.change(pk=pk, version=version, values=values, by=actor(request))
    versioned(response, changed.version)
    return queries.page(pk, actor=actor(request))


@routes.delete("/availabilities/{int:pk}/", response={204: None}, **needs(Perm.AVAILABILITY_MANAGE))
def withdraw_availability(request: HttpRequest, pk: Id) -> Any:
    """Take a declaration back."""
    actions.withdraw(pk=pk, by=actor(request))
    return no_content()
