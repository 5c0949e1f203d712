"""Routes of holidays."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from maristan.directory.actions import holidays as actions
from maristan.directory.api.shapes import HolidayKind, HolidayScope, Name
from maristan.directory.queries import places as queries
from maristan.directory.rules import states
from maristan.directory.rules.states import Perm
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
UNSET = date(2000, 1, 1)


class HolidayOut(Out):
    """Days without teaching; `scope_id` is null for the whole institution."""

    id: int
    name: str
    start_date: date
    end_date: date
    kind: str
    scope_kind: str
    scope_id: int | None
    version: int


class HolidayPatch(In):
    """The fields to change."""

    name: Name = ""
    start_date: Day = UNSET
    end_date: Day = UNSET
    kind: HolidayKind = states.HolidayKind.PUBLIC
    scope_kind: HolidayScope = states.HolidayScope.INSTITUTION
    scope_id: Id | None = None


class HolidayIn(HolidayPatch):
    """A holiday to be declared."""

    name: Name
    start_date: Day
    end_date: Day


class HolidayFilters(Paging):
    """Filters of the list; `start_date` and `end_date` bound the days touched."""

    kind: HolidayKind | None = None
    scope_kind: HolidayScope | None = None
    scope_id: Id | None = None
    start_date: Day | None = None
    end_date: Day | None = None


LOOKUPS = {"kind": "kind", "scope_kind": "scope_kind", "scope_id": "scope_id", "start_date": "end_date__gte",
           "end_date": "start_date__lte"}  # fmt: skip


def _listed(request: HttpRequest, filters: HolidayFilters) -> Any:
    found = queries.holidays(actor=actor(request)).filter(name__icontains=filters.search)
    for name, lookup in LOOKUPS.items():
        if getattr(filters, name) is not None:
            found = found.filter(**{lookup: getattr(filters, name)})
    return ordered(found, filters.ordering or "start_date", ("start_date", "end_date", "name", "kind", "id"))


@routes.get("/holidays/", response=Page[HolidayOut], **needs(Perm.HOLIDAY_VIEW))
def list_holidays(request: HttpRequest, filters: Query[HolidayFilters]) -> Any:
    """Holidays of the institution."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/holidays/export/", response=None, **needs(Perm.HOLIDAY_VIEW))
def export_holidays(request: HttpRequest, filters: Query[HolidayFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.name,
        "start_date": lambda row: row.start_date,
        "end_date": lambda row: row.end_date,
        "kind": lambda row: row.kind,
        "scope_kind": lambda row: row.scope_kind,
        "scope_id": lambda row: row.scope_id,
    }
    return export(_listed(request, filters), wanted, name="holidays", columns=columns)


@routes.post("/holidays/", response={201: HolidayOut}, **needs(Perm.HOLIDAY_MANAGE))
def create_holiday(request: HttpRequest, body: HolidayIn, response: HttpResponse) -> Any:
    """Declare a holiday."""
    made = actions.create(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/holidays/{int:pk}/", response=HolidayOut, **needs(Perm.HOLIDAY_VIEW))
def get_holiday(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One holiday."""
    found = rows.one(queries.holidays(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/holidays/{int:pk}/", response=HolidayOut, **needs(Perm.HOLIDAY_MANAGE))
def update_holiday(request: HttpRequest, pk: Id, body: HolidayPatch, response: HttpResponse) -> Any:
    """Change a holiday."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/holidays/{int:pk}/", response={204: None}, **needs(Perm.HOLIDAY_MANAGE))
def delete_holiday(request: HttpRequest, pk: Id) -> Any:
    """Withdraw a holiday."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()
