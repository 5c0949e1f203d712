"""Routes of the types of request."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import AfterValidator, Field

from maristan.academics.actions import request_types as actions
from maristan.academics.api.shapes import narrowed
from maristan.academics.queries import requests as queries
from maristan.academics.queries.structure import matching
from maristan.academics.rules.requests import HANDLER_ROLES
from maristan.academics.rules.states import Perm
from maristan.kernel import rows
from maristan.kernel.access import Role
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


def _that_handles(role: Role) -> Role:
    if role not in HANDLER_ROLES:
        raise ValueError("Requests are not served by this role.")
    return role


TypeCode = Annotated[str, any_case, Field(max_length=40, pattern="^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
TypeName = Annotated[str, Field(min_length=1, max_length=120)]
HandlerRole = Annotated[Role, any_case, AfterValidator(_that_handles)]


class RequestTypeOut(Out):
    """Something people may ask for, and the role that serves it."""

    id: int
    code: str
    name: str
    handler_role: str
    requires_attachment: bool
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class RequestTypeIn(In):
    """A new type."""

    code: TypeCode
    name: TypeName
    handler_role: HandlerRole
    requires_attachment: bool = False
    is_active: bool = True


class RequestTypePatch(In):
    """The fields to change."""

    code: TypeCode = ""
    name: TypeName = ""
    handler_role: HandlerRole = Role.REGISTRAR
    requires_attachment: bool = False
    is_active: bool = True


class RequestTypeFilters(Paging):
    """Filters of the list."""

    is_active: bool | None = None
    handler_role: Annotated[Role, any_case] | None = None


def _listed(request: HttpRequest, filters: RequestTypeFilters) -> Any:
    found = narrowed(
        queries.request_types(actor=actor(request)), filters, is_active="is_active", handler_role="handler_role"
    )
    allowed = ("name", "code", "handler_role", "is_active", "id")
    return ordered(matching(found, filters.search), filters.ordering or "name", allowed)


def _one(found: Any, response: HttpResponse) -> Any:
    versioned(response, found.version)
    return found


@routes.get("/request-types/", response=Page[RequestTypeOut], **needs(Perm.REQUEST_TYPE_VIEW))
def list_request_types(request: HttpRequest, filters: Query[RequestTypeFilters]) -> Any:
    """What people may ask for."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/request-types/export/", response=None, **needs(Perm.REQUEST_TYPE_VIEW))
def export_request_types(request: HttpRequest, filters: Query[RequestTypeFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "code": lambda row: row.code,
        "name": lambda row: row.name,
        "handler_role": lambda row: row.handler_role,
        "requires_attachment": lambda row: row.requires_attachment,
        "is_active": lambda row: row.is_active,
    }
    return export(_listed(request, filters), wanted, name="request_types", columns=columns)


@routes.post("/request-types/", response={201: RequestTypeOut}, **needs(Perm.REQUEST_TYPE_MANAGE))
def create_request_type(request: HttpRequest, body: RequestTypeIn, response: HttpResponse) -> Any:
    """Enter a type of request."""
    return created(_one(actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/request-types/{int:pk}/", response=RequestTypeOut, **needs(Perm.REQUEST_TYPE_VIEW))
def get_request_type(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One type."""
    return _one(rows.one(queries.request_types(actor=actor(request)), pk), response)


@routes.patch("/request-types/{int:pk}/", response=RequestTypeOut, **needs(Perm.REQUEST_TYPE_MANAGE))
def update_request_type(request: HttpRequest, pk: Id, body: RequestTypePatch, response: HttpResponse) -> Any:
    """Change a type."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.delete("/request-types/{int:pk}/", response={204: None}, **needs(Perm.REQUEST_TYPE_MANAGE))
def delete_request_type(request: HttpRequest, pk: Id) -> Any:
    """Delete a type nobody used."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()
