"""Routes of departments."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.directory.actions import departments as actions
from maristan.directory.api.shapes import Code, DepartmentKind, Name
from maristan.directory.queries import places as queries
from maristan.directory.queries import settings
from maristan.directory.rules import states
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
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()


class DepartmentOut(Out):
    """One node of the tree."""

    id: int
    kind: str
    code: str
    name: str
    parent: int | None = Field(alias="parent_id")
    description: str
    head: int | None = Field(alias="head_id")
    head_name: str | None = None
    person_count: int
    is_active: bool
    version: int
    children: "list[DepartmentOut] | None" = Field(None, alias="below")

    @staticmethod
    def resolve_head_name(row: Any) -> str | None:
        """None while nobody heads it."""
        return row.head.name if row.head_id else None


class DepartmentIn(In):
    """A new department."""

    kind: DepartmentKind = states.DepartmentKind.DEPARTMENT
    code: Code
    name: Name
    parent: Id | None = None
    description: Annotated[str, Field(max_length=5000)] = ""
    head: Id | None = None
    is_active: bool = True


class DepartmentPatch(In):
    """The fields to change."""

    kind: DepartmentKind = states.DepartmentKind.DEPARTMENT
    code: Code = ""
    name: Name = ""
    parent: Id | None = None
    description: Annotated[str, Field(max_length=5000)] = ""
    head: Id | None = None
    is_active: bool = True


class DepartmentFilters(Paging):
    """Filters of the list; `tree` gives roots with those below them instead of a page."""

    tree: bool = False
    kind: DepartmentKind | None = None
    is_active: bool | None = None


def _listed(request: HttpRequest, filters: DepartmentFilters) -> Any:
    found = queries.with_people(queries.departments(actor=actor(request)), settings.local_today())
    for field in ("kind", "is_active"):
        if getattr(filters, field) is not None:
            found = found.filter(**{field: getattr(filters, field)})
    if filters.search:
        found = queries.named(found, filters.search)
    return ordered(found, filters.ordering or "name", ("name", "code", "kind", "id"))


def _one(request: HttpRequest, pk: int, response: HttpResponse) -> Any:
    shown = queries.with_people(queries.departments(actor=actor(request)), settings.local_today())
    found = rows.one(shown, pk)
    versioned(response, found.version)
    return found


@routes.get("/departments/", response=Page[DepartmentOut], **needs(Perm.DEPARTMENT_VIEW))
def list_departments(request: HttpRequest, filters: Query[DepartmentFilters]) -> Any:
    """Departments of the institution."""
    found = _listed(request, filters)
    return rows.tree(found) if filters.tree else page_of(request, found, filters)


@routes.get("/departments/export/", response=None, **needs(Perm.DEPARTMENT_VIEW))
def export_departments(request: HttpRequest, filters: Query[DepartmentFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {"code": lambda row: row.code, "name": lambda row: row.name, "kind": lambda row: row.kind}
    return export(_listed(request, filters), wanted, name="departments", columns=columns)


@routes.post("/departments/", response={201: DepartmentOut}, **needs(Perm.DEPARTMENT_MANAGE))
def create_department(request: HttpRequest, body: DepartmentIn, response: HttpResponse) -> Any:
    """Enter a department."""
    made = actions.create(values=body.dict(), by=actor(request))
    return created(_one(request, made.pk, response))


@routes.get("/departments/{int:pk}/", response=DepartmentOut, **needs(Perm.DEPARTMENT_VIEW))
def get_department(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One department."""
    return _one(request, pk, response)


@routes.patch("/departments/{int:pk}/", response=DepartmentOut, **needs(Perm.DEPARTMENT_MANAGE))
def update_department(request: HttpRequest, pk: Id, body: DepartmentPatch, response: HttpResponse) -> Any:
    """Change a department."""
    version = expected_version(request)
    actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    return _one(request, pk, response)


@routes.delete("/departments/{int:pk}/", response={204: None}, **needs(Perm.DEPARTMENT_MANAGE))
def delete_department(request: HttpRequest, pk: Id) -> Any:
    """Delete a department that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()
