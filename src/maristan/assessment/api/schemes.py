"""Routes of grade schemes."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.assessment.actions import schemes as actions
from maristan.assessment.queries import schemes as queries
from maristan.assessment.rules.states import Perm, SchemeStatus
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

routes = Routes()
Point = Annotated[Decimal, Field(max_digits=4, decimal_places=2, ge=0, le=99, allow_inf_nan=False)]


class BandOut(Out):
    """A letter from a percentage on."""

    min_percent: Decimal
    letter: str
    point: Decimal | None
    is_fail: bool


class SchemeOut(Out):
    """One version of a grade scheme."""

    id: int
    scope_key: str
    name: str
    number: int
    status: str
    bands: list[BandOut]
    version: int
    created_at: datetime
    updated_at: datetime


class BandIn(In):
    """A letter from a percentage on; checked together with its neighbours."""

    min_percent: Annotated[Decimal, Field(max_digits=5, decimal_places=2, allow_inf_nan=False)]
    letter: Annotated[str, Field(min_length=1, max_length=4)]
    point: Point | None = None
    is_fail: bool = False


Bands = Annotated[list[BandIn], Field(max_length=30)]


class SchemeIn(In):
    """The next version of a scheme."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    scope_key: Annotated[str, Field(max_length=60)] = "institution"
    bands: Bands


class SchemePatch(In):
    """Its bands."""

    bands: Bands


class SchemeFilters(Paging):
    """Filters of the list."""

    status: Annotated[SchemeStatus, any_case] | None = None
    scope_key: Annotated[str, Field(max_length=60)] = ""


ORDERINGS = ("name", "number", "status", "id")
PATH = "/grade-schemes/"


def _listed(request: HttpRequest, filters: SchemeFilters) -> Any:
    found = queries.visible_to(actor=actor(request))
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.scope_key:
        found = found.filter(scope_key=filters.scope_key)
    if filters.search:
        found = found.filter(name__icontains=filters.search)
    return ordered(found, filters.ordering or "name,-number", ORDERINGS)


@routes.get(PATH, response=Page[SchemeOut], **needs(Perm.EXAM_VIEW))
def list_schemes(request: HttpRequest, filters: Query[SchemeFilters]) -> Any:
    """Every version of every scheme."""
    return page_of(request, _listed(request, filters), filters)


@routes.get(f"{PATH}export/", response=None, **needs(Perm.EXAM_VIEW))
def export_schemes(request: HttpRequest, filters: Query[SchemeFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.name,
        "number": lambda row: row.number,
        "scope_key": lambda row: row.scope_key,
        "status": lambda row: row.status,
        "bands": lambda row: ", ".join(f"{each.letter} {each.min_percent}" for each in row.bands.all()),
    }
    return export(_listed(request, filters), wanted, name="grade_schemes", columns=columns)


@routes.post(PATH, response={201: SchemeOut}, **needs(Perm.SCHEME_MANAGE))
def create_scheme(request: HttpRequest, body: SchemeIn, response: HttpResponse) -> Any:
    """Draft the next version of a scheme."""
    made = actions.create(**body.dict(), by=actor(request))
    return created(_shown(request, made.pk, response))


@routes.get(PATH + "{int:pk}/", response=SchemeOut, **needs(Perm.EXAM_VIEW))
def get_scheme(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One version."""
    return _shown(request, pk, response)


@routes.patch(PATH + "{int:pk}/", response=SchemeOut, **needs(Perm.SCHEME_MANAGE))
def update_scheme(request: HttpRequest, pk: Id, body: SchemePatch, response: HttpResponse) -> Any:
    """Replace the bands of a draft."""
    bands = [each.dict() for each in body.bands]
    actions.update(pk=pk, version=expected_version(request), bands=bands, by=actor(request))
    return _shown(request, pk, response)


@routes.post(PATH + "{int:pk}/moves/activate/", response=SchemeOut, **needs(Perm.SCHEME_MANAGE))
def activate_scheme(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """Make a draft active; it never changes again."""
    actions.activate(pk=pk, version=expected_version(request), by=actor(request))
    return _shown(request, pk, response)


@routes.delete(PATH + "{int:pk}/", response={204: None}, **needs(Perm.SCHEME_MANAGE))
def delete_scheme(request: HttpRequest, pk: Id) -> Any:
    """Delete a draft."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


def _shown(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    found = rows.one(queries.visible_to(actor=actor(request)), pk)
    versioned(response, found.version)
    return found
