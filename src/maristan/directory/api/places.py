"""Routes of places and of what rooms can have."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.directory.actions import places as actions
from maristan.directory.api.shapes import Code, Name, PlaceKind
from maristan.directory.queries import places as queries
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
Seats = Annotated[int, Field(ge=0, le=100_000)]
FeatureCode = Annotated[str, any_case, Field(pattern="^[a-z0-9_-]{1,40}$")]
FeatureName = Annotated[str, Field(min_length=1, max_length=120)]


class FeatureOut(Out):
    """Something a room can have."""

    id: int
    code: str
    name: str


class FeatureIn(In):
    """Something a room can have, to be entered."""

    code: FeatureCode
    name: FeatureName


class FeaturePatch(In):
    """The fields to change."""

    code: FeatureCode = ""
    name: FeatureName = ""


class PlaceOut(Out):
    """One node of the tree."""

    id: int
    kind: str
    parent: int | None = Field(alias="parent_id")
    name: str
    code: str
    capacity: int | None
    exam_capacity: int | None
    features: list[FeatureOut]
    department: int | None = Field(alias="department_id")
    department_name: str | None = None
    is_bookable: bool
    is_active: bool
    version: int
    children: "list[PlaceOut] | None" = Field(None, alias="below")

    @staticmethod
    def resolve_department_name(row: Any) -> str | None:
        """None for what no department owns."""
        return row.department.name if row.department_id else None


class PlacePatch(In):
    """The fields to change; `features` by id."""

    kind: PlaceKind = states.PlaceKind.ROOM
    parent: Id | None = None
    name: Name = ""
    code: Code = ""
    capacity: Seats | None = None
    exam_capacity: Seats | None = None
    features: Annotated[list[Id], Field(max_length=100)] = []
    department: Id | None = None
    is_bookable: bool = True
    is_active: bool = True


class PlaceIn(PlacePatch):
    """A place to be entered."""

    kind: PlaceKind
    name: Name
    code: Code


class PlaceFilters(Paging):
    """Filters of the list; `tree` gives roots with those below them instead of a page, `feature` is a code."""

    tree: bool = False
    kind: PlaceKind | None = None
    is_active: bool | None = None
    is_bookable: bool | None = None
    department: Id | None = None
    capacity_min: Seats | None = None
    feature: Annotated[str, Field(max_length=40)] = ""


EXACT = {"kind": "kind", "is_active": "is_active", "is_bookable": "is_bookable", "department": "department_id",
         "capacity_min": "capacity__gte"}  # fmt: skip


def _listed(request: HttpRequest, filters: PlaceFilters) -> Any:
    found = queries.places(actor=actor(request))
    for name, lookup in EXACT.items():
        if getattr(filters, name) is not None:
            found = found.filter(**{lookup: getattr(filters, name)})
    if filters.feature:
        found = queries.with_feature(found, filters.feature)
    if filters.search:
        found = queries.named(found, filters.search)
    return ordered(found, filters.ordering or "name", ("name", "code", "kind", "capacity", "id"))


@routes.get("/places/", response=Page[PlaceOut], **needs(Perm.PLACE_VIEW))
def list_places(request: HttpRequest, filters: Query[PlaceFilters]) -> Any:
    """Places of the institution."""
    found = _listed(request, filters)
    return rows.tree(found) if filters.tree else page_of(request, found, filters)


@routes.get("/places/export/", response=None, **needs(Perm.PLACE_VIEW))
def export_places(request: HttpRequest, filters: Query[PlaceFilters], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {
        "code": lambda row: row.code,
        "name": lambda row: row.name,
        "kind": lambda row: row.kind,
        "capacity": lambda row: row.capacity,
        "features": lambda row: ", ".join(feature.code for feature in row.features.all()),
        "is_active": lambda row: row.is_active,
    }
    return export(_listed(request, filters), wanted, name="places", columns=columns)


@routes.post("/places/", response={201: PlaceOut}, **needs(Perm.PLACE_MANAGE))
def create_place(request: HttpRequest, body: PlaceIn, response: HttpResponse) -> Any:
    """Enter a place."""
    made = actions.create(values=body.dict(), by=actor(request))
    versioned(response, made.version)
    return created(made)


@routes.get("/places/{int:pk}/", response=PlaceOut, **needs(Perm.PLACE_VIEW))
def get_place(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One place."""
    found = rows.one(queries.places(actor=actor(request)), pk)
    versioned(response, found.version)
    return found


@routes.patch("/places/{int:pk}/", response=PlaceOut, **needs(Perm.PLACE_MANAGE))
def update_place(request: HttpRequest, pk: Id, body: PlacePatch, response: HttpResponse) -> Any:
    """Change a place."""
    version = expected_version(request)
    found = actions.update(pk=pk, version=version, values=body.dict(exclude_unset=True), by=actor(request))
    versioned(response, found.version)
    return found


@routes.delete("/places/{int:pk}/", response={204: None}, **needs(Perm.PLACE_MANAGE))
def delete_place(request: HttpRequest, pk: Id) -> Any:
    """Delete a place that nothing refers to."""
    actions.delete(pk=pk, version=expected_version(request), by=actor(request))
    return no_content()


def _features(request: HttpRequest, filters: Paging) -> Any:
    found = queries.room_features(actor=actor(request)).filter(name__icontains=filters.search)
    return ordered(found, filters.ordering or "name", ("name", "code", "id"))


@routes.get("/room-features/", response=Page[FeatureOut], **needs(Perm.PLACE_VIEW))
def list_features(request: HttpRequest, filters: Query[Paging]) -> Any:
    """What rooms can have."""
    return page_of(request, _features(request, filters), filters)


@routes.get("/room-features/export/", response=None, **needs(Perm.PLACE_VIEW))
def export_features(request: HttpRequest, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    columns = {"code": lambda row: row.code, "name": lambda row: row.name}
    return export(_features(request, filters), wanted, name="room-features", columns=columns)


@routes.post("/room-features/", response={201: FeatureOut}, **needs(Perm.PLACE_MANAGE))
def create_feature(request: HttpRequest, body: FeatureIn) -> Any:
    """Enter something a room can have."""
    return created(actions.create_feature(values=body.dict(), by=actor(request)))


@routes.get("/room-features/{int:pk}/", response=FeatureOut, **needs(Perm.PLACE_VIEW))
def get_feature(request: HttpRequest, pk: Id) -> Any:
    """Something a room can have."""
    return rows.one(queries.room_features(actor=actor(request)), pk)


@routes.patch("/room-features/{int:pk}/", response=FeatureOut, **needs(Perm.PLACE_MANAGE))
def update_feature(request: HttpRequest, pk: Id, body: FeaturePatch) -> Any:
    """Rename something a room can have."""
    return actions.update_feature(pk=pk, values=body.dict(exclude_unset=True), by=actor(request))


@routes.delete("/room-features/{int:pk}/", response={204: None}, **needs(Perm.PLACE_MANAGE))
def delete_feature(request: HttpRequest, pk: Id) -> Any:
    """Delete something a room can have."""
    actions.delete_feature(pk=pk, by=actor(request))
    return no_content()
