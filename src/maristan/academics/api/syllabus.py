"""Routes of the syllabus."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.academics.actions import syllabus as actions
from maristan.academics.api.shapes import Name, narrowed
from maristan.academics.queries import syllabus as queries
from maristan.academics.rules.states import Perm
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
Code = Annotated[str, Field(max_length=40)]
Text = Annotated[str, Field(max_length=10_000)]
Order = Annotated[int, Field(ge=0, le=1_000_000)]
Minutes = Annotated[int, Field(ge=1, le=100_000)]


class ItemOut(Out):
    """One thing to be taught; `planned_minutes` is the time meant for it."""

    id: int
    academic_period: int | None = Field(alias="academic_period_id")
    academic_period_name: str | None = Field(alias="academic_period.name", default=None)
    course: int | None = Field(alias="course_id")
    course_code: str | None = Field(alias="course.code", default=None)
    course_name: str | None = Field(alias="course.name", default=None)
    code: str
    title: str
    description: str
    learning_objectives: str
    order_no: int
    planned_minutes: int | None
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ItemIn(In):
    """A new item, of a period, a course, or both; without an order it is the last."""

    academic_period: Id | None = None
    course: Id | None = None
    code: Code = ""
    title: Name
    description: Text = ""
    learning_objectives: Text = ""
    order_no: Order | None = None
    planned_minutes: Minutes | None = None
    is_active: bool = True


class ItemPatch(In):
    """The fields to change."""

    academic_period: Id | None = None
    course: Id | None = None
    code: Code = ""
    title: Name = "-"
    description: Text = ""
    learning_objectives: Text = ""
    order_no: Order = 0
    planned_minutes: Minutes | None = None
    is_active: bool = True


class Place(In):
    """An item and its place."""

    id: Id
    order_no: Order


class ReorderIn(In):
    """Items and their places, all or none."""

    items: Annotated[list[Place], Field(max_length=1000)]


class ReorderedOut(Out):
    """How many items moved."""

    success: bool
    updated: int


class ItemFilters(Paging):
    """Filters of the list."""

    academic_period: Id | None = None
    course: Id | None = None
    is_active: bool | None = None


def _listed(request: HttpRequest, filters: ItemFilters) -> Any:
    found = queries.matching(queries.items(actor=actor(request)), filters.search)
    found = narrowed(found, filters, academic_period="academic_period_id", course="course_id", is_active="is_active")
    return ordered(found, filters.ordering or "order_no", ("order_no", "code", "title", "planned_minutes", "id"))


def _one(item: Any, response: HttpResponse) -> Any:
    versioned(response, item.version)
    return item


@routes.get("/syllabus-items/", response=Page[ItemOut], **needs(Perm.SYLLABUS_VIEW))
def list_syllabus_items(request: HttpRequest, filters: Query[ItemFilters]) -> Any:
    """What is to be taught, in its order."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/syllabus-items/export/", response=None, **needs(Perm.SYLLABUS_VIEW))
def export_syllabus_items(request: HttpRequest, filters: Query[ItemFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "order_no": lambda row: row.order_no,
        "code": lambda row: row.code,
        "title": lambda row: row.title,
        "academic_period": lambda row: row.academic_period.name if row.academic_period else "",
        "course": lambda row: row.course.code if row.course else "",
        "planned_minutes": lambda row: row.planned_minutes,
        "learning_objectives": lambda row: row.learning_objectives,
        "is_active": lambda row: row.is_active,
    }
    return export(_listed(request, filters), wanted, name="syllabus_items", columns=columns)


@routes.post("/syllabus-items/", response={201: ItemOut}, **needs(Perm.SYLLABUS_MANAGE))
def create_syllabus_item(request: HttpRequest, body: ItemIn, response: HttpResponse) -> Any:
    """Enter an item."""
    values = {field: value for field, value in body.dict().items() if (field, value) != ("order_no", None)}
    return created(_one(actions.create(values=values, by=actor(request)), response))


@routes.post("/syllabus-items/reorder/", response=ReorderedOut, **needs(Perm.SYLLABUS_MANAGE))
def reorder_syllabus_items(request: HttpRequest, body: ReorderIn) -> Any:
    """Give items their places."""
    places = [(each.id, each.order_no) for each in body.items]
    return {"success": True, "updated": actions.reorder(items=places, by=actor(request))}


@routes.get("/syllabus-items/{int:pk}/", response=ItemOut, **needs(Perm.SYLLABUS_VIEW))
def get_syllabus_item(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One item."""
    return _one(rows.one(queries.items(actor=actor(request)), pk), response)


@routes.patch("/syllabus-items/{int:pk}/", response=ItemOut, **needs(Perm.SYLLABUS_MANAGE))
def update_syllabus_item(request: HttpRequest, pk: Id, body: ItemPatch, response: HttpResponse) -> Any:
    """Change an item."""
    values, version = body.dict(exclude_unset=True), expected_version(request)
    return _one(actions.update(pk=pk, version=version, values=values, by=actor(request)), response)


@routes.delete("/syllabus-items/{int:pk}/", response={204: None}, **needs(Perm.SYLLABUS_MANAGE))
def delete_syllabus_item(request: HttpRequest, pk: Id) -> Any:
    """Delete an item that no session teaches."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()
