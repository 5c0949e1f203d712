"""Routes of contacts."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.directory.actions import contacts as actions
from maristan.directory.api.shapes import ContactKind
from maristan.directory.queries import contacts as queries
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
Value = Annotated[str, Field(min_length=1, max_length=254)]
Label = Annotated[str, Field(max_length=60)]


class ContactOut(Out):
    """A phone number in E.164, or an address in lower case."""

    id: int
    person: int = Field(alias="person_id")
    kind: str
    value: str
    label: str
    is_primary: bool
    is_verified: bool


class ContactIn(In):
    """A contact to be entered."""

    person: Id
    kind: ContactKind
    value: Value
    label: Label = ""
    is_primary: bool = False


class ContactPatch(In):
    """The fields to change."""

    value: Value = ""
    label: Label = ""
    is_primary: bool = False


class ContactFilters(Paging):
    """Filters of the list."""

    person: Id | None = None
    kind: ContactKind | None = None


def _listed(request: HttpRequest, filters: ContactFilters) -> Any:
    found = queries.visible_to(actor=actor(request)).filter(value__icontains=filters.search)
    if filters.person is not None:
        found = found.filter(person_id=filters.person)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return ordered(found, filters.ordering or "id", ("kind", "value", "id"))


@routes.get("/contact-info/", response=Page[ContactOut], **needs(Perm.CONTACT_VIEW))
def list_contacts(request: HttpRequest, filters: Query[ContactFilters]) -> Any:
    """Contacts of people."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/contact-info/export/", response=None, **needs(Perm.CONTACT_VIEW))
def export_contacts(request: HttpRequest, filters: Query[ContactFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "name": lambda row: row.person.name,
        "kind": lambda row: row.kind,
        "value": lambda row: row.value,
        "label": lambda row: row.label,
    }
    found = _listed(request, filters).select_related("person")
    return export(found, wanted, name="contacts", columns=columns)


@routes.post("/contact-info/", response={201: ContactOut}, **needs(Perm.CONTACT_EDIT))
def create_contact(request: HttpRequest, body: ContactIn) -> Any:
    """Enter a contact."""
    return created(actions.create(values=body.dict(), by=actor(request)))


@routes.get("/contact-info/{int:pk}/", response=ContactOut, **needs(Perm.CONTACT_VIEW))
def get_contact(request: HttpRequest, pk: Id) -> Any:
    """One contact."""
    return rows.one(queries.visible_to(actor=actor(request)), pk)


@routes.patch("/contact-info/{int:pk}/", response=ContactOut, **needs(Perm.CONTACT_EDIT))
def update_contact(request: HttpRequest, pk: Id, body: ContactPatch) -> Any:
    """Change a contact."""
    return actions.update(pk=pk, values=body.dict(exclude_unset=True), by=actor(request))


@routes.delete("/contact-info/{int:pk}/", response={204: None}, **needs(Perm.CONTACT_EDIT))
def delete_contact(request: HttpRequest, pk: Id) -> Any:
    """Delete a contact."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


@routes.post("/contact-info/{int:pk}/moves/verify/", response=ContactOut, **needs(Perm.IDENTITY_VERIFY))
def verify_contact(request: HttpRequest, pk: Id) -> Any:
    """Say that the person is reached there."""
    return actions.verify(pk=pk, by=actor(request))
