"""Routes of addresses."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.directory.actions import addresses as actions
from maristan.directory.api.shapes import AddressKind, CountryCode
from maristan.directory.queries import addresses as queries
from maristan.directory.rules.states import Perm
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

routes = Routes()
Street = Annotated[str, Field(min_length=1, max_length=255)]
Part = Annotated[str, Field(max_length=120)]
PostalCode = Annotated[str, Field(max_length=20)]


class AddressOut(Out):
    """Where a person lives, works or takes mail; the country by ISO alpha-2."""

    id: int
    person: int = Field(alias="person_id")
    kind: str
    street: str
    city: str
    state: str
    postal_code: str
    country: str
    is_primary: bool


class AddressIn(In):
    """An address to be entered, in the institution's country unless another is named."""

    person: Id
    kind: AddressKind
    street: Street
    city: Part = ""
    state: Part = ""
    postal_code: PostalCode = ""
    country: CountryCode = ""
    is_primary: bool = False


class AddressPatch(In):
    """The fields to change."""

    street: Street = ""
    city: Part = ""
    state: Part = ""
    postal_code: PostalCode = ""
    country: CountryCode = ""
    is_primary: bool = False


class AddressFilters(Paging):
    """Filters of the list."""

    person: Id | None = None
    kind: AddressKind | None = None


def _listed(request: HttpRequest, filters: AddressFilters) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    if filters.person is not None:
        found = found.filter(person_id=filters.person)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return ordered(found, filters.ordering or "id", ("kind", "city", "country", "id"))


@routes.get("/addresses/", response=Page[AddressOut], **needs(Perm.CONTACT_VIEW))
def list_addresses(request: HttpRequest, filters: Query[AddressFilters]) -> Any:
    """Addresses of people."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/addresses/export/", response=None, **needs(Perm.CONTACT_VIEW))
def export_addresses(request: HttpRequest, filters: Query[AddressFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "kind": lambda row: row.kind,
        "street": lambda row: row.street,
        "city": lambda row: row.city,
        "state": lambda row: row.state,
        "postal_code": lambda row: row.postal_code,
        "country": lambda row: row.country,
    }
    return export(_listed(request, filters), wanted, name="addresses", columns=columns)


@routes.post("/addresses/", response={201: AddressOut}, **needs(Perm.CONTACT_EDIT))
def create_address(request: HttpRequest, body: AddressIn) -> Any:
    """Enter an address."""
    return created(actions.create(values=body.dict(), by=actor(request)))


@routes.get("/addresses/{int:pk}/", response=AddressOut, **needs(Perm.CONTACT_VIEW))
def get_address(request: HttpRequest, pk: Id) -> Any:
    """One address."""
    return rows.one(queries.visible_to(actor=actor(request)), pk)


@routes.patch("/addresses/{int:pk}/", response=AddressOut, **needs(Perm.CONTACT_EDIT))
def update_address(request: HttpRequest, pk: Id, body: AddressPatch) -> Any:
    """Change an address."""
    return actions.update(pk=pk, values=body.dict(exclude_unset=True), by=actor(request))


@routes.delete("/addresses/{int:pk}/", response={204: None}, **needs(Perm.CONTACT_EDIT))
def delete_address(request: HttpRequest, pk: Id) -> Any:
    """Delete an address."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()
